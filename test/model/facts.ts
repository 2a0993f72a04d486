import type { Invoice, Receipt } from '#domain/facts.ts';
import { noLimits } from '#domain/limits.ts';
import type { LineFacts, LinePolicy } from '#domain/line.ts';
import { alwaysOpen } from '#domain/no-cut.ts';

// What a decision is made from, where a test does not say otherwise: Ani's one postpaid line, and her bill of November.

export const zone = 'Asia/Jakarta';
export const policy: LinePolicy = {
  zone,
  graceDays: 0,
  evidenceMaxAgeMs: 60_000,
  noCut: alwaysOpen,
  noticeHours: 0,
};

/** Unpaid, whole, on one term. */
export function invoice(over: Partial<Invoice> = {}): Invoice {
  const total = over.total ?? 150_000n;
  const dueDate = over.dueDate ?? '2026-11-20';
  return {
    kind: 'invoice',
    name: 'INV-1',
    customer: 'Ani',
    subscription: 'SUB-1',
    submitted: true,
    isReturn: false,
    returnAgainst: null,
    dueDate,
    total,
    outstanding: total,
    terms: [{ dueDate, amount: total }],
    items: ['FIBER'],
    ...over,
  };
}

/** Money that settles nothing yet. */
export const receipt = (over: Partial<Receipt> = {}): Receipt => ({
  kind: 'receipt',
  name: 'PAY-1',
  customer: 'Ani',
  submitted: true,
  unallocated: 150_000n,
  pays: [],
  ...over,
});

/** Served, and of a ledger that nobody has read. */
export const line = (over: Partial<LineFacts> = {}): LineFacts => ({
  tenantId: '1a2b3c4d-0000-4000-8000-000000000000',
  subscriptionId: 'line-1',
  planKey: 'home',
  billingMode: 'postpaid',
  mac: null,
  reply: [],
  installed: true,
  limits: noLimits,
  activatedBefore: true,
  hold: null,
  terminated: false,
  present: 'active',
  lines: [{ subscriptionId: 'line-1', ledgerSubscription: 'SUB-1', item: 'FIBER' }],
  ledger: null,
  promise: null,
  notices: new Map(),
  isReachable: true,
  ...over,
});
