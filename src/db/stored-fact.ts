import { z } from 'zod';
import type { LedgerFact } from '#domain/facts.ts';

const amount = z
  .string()
  .regex(/^-?\d+$/)
  .transform(BigInt);
const names = z.array(z.string());

const StoredFact = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('invoice'),
    name: z.string(),
    customer: z.string(),
    subscription: z.string().nullable(),
    submitted: z.boolean(),
    isReturn: z.boolean(),
    returnAgainst: z.string().nullable(),
    issuedOn: z.string().optional(),
    dueDate: z.string(),
    total: amount,
    outstanding: amount,
    paidAtOnce: amount.optional(),
    writtenOff: amount.optional(),
    terms: z.array(z.object({ dueDate: z.string(), amount })),
    items: names,
  }),
  z.object({
    kind: z.literal('receipt'),
    name: z.string(),
    customer: z.string(),
    submitted: z.boolean(),
    unallocated: amount,
    amount: amount.optional(),
    paidOn: z.string().optional(),
    cancelled: z.boolean().optional(),
    credited: amount.optional(),
    ref: z.string().optional(),
    pays: names,
  }),
  z.object({
    kind: z.literal('refund'),
    name: z.string(),
    customer: z.string(),
    submitted: z.boolean(),
    amount,
    paidOn: z.string(),
  }),
  z.object({
    kind: z.literal('subscription'),
    name: z.string(),
    customer: z.string(),
    cancelled: z.boolean(),
    plans: names,
    billingMode: z.enum(['prepaid', 'postpaid']).nullable(),
    dueDay: z.number().nullable(),
    username: z.string().nullable(),
  }),
  z.object({
    kind: z.literal('customer'),
    name: z.string(),
    customerName: z.string(),
    phone: z.string().nullable(),
    email: z.string().nullable(),
    address: z.string().nullable(),
    disabled: z.boolean(),
  }),
  z.object({
    kind: z.literal('journal'),
    name: z.string(),
    customer: z.string(),
    submitted: z.boolean(),
    pays: names,
    postedOn: z.string().optional(),
    isMoney: z.boolean().optional(),
    moves: z.array(z.object({ customer: z.string(), amount })).optional(),
  }),
  z.object({ kind: z.literal('plan'), name: z.string(), item: z.string(), cost: amount }),
]);

/** A fact as the bridge stores it: JSON with amounts as decimal text, keys sorted, so that equal facts are equal text. */
export const encodeFact = (fact: LedgerFact): string =>
  JSON.stringify(fact, (_key, value: unknown) => {
    if (typeof value === 'bigint') return value.toString();
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  });

/** Throws when the stored JSON is not a fact: that is damage, not a state to go on from. */
export const decodeFact = (stored: unknown): LedgerFact => StoredFact.parse(stored);
