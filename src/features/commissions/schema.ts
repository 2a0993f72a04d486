import { z } from '@hono/zod-openapi';
import { commissionOccasions } from '#domain/commission.ts';
import { PageQuery, pageOf } from '#platform/routing.ts';
import { filledText, storedText } from '#platform/stored-text.ts';

const uuid = z.uuid();
const most = Number.MAX_SAFE_INTEGER;
const money = z.int().openapi({ description: 'In the minor unit' });
/** The day after it has to be a day of four digits as well. */
const day = z.iso.date().refine((text) => text < '9999', 'is too far ahead');
const month = z.string().regex(/^20\d{2}-(0[1-9]|1[0-2])$/, 'must be a month such as 2026-11');
const [reseller, plan] = ['0b8e2f7a-0f5a-4b8e-9c1d-6f2a7d3b9e01', '5e1f9c04-7a3b-4a57-8f3e-2d6c0b9a4f12'];
const [ruleId, payoutId] = ['7c9e6679-7425-40de-944b-e07fc1f90ae7', '3d813cbb-47fb-42ba-91df-831e1593ac29'];

const value = z
  .int()
  .min(0)
  .max(most)
  .openapi({ description: 'Of `percent` basis points (500 = 5 %), of `fixed` minor units for each bill' });
const Tier = z.strictObject({
  from: z.int().min(1).max(1_000_000).openapi({ description: 'From so many living customers on' }),
  value,
});

/** Each number of customers once, in order. */
const tiers = z
  .array(Tier)
  .max(10)
  .refine((list) => list.every((one, n) => n === 0 || (list[n - 1]?.from ?? 0) < one.from), 'must rise by `from`');

export const NewRule = z
  .strictObject({
    reseller_id: uuid.nullable().default(null).openapi({ description: 'Null: all resellers' }),
    service_plan_id: uuid.nullable().default(null).openapi({ description: 'Null: all plans' }),
    occasion: z.enum(commissionOccasions).openapi({
      description: "A customer's first payment, all later ones, or both",
    }),
    kind: z.enum(['percent', 'fixed']),
    value,
    tiers: tiers.default([]),
    valid_from: day.optional().openapi({ description: 'Left out: today. Never before today' }),
    valid_to: day.nullable().default(null).openapi({ description: 'The last day; null: it goes on' }),
    notes: storedText(500).default(''),
  })
  .superRefine(({ kind, value: own, tiers: list }, context) => {
    if (kind !== 'percent') return;
    const wrong = [own, ...list.map((tier) => tier.value)].some((bp) => bp > 10_000);
    if (wrong) context.addIssue({ code: 'custom', path: ['value'], message: 'must be at most 10000 basis points' });
  })
  .openapi('NewCommissionRule', {
    example: {
      reseller_id: reseller,
      occasion: 'recurring',
      kind: 'percent',
      value: 500,
      tiers: [{ from: 50, value: 750 }],
    },
  });
export type NewRule = z.infer<typeof NewRule>;

export const RuleChange = z
  .strictObject({ valid_to: day.nullable(), notes: storedText(500) })
  .partial()
  .openapi('CommissionRuleChange', { example: { valid_to: '2026-12-31' } });
export type RuleChange = z.infer<typeof RuleChange>;

export const Rule = z
  .object({
    id: uuid,
    reseller_id: uuid.nullable(),
    service_plan_id: uuid.nullable(),
    occasion: z.enum(commissionOccasions),
    kind: z.enum(['percent', 'fixed']),
    value: z.int(),
    tiers: z.array(z.object({ from: z.int(), value: z.int() })),
    valid_from: z.string(),
    valid_to: z.string().nullable(),
    notes: z.string(),
    created_at: z.iso.datetime(),
  })
  .openapi('CommissionRule', {
    example: {
      ...{
        id: ruleId,
        reseller_id: reseller,
        service_plan_id: null,
        occasion: 'recurring',
        kind: 'percent',
        value: 500,
      },
      ...{ tiers: [{ from: 50, value: 750 }], valid_from: '2026-11-01', valid_to: null, notes: '' },
      created_at: '2026-11-01T02:00:00.000Z',
    },
  });
export type Rule = z.infer<typeof Rule>;
export const RulePage = pageOf(Rule).openapi('CommissionRulePage');
export const RuleQuery = PageQuery.omit({ search: true }).extend({
  reseller_id: uuid.optional(),
  service_plan_id: uuid.optional(),
  occasion: z.enum(commissionOccasions).optional(),
});
export type RuleQuery = z.infer<typeof RuleQuery>;

