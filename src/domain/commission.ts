import type { LocalDate } from '#domain/facts.ts';
import { shareOf } from '#domain/half-up.ts';
import { lesser } from '#domain/money.ts';

export const commissionOccasions = ['first', 'recurring', 'every'] as const;
/** What a rule is for: a customer's first payment, all later ones, or both. */
type CommissionOccasion = (typeof commissionOccasions)[number];

/** From so many living customers of the reseller on `value` takes the place of the rule's own. */
type CommissionTier = { readonly from: number; readonly value: bigint };

/** `value`: basis points of the price without tax, or minor units for each whole bill. */
export type CommissionTerms = {
  readonly kind: 'percent' | 'fixed';
  readonly value: bigint;
  readonly tiers: readonly CommissionTier[];
};

/** Null reseller or plan: for all of them. `validTo`: the last day; null: it goes on. */
export type CommissionRule = CommissionTerms & {
  readonly id: string;
  readonly resellerId: string | null;
  readonly planId: string | null;
  readonly occasion: CommissionOccasion;
  readonly validFrom: LocalDate;
  readonly validTo: LocalDate | null;
};

/** What a rule is looked for. */
export type Sale = {
  readonly resellerId: string;
  /** Null: nobody knows of which. */
  readonly planId: string | null;
  readonly occasion: Exclude<CommissionOccasion, 'every'>;
  readonly on: LocalDate;
};

const bearsOn = (rule: CommissionRule, sale: Sale): boolean =>
  (rule.resellerId === null || rule.resellerId === sale.resellerId) &&
  (rule.planId === null || rule.planId === sale.planId) &&
  (rule.occasion === 'every' || rule.occasion === sale.occasion) &&
  rule.validFrom <= sale.on &&
  (rule.validTo === null || sale.on <= rule.validTo);

/** One reseller before all, then one plan before all, then one occasion before every. */
const particularity = ({ resellerId, planId, occasion }: CommissionRule): number =>
  (resellerId === null ? 0 : 4) + (planId === null ? 0 : 2) + (occasion === 'every' ? 0 : 1);

const before = (a: CommissionRule, b: CommissionRule): number =>
  particularity(b) - particularity(a) ||
  (a.validFrom === b.validFrom ? (a.id < b.id ? -1 : 1) : a.validFrom > b.validFrom ? -1 : 1);

/** The most particular rule that bears on a sale, of two alike the one that began later; null: none does. */
export const ruleFor = (rules: readonly CommissionRule[], sale: Sale): CommissionRule | null =>
  rules.filter((rule) => bearsOn(rule, sale)).sort(before)[0] ?? null;

/** What counts for a reseller of so many living customers. */
function valueAt({ value, tiers }: CommissionTerms, customers: number): bigint {
  const [reached] = tiers.filter(({ from }) => from <= customers).sort((a, b) => b.from - a.from);
  return reached?.value ?? value;
}

/** A part of some money that settles a bill: `paid` of its `total`, of which `net` is no tax. `0 < paid <= total`. */
export type PaidPart = { readonly paid: bigint; readonly net: bigint; readonly total: bigint };

const wholeBp = 10_000n;

/** The part of it that is no tax. */
export const baseOf = ({ paid, net, total }: PaidPart): bigint => shareOf(paid, net, total);

/**
 * Commission of a part of a bill that is paid, to the minor unit, half up. A fixed amount is for the whole bill, and is
 * earned as the bill is paid: who pays in ten parts earns it once. Never more than the base.
 */
export function commissionOf(terms: CommissionTerms, part: PaidPart, customers: number): bigint {
  const value = valueAt(terms, customers);
  const base = baseOf(part);
  const share =
    terms.kind === 'percent'
      ? shareOf(base, value, wholeBp)
      : shareOf(value, lesser(part.paid, part.total), part.total);
  return lesser(share, base);
}

/** Divides what some money settles between the bills that it pays, by their totals; the parts sum to the whole. */
export function divided<Bill extends { readonly total: bigint }>(
  settled: bigint,
  bills: readonly Bill[],
): readonly (Bill & { readonly paid: bigint })[] {
  const sum = bills.reduce((all, { total }) => all + total, 0n);
  if (sum <= 0n) return [];
  let counted = 0n;
  let given = 0n;
  return bills.map((bill) => {
    counted += bill.total;
    const upTo = shareOf(settled, counted, sum);
    const paid = upTo - given;
    given = upTo;
    return { ...bill, paid };
  });
}
