import type { LocalDate } from '#domain/facts.ts';

/** A bill with something open; amounts in minor units, above zero. `number` orders bills of one due date. */
export type OpenBill = {
  readonly id: string;
  readonly number: string;
  readonly dueDate: LocalDate;
  readonly outstanding: bigint;
};

/** Money (or a credit note) of the customer that settles nothing yet. `against`: the bill that it is meant for. */
export type FreeMoney = {
  readonly id: string;
  readonly kind: 'payment' | 'credit_note';
  readonly free: bigint;
  readonly against: string | null;
};

export type Allocation = { readonly bill: OpenBill; readonly money: FreeMoney; readonly amount: bigint };

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);

const oldestFirst = (a: OpenBill, b: OpenBill): number =>
  a.dueDate < b.dueDate || (a.dueDate === b.dueDate && a.number < b.number) ? -1 : 1;

/**
 * Which money settles which bill (spec L2): the bill that the money is meant for first, then the oldest due. Credit notes
 * go before payments, and each in the order given. Never more than a bill is open or money is left; what is left over
 * stays the customer's credit, and none is while a bill is open.
 */
export function allocate(bills: readonly OpenBill[], money: readonly FreeMoney[]): readonly Allocation[] {
  const open = [...bills].sort(oldestFirst).map((bill) => ({ bill, left: bill.outstanding }));
  const free = [...money]
    .sort((a, b) => Number(a.kind === 'payment') - Number(b.kind === 'payment'))
    .map((one) => ({ money: one, left: one.free }));
  const made: Allocation[] = [];
  const settle = (from: (typeof free)[number], to: (typeof open)[number]): void => {
    const amount = least(from.left, to.left);
    if (amount <= 0n) return;
    from.left -= amount;
    to.left -= amount;
    made.push({ bill: to.bill, money: from.money, amount });
  };
  for (const from of free) {
    const meant = open.find(({ bill }) => bill.id === from.money.against);
    if (meant) settle(from, meant);
  }
  for (const from of free) for (const to of open) settle(from, to);
  return made;
}