export const Commission = z
  .object({
    id: uuid,
    at: z.iso.datetime(),
    earned_on: z.string(),
    reseller_id: uuid,
    source: z.string().openapi({ description: 'The payment; where ERPNext is the ledger, its Payment Entry' }),
    customer_id: uuid,
    customer_name: z.string().nullable(),
    service_plan_id: uuid.nullable(),
    service_plan_name: z.string().nullable(),
    base: money.openapi({ description: 'Of how much it was reckoned, without tax' }),
    amount: money.openapi({ description: 'Below zero: taken back, because the payment was' }),
    payout_id: uuid.nullable(),
    paid: z.boolean(),
  })
  .openapi('Commission', {
    example: {
      ...{ id: ruleId, at: '2026-11-21T03:00:00.000Z', earned_on: '2026-11-21', reseller_id: reseller },
      ...{ source: payoutId, customer_id: plan, customer_name: 'Budi', service_plan_id: plan },
      ...{ service_plan_name: 'Home 10', base: 150_000, amount: 7_500, payout_id: null, paid: false },
    },
  });
export type Commission = z.infer<typeof Commission>;
export const CommissionPage = pageOf(Commission).openapi('CommissionPage');
export const OwnQuery = PageQuery.omit({ search: true }).extend({
  month: month.optional(),
  customer_id: uuid.optional(),
  payout_id: uuid.optional(),
});
export type OwnQuery = z.infer<typeof OwnQuery>;
export const CommissionQuery = OwnQuery.extend({ reseller_id: uuid.optional() });
export type CommissionQuery = z.infer<typeof CommissionQuery>;

export const Summary = z
  .object({
    owed: money.openapi({ description: 'Earned and not paid yet; below zero it is taken off the next payout' }),
    paid: money,
    this_month: money,
    months: z.array(z.object({ month, earned: money, taken_back: money, paid: money })).openapi({
      description: 'The last twelve, the oldest first; `taken_back` is at most zero',
    }),
  })
  .openapi('CommissionSummary', {
    example: {
      ...{ owed: 125_000, paid: 900_000, this_month: 125_000 },
      months: [{ month: '2026-11', earned: 132_500, taken_back: -7_500, paid: 110_000 }],
    },
  });
export type Summary = z.infer<typeof Summary>;

const payoutStates = ['draft', 'approved', 'paid', 'cancelled'] as const;
export const NewPayouts = z
  .strictObject({
    until: day.openapi({ description: 'What was earned up to this day; not after today' }),
    reseller_id: uuid.nullable().default(null).openapi({ description: 'Null: all resellers' }),
  })
  .openapi('NewCommissionPayouts', { example: { until: '2026-10-31', reseller_id: null } });
export type NewPayouts = z.infer<typeof NewPayouts>;

const payoutMethods = ['transfer', 'cash', 'deposit', 'salary'] as const;
export const Paying = z
  .strictObject({
    method: z
      .enum(payoutMethods)
      .openapi({ description: '`salary`: by the payroll of ERPNext, of who is an employee there' }),
    reference: filledText(200).nullable().default(null),
  })
  .openapi('CommissionPaying', { example: { method: 'transfer', reference: 'TRX 8812' } });
export type Paying = z.infer<typeof Paying>;

export const Payout = z
  .object({
    id: uuid,
    reseller_id: uuid,
    reseller_name: z.string(),
    until: z.string(),
    amount: money,
    state: z.enum(payoutStates),
    made_by: uuid,
    made_at: z.iso.datetime(),
    approved_by: uuid.nullable(),
    approved_at: z.iso.datetime().nullable(),
    paid_by: uuid.nullable(),
    paid_at: z.iso.datetime().nullable(),
    method: z.enum(payoutMethods).nullable(),
    reference: z.string().nullable(),
    erp_document: z.string().nullable().openapi({ description: 'Its Journal Entry or Additional Salary in ERPNext' }),
    erp_error: z.string().nullable(),
  })
  .openapi('CommissionPayout', {
    example: {
      ...{ id: payoutId, reseller_id: reseller, reseller_name: 'Toko Makmur', until: '2026-10-31', amount: 110_000 },
      ...{ state: 'paid', made_by: plan, made_at: '2026-11-01T02:00:00.000Z', approved_by: ruleId },
      ...{ approved_at: '2026-11-01T03:00:00.000Z', paid_by: ruleId, paid_at: '2026-11-01T04:00:00.000Z' },
      ...{ method: 'transfer', reference: 'TRX 8812', erp_document: 'ACC-JV-2026-00017', erp_error: null },
    },
  });
export type Payout = z.infer<typeof Payout>;
export const PayoutPage = pageOf(Payout).openapi('CommissionPayoutPage');
export const MadePayouts = z
  .object({ data: z.array(Payout) })
  .openapi('MadeCommissionPayouts', { example: { data: [] } });
export const PayoutQuery = PageQuery.omit({ search: true }).extend({
  reseller_id: uuid.optional(),
  state: z.enum(payoutStates).optional(),
});
export type PayoutQuery = z.infer<typeof PayoutQuery>;
