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

/** What the lines come to. */
export function priceLines(lines: readonly BillLine[]): Priced {
  const priced = lines.map((line): PricedLine => {
    const net = BigInt(line.quantity) * line.unitPrice;
    return { ...line, net, tax: 0n, taxRateBp: null, taxBase: null };
  });
  return { lines: priced, net: priced.reduce((sum, line) => sum + line.net, 0n), tax: 0n };
}
