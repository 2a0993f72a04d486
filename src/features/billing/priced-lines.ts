import { type TaxTerms, taxLines } from '#domain/tax.ts';

/** A line as it is billed: `unitPrice` in minor units; below zero it is something given back. */
export type BillLine = { readonly description: string; readonly quantity: number; readonly unitPrice: bigint };
export type PricedLine = BillLine & {
  readonly net: bigint;
  readonly tax: bigint;
  /** What the tax was reckoned by; null: it is not taxed. */
  readonly taxRateBp: number | null;
  readonly taxBase: bigint | null;
};
export type Priced = { readonly lines: readonly PricedLine[]; readonly net: bigint; readonly tax: bigint };

/** What the lines come to, and the tax in them or on them; `terms` null: they are not taxed. */
export function priceLines(lines: readonly BillLine[], terms: TaxTerms | null): Priced {
  const taxed = taxLines(
    lines.map(({ quantity, unitPrice }) => BigInt(quantity) * unitPrice),
    terms,
  );
  const priced = lines.map((line, i): PricedLine => {
    const { net = 0n, tax = 0n, rateBp = null, base = null } = taxed[i] ?? {};
    return { ...line, net, tax, taxRateBp: rateBp, taxBase: base };
  });
  const sum = (of: (line: PricedLine) => bigint): bigint => priced.reduce((total, line) => total + of(line), 0n);
  return { lines: priced, net: sum((line) => line.net), tax: sum((line) => line.tax) };
}
