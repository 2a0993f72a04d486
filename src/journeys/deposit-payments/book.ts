import { randomUUID } from 'node:crypto';
import { decideWithin } from '#access/decide-lines.ts';
import { recordAll } from '#audit/record.ts';
import type { Tx } from '#db/database.ts';
import { stampAll } from '#db/idempotency.ts';
import { type DepositTaken, type Found, type TakenAt, takeTogether } from '#features/billing/verbs.ts';
import { spendDeposits } from '#features/deposits/verbs.ts';
import type { Asked, Paid } from './asked.ts';
import { type Lines, linesOf } from './lines.ts';
import type { Weighed } from './look.ts';

export type ToBook = Extract<Weighed, { readonly kind: 'pays' }>;

/** Those of all who pay together, one or two of each; who has more lines than this leaves them to the loop. */
const linesAtOnce = 80;

/** Where ERPNext keeps the payment, the hub's books say that the money went on there. */
function takenOf({ kind, day }: TakenAt, { asked, amount, code }: ToBook): DepositTaken {
  const { who, resellerId, form, idemKey } = asked;
  const { customer_id: customerId } = form;
  const id = randomUUID();
  const takenBy = who.caller.userId;
  const other =
    kind === 'erpnext'
      ? { account: 'erpnext' as const, amount: -amount }
      : { account: 'receivable' as const, customerId, amount: -amount };
  return {
    ...{ id, customerId, resellerId, amount, idemKey, takenBy, correlationId: who.correlationId },
    invoiceId: form.invoice_id ?? null,
    erpInvoice: form.erp_invoice ?? null,
    posting: {
      id: randomUUID(),
      kind: 'payment',
      idemKey: `payment ${id}`,
      postedOn: day,
      sourceId: id,
      postedBy: takenBy,
      ...(kind === 'erpnext' && { memo: code }),
      entries: [{ account: 'deposits', resellerId, amount }, other],
    },
  };
}

/** A few at a time; the lines of one customer together. */
function* portions(lines: Iterable<readonly string[]>): Generator<readonly string[]> {
  let some: readonly string[] = [];
  for (const own of lines) {
    if (some.length > 0 && some.length + own.length > linesAtOnce) {
      yield some;
      some = [];
    }
    some = [...some, ...own];
  }
  if (some.length > 0) yield some;
}

const audited = ({ asked: { who, resellerId } }: ToBook, { id, customerId, amount }: DepositTaken) => {
  const after = { customer_id: customerId, amount: Number(amount), payment_method: 'deposit', reseller_id: resellerId };
  return { who, change: { action: 'create', entity: 'payment', id, after } as const };
};

/** A move is never changed, so it holds the customer's code and no name: the statement reads that where it is. */
const spent = (one: ToBook, taken: DepositTaken) => ({
  resellerId: taken.resellerId,
  amount: taken.amount,
  kind: 'payment' as const,
  postingId: taken.posting.id,
  sourceId: taken.id,
  idemKey: `payment ${taken.id}`,
  memo: one.code,
  by: taken.takenBy,
  correlationId: taken.correlationId,
});

type Booked = Omit<Paid, 'at'> & { readonly asked: Asked; readonly lines: Lines };

/**
 * Books payments that were weighed, with all that follows: bills, books, the decision about the customers' lines, the
 * audit entries, what their requests' keys stand by; the deposits pay last, since others wait for their rows. Throws where
 * a deposit does not cover them any more.
 */
export async function book(tx: Tx, at: TakenAt, all: readonly ToBook[], found: Found): Promise<readonly Booked[]> {
  const { tenantId, now, day } = at;
  const pairs = all.map((one) => [one, takenOf(at, one)] as const);
  const taken = pairs.map(([, its]) => its);
  const marked = taken.map(({ customerId }) => found.lines.get(customerId) ?? []);
  const decide = async (): Promise<void> => {
    for (const some of portions(marked)) await decideWithin(tx, tenantId, some, now, null, { most: linesAtOnce });
  };
  // Begun together they run in this order, and are one message; so is what comes after them.
  await Promise.all([takeTogether(tx, at, taken, found), decide()]);
  const [lines, , , moved] = await Promise.all([
    linesOf(
      tx,
      tenantId,
      taken.map(({ customerId }) => customerId),
    ),
    recordAll(
      tx,
      pairs.map(([one, its]) => audited(one, its)),
    ),
    stampAll(
      tx,
      all.flatMap(({ asked }) => asked.claim ?? []),
    ),
    spendDeposits(
      tx,
      { tenantId, now, today: day },
      pairs.map(([one, its]) => spent(one, its)),
    ),
  ]);
  return pairs.map(([{ asked }, { id, customerId: customer_id, amount }], i) => ({
    ...{ asked, id, customer_id, amount: Number(amount), balance: Number(moved[i]?.balance) },
    lines: lines.get(customer_id) ?? [],
  }));
}
