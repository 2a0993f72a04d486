import type { LocalDate } from '#domain/facts.ts';
import { shareOf } from '#domain/half-up.ts';

/**
 * A rate of value added tax, in force from a date on: `rateBp` basis points of the part `baseNumerator/baseDenominator` of
 * the price. PPN since 2025 is 1,200 bp of 11/12 of it ("DPP nilai lain", PMK 131/2024).
 */
export type TaxRate = {
  readonly from: LocalDate;
  readonly rateBp: number;
  readonly baseNumerator: number;
  readonly baseDenominator: number;
};

export type TaxRules = {
  /** Off for who is not registered for the tax: nothing is charged then. */
  readonly enabled: boolean;
  /** Whether prices have the tax in them. */
  readonly inclusive: boolean;
  readonly rates: readonly TaxRate[];
};

/** How the lines of one bill are taxed; null: they are not. */
export type TaxTerms = Omit<TaxRate, 'from'> & { readonly inclusive: boolean };

/** Minor units; `base` is what the rate was reckoned on (DPP). All null: not taxed. */
export type TaxedLine = {
  readonly net: bigint;
  readonly tax: bigint;
  readonly base: bigint | null;
  readonly rateBp: number | null;
};

/** What holds for a bill that is issued on `date`: the youngest rate that is in force by then. */
export function taxTermsOn(rules: TaxRules, date: LocalDate, isTaxable: boolean): TaxTerms | null {
  if (!rules.enabled || !isTaxable) return null;
  const [rate] = rules.rates.filter(({ from }) => from <= date).sort((a, b) => (a.from < b.from ? 1 : -1));
  return rate ? { ...rate, inclusive: rules.inclusive } : null;
}

const whole = 10_000n;

type Taxing = (amount: bigint) => Omit<TaxedLine, 'rateBp'>;

/** Net, tax and base of one amount, each rounded once from that amount. */
function taxing({ rateBp, baseNumerator, baseDenominator, inclusive }: TaxTerms): Taxing {
  const [rate, part, of] = [BigInt(rateBp), BigInt(baseNumerator), BigInt(baseDenominator)];
  return (amount) => {
    const net = inclusive ? shareOf(amount, whole * of, whole * of + rate * part) : amount;
    const tax = inclusive ? amount - net : shareOf(amount, rate * part, whole * of);
    return { net, tax, base: shareOf(net, part, of) };
  };
}

/**
 * Taxes the lines of one bill. `amounts` are quantity times unit price. The tax is that of their sum, rounded once, and
 * each line bears the difference that it makes to it: lines sum to the bill, and none is off by more than one minor unit.
 */
export function taxLines(amounts: readonly bigint[], terms: TaxTerms | null): readonly TaxedLine[] {
  if (terms === null) return amounts.map((net) => ({ net, tax: 0n, base: null, rateBp: null }));
  const taxed = taxing(terms);
  let sum = 0n;
  let before = taxed(0n);
  return amounts.map((amount) => {
    sum += amount;
    const after = taxed(sum);
    const line = {
      net: after.net - before.net,
      tax: after.tax - before.tax,
      base: (after.base ?? 0n) - (before.base ?? 0n),
      rateBp: terms.rateBp,
    };
    before = after;
    return line;
  });
}
