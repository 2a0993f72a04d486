import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { type LedgerKind, ledgerKind } from '#db/ledger-kind.ts';
import { localDate } from '#domain/local-time.ts';
import { type Found, findMoney, settingsOf, type TakenAt } from '#features/billing/verbs.ts';
import { type Purse, purseAfter, readPurses, spendRefusal } from '#features/deposits/verbs.ts';
import { invalid, notFound, Refusal } from '#platform/refusal.ts';
import { openAmounts } from '../open-amount.ts';
import type { Asked, Outcome, Paid } from './asked.ts';

/** What a payment takes, and the customer's code, which the statement shows of it. */
type Sum = { readonly amount: bigint; readonly code: string };
export type Weighed = Outcome<Sum> & { readonly asked: Asked };

type Known = Paid & { readonly key: string; readonly reseller: string };

/** Of those that are asked for, the resellers' own customers: nobody else's is seen or locked. In the order of their ids. */
async function lockOwn(tx: Tx, tenantId: string, all: readonly Asked[]): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ id: string; code: string }>`
    select c.id, c.customer_code as code from customers c
    join unnest(${all.map(({ form }) => form.customer_id)}::uuid[], ${all.map(({ resellerId }) => resellerId)}::uuid[])
      as a (customer, reseller) on a.customer = c.id and a.reseller = c.reseller_id
    where c.tenant_id = ${tenantId} and c.deleted_at is null
    order by c.id for no key update of c`.execute(tx);
  return new Map(rows.map(({ id, code }) => [id, code]));
}

/** What was paid under these keys before; looked up key by key, whatever the planner believes of tables that grow. */
async function paidBefore(tx: Tx, tenantId: string, all: readonly Asked[]): Promise<ReadonlyMap<string, Known>> {
  const { rows } = await sql<{
    readonly key: string;
    readonly id: string;
    readonly reseller: string;
    readonly customer_id: string;
    readonly amount: bigint;
    readonly balance: bigint;
    readonly at: Date;
  }>`
    select k.key, p.id, p.reseller_id as reseller, p.customer_id, p.amount, m.balance, m.moved_at as at
    from unnest(${all.map(({ idemKey }) => idemKey)}::text[]) as k (key)
    cross join lateral (
      select id, reseller_id, customer_id, amount from payments
      where tenant_id = ${tenantId} and idem_key = k.key offset 0) p
    cross join lateral (
      select balance, moved_at from deposit_moves
      where tenant_id = ${tenantId} and source_id = p.id and kind = 'payment' offset 0) m`.execute(tx);
  return new Map(
    rows.map((row) => [
      row.key,
      { ...row, amount: Number(row.amount), balance: Number(row.balance), at: row.at.getTime() },
    ]),
  );
}

/** The same request again is answered with what it made; another one under its key is refused. */
function replay({ form, resellerId }: Asked, known: Known): Outcome<Sum> {
  const { key: _key, reseller, ...paid } = known;
  const isSame =
    reseller === resellerId &&
    paid.customer_id === form.customer_id &&
    (form.amount === undefined || form.amount === paid.amount);
  if (isSame) return { kind: 'before', paid };
  const details = reseller === resellerId ? { payment_id: paid.id } : undefined;
  return { kind: 'refused', refusal: new Refusal('CONFLICT', 'Another payment was made under this key.', details) };
}

/** How much is to be paid: what is open and no more, for a deposit makes no credit by mistake. */
function toPay({ form }: Asked, open: bigint): bigint | Refusal {
  if (open <= 0n) {
    return new Refusal('CONFLICT', 'Nothing is open: it is paid already.', { reason: 'nothing_open', open: 0 });
  }
  if (form.amount === undefined) return open;
  const amount = BigInt(form.amount);
  if (amount <= open) return amount;
  return new Refusal('CONFLICT', `No more than ${open} is open.`, { reason: 'above_open', open: Number(open) });
}

/** Pays in the order of asking, as long as the purse reaches: who is not covered alone goes without. */
function fromPurse(purses: Map<string, Purse>, resellerId: string, amount: bigint, today: string): Refusal | null {
  const purse = purses.get(resellerId);
  if (!purse) throw new Error('A deposit was not looked into.');
  const refusal = spendRefusal(purse, amount, today);
  if (!refusal) purses.set(resellerId, purseAfter(purse, amount, today));
  return refusal;
}

