import { z } from '@hono/zod-openapi';
import type { TaxRules } from '#domain/tax.ts';

const Rate = z.strictObject({
  from: z.iso.date(),
  rate_bp: z.int().min(0).max(10_000),
  base_numerator: z.int().min(1).max(1_000),
  base_denominator: z.int().min(1).max(1_000),
});
type Rate = z.infer<typeof Rate>;

/** PPN since 2025: 12 % of 11/12 of the price. */
const ppn: Rate = { from: '2025-01-01', rate_bp: 1_200, base_numerator: 11, base_denominator: 12 };
const example = { enabled: true, inclusive: true, rates: [ppn] };

const rates = z
  .array(Rate)
  .min(1)
  .max(20)
  .refine((list) => new Set(list.map(({ from }) => from)).size === list.length, 'must begin on different days');

/** What may be written of the tax (spec L2); what is not named has its default. */
export const TaxChange = z
  .strictObject({ enabled: z.boolean(), inclusive: z.boolean().default(true), rates: rates.default([ppn]) })
  .openapi('TaxChange', { example: { enabled: true, inclusive: true } });

/** Which tax is charged, and from when by which rate: basis points of a part of the price. */
export const Tax = z
  .object({
    enabled: z.boolean().default(false),
    inclusive: z.boolean().default(true),
    rates: z.array(Rate).default([ppn]),
  })
  .openapi('Tax', { example });

/** The setting as the domain reckons with it. */
export const taxRulesOf = ({ enabled, inclusive, rates: set }: z.infer<typeof Tax>): TaxRules => ({
  enabled,
  inclusive,
  rates: set.map((rate) => ({
    from: rate.from,
    rateBp: rate.rate_bp,
    baseNumerator: rate.base_numerator,
    baseDenominator: rate.base_denominator,
  })),
});