const nothing: Found = { bills: new Map(), money: new Map(), lines: new Map() };

const refused = (asked: Asked, refusal: Refusal): Weighed => ({ kind: 'refused', refusal, asked });

const asksElsewhere = (kind: LedgerKind, { form }: Asked): boolean =>
  kind === 'erpnext' && form.invoice_id !== undefined;

/**
 * Everything here is looked up by its key. A plan that was made while a table was empty reads all of it, and is kept until
 * PostgreSQL has counted the rows: in a hub's first minutes payments came to a standstill with it.
 */
const byIndex = (tx: Tx) => sql`select set_config('enable_seqscan', 'off', true)`.execute(tx);

/** Whoever cannot pay at all is told so before others wait behind its customer; nothing is locked yet. */
async function begin(tx: Tx, tenantId: string, now: number, all: readonly Asked[]) {
  const planned = byIndex(tx);
  const resellers = all.map(({ resellerId }) => resellerId);
  const [settings, kind, purses] = await Promise.all([
    settingsOf(tx, tenantId),
    ledgerKind(tx, tenantId),
    readPurses(tx, tenantId, resellers),
    planned,
  ]);
  const at: TakenAt = { tenantId, kind, now, day: localDate(now, settings.time_zone) };
  const poor = all.flatMap((asked) => {
    const purse = purses.get(asked.resellerId);
    const { amount } = asked.form;
    const refusal = purse && amount !== undefined ? spendRefusal(purse, BigInt(amount), at.day) : null;
    return refusal ? [{ asked, refusal }] : [];
  });
  if (poor.length === 0) return { at, early: [], rest: all };
  const tried = poor.map(({ asked }) => asked);
  const before = await paidBefore(tx, tenantId, tried);
  const early = poor.filter(({ asked }) => !before.has(asked.idemKey));
  return {
    at,
    early: early.map(({ asked, refusal }) => refused(asked, refusal)),
    rest: all.filter((asked) => !early.some((one) => one.asked === asked)),
  };
}

/**
 * Locks the customers of payments that are asked together, of different customers and under different keys, and says of
 * each what it takes, or why it cannot be. `found`: what those that pay are booked against.
 */
export async function weigh(
  tx: Tx,
  tenantId: string,
  now: number,
  all: readonly Asked[],
): Promise<{ readonly at: TakenAt; readonly weighed: readonly Weighed[]; readonly found: Found }> {
  const { at, early, rest } = await begin(tx, tenantId, now, all);
  if (rest.length === 0) return { at, weighed: early, found: nothing };
  const bills = rest.map(({ form }) => ({
    customerId: form.customer_id,
    invoiceId: form.invoice_id ?? null,
    erpInvoice: form.erp_invoice ?? null,
  }));
  const resellers = rest.map(({ resellerId }) => resellerId);
  // Begun together they run in this order: what is read is read under the customers' locks.
  const customers = bills.map(({ customerId }) => customerId);
  const [own, before, found, filled] = await Promise.all([
    lockOwn(tx, tenantId, rest),
    paidBefore(tx, tenantId, rest),
    findMoney(tx, tenantId, at.kind, customers),
    readPurses(tx, tenantId, resellers),
  ]);
  const open = await openAmounts(tx, tenantId, at.kind, bills, found);
  const purses = new Map(filled);
  const weighed = rest.map((asked): Weighed => {
    const code = own.get(asked.form.customer_id);
    if (code === undefined) return refused(asked, notFound('customer'));
    const known = before.get(asked.idemKey);
    if (known) return { ...replay(asked, known), asked };
    if (asksElsewhere(at.kind, asked)) {
      return refused(asked, invalid('invoice_id', 'ERPNext makes the bills: name one by `erp_invoice`.'));
    }
    const amount = toPay(asked, open.get(asked.form.customer_id) ?? 0n);
    if (amount instanceof Refusal) return refused(asked, amount);
    const refusal = fromPurse(purses, asked.resellerId, amount, at.day);
    return refusal ? refused(asked, refusal) : { kind: 'pays', amount, code, asked };
  });
  return { at, weighed: [...early, ...weighed], found };
}
