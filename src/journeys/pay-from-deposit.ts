import { record } from '#audit/record.ts';
import type { Database, Tx } from '#db/database.ts';
import { lockCustomers, takePayment } from '#features/billing/verbs.ts';
import {
  type DepositPayment,
  type DepositPaymentForm,
  expectDeposit,
  type Moved,
  type Mover,
  spendDeposit,
} from '#features/deposits/verbs.ts';
import { demand, demandReseller, type Who } from '#platform/caller.ts';
import type { Clock } from '#platform/clock.ts';
import { notFound, Refusal } from '#platform/refusal.ts';
import { decideMarked } from './decide-marked.ts';
import { spendBooked } from './move-deposit.ts';
import { createOneAtATime } from './one-at-a-time.ts';
import { openAmount } from './open-amount.ts';

type Deps = { readonly db: Database; readonly clock: Clock };
type Paid = Pick<DepositPayment, 'id' | 'amount' | 'customer_id' | 'balance'> & { readonly at: Date };

/** What was paid under this key before; under another request it is refused. */
async function paidBefore(tx: Tx, tenantId: string, form: DepositPaymentForm, idemKey: string): Promise<Paid | null> {
  const row = await tx
    .selectFrom('payments as p')
    .innerJoin('deposit_moves as m', (join) =>
      join.onRef('m.tenant_id', '=', 'p.tenant_id').onRef('m.source_id', '=', 'p.id').on('m.kind', '=', 'payment'),
    )
    .where('p.tenant_id', '=', tenantId)
    .where('p.idem_key', '=', idemKey)
    .select(['p.id', 'p.customer_id', 'p.amount', 'm.balance', 'm.moved_at'])
    .executeTakeFirst();
  if (!row) return null;
  const { id, customer_id, amount, balance, moved_at: at } = row;
  const isSame = customer_id === form.customer_id && (form.amount === undefined || BigInt(form.amount) === amount);
  if (!isSame) throw new Refusal('CONFLICT', 'Another payment was made under this key.', { payment_id: id });
  return { id, customer_id, amount: Number(amount), balance: Number(balance), at };
}

async function shown(tx: Tx, tenantId: string, { at, ...paid }: Paid): Promise<DepositPayment> {
  const lines = await tx
    .selectFrom('subscriptions as s')
    .leftJoin('access as a', (join) =>
      join.onRef('a.tenant_id', '=', 's.tenant_id').onRef('a.subscription_id', '=', 's.id'),
    )
    .where('s.tenant_id', '=', tenantId)
    .where('s.customer_id', '=', paid.customer_id)
    .where('s.terminated_at', 'is', null)
    .select(['s.id as subscription_id', 's.username', 'a.state'])
    .orderBy('s.created_at')
    .orderBy('s.id')
    .execute();
  return { ...paid, paid_at: at.toISOString(), lines };
}

/** How much is to be paid: what is open and no more, for a deposit makes no credit by mistake. */
async function toPay(tx: Tx, tenantId: string, form: DepositPaymentForm): Promise<bigint> {
  const bill = { invoiceId: form.invoice_id ?? null, erpInvoice: form.erp_invoice ?? null };
  const open = await openAmount(tx, tenantId, form.customer_id, bill);
  if (open <= 0n) {
    throw new Refusal('CONFLICT', 'Nothing is open: it is paid already.', { reason: 'nothing_open', open: 0 });
  }
  if (form.amount === undefined) return open;
  const amount = BigInt(form.amount);
  if (amount <= open) return amount;
  throw new Refusal('CONFLICT', `No more than ${open} is open.`, { reason: 'above_open', open: Number(open) });
}

type Payment = {
  readonly form: DepositPaymentForm;
  readonly resellerId: string;
  readonly amount: bigint;
  readonly idemKey: string;
};

/** The payment, and what it lets in; the deposit pays for it afterwards. */
async function take(tx: Tx, mover: Mover, { form, resellerId, amount, idemKey }: Payment) {
  const { tenantId, correlationId, by, now } = mover;
  const taken = await takePayment(
    tx,
    { tenantId, correlationId, takenBy: by },
    {
      customerId: form.customer_id,
      amount,
      method: 'deposit',
      paidAt: new Date(now),
      idemKey,
      resellerId,
      invoiceId: form.invoice_id ?? null,
      erpInvoice: form.erp_invoice ?? null,
    },
  );
  await decideMarked(tx, tenantId, taken.lines, now);
  return taken;
}

/** Where ERPNext keeps the payment, the hub's books say that the money went on there. */
function spend(tx: Tx, mover: Mover, payment: Payment, of: { id: string; postingId: string | null; memo: string }) {
  const { resellerId, amount } = payment;
  const { id, postingId, memo } = of;
  const deed = { resellerId, amount, kind: 'payment' as const, sourceId: id, idemKey: `payment ${id}`, memo };
  return postingId === null
    ? spendBooked(tx, mover, { ...deed, other: [{ account: 'erpnext', amount: -amount }] })
    : spendDeposit(tx, mover, { ...deed, postingId });
}

async function nameOf(tx: Tx, tenantId: string, customerId: string): Promise<string> {
  const query = tx.selectFrom('customers').where('tenant_id', '=', tenantId).where('id', '=', customerId);
  const { name, customer_code } = await query.select(['name', 'customer_code']).executeTakeFirstOrThrow();
  return `${name} ${customer_code}`;
}

async function payWithin(
  tx: Tx,
  who: Who,
  form: DepositPaymentForm,
  at: { readonly idemKey: string; readonly now: number },
): Promise<DepositPayment> {
  const resellerId = demandReseller(who);
  const { tenantId, correlationId, caller } = who;
  const { idemKey, now } = at;
  const mover = { tenantId, correlationId, by: caller.userId, now };
  // Whoever cannot pay at all is told so before others wait behind its customer.
  if (form.amount !== undefined) await expectDeposit(tx, mover, { resellerId, amount: BigInt(form.amount) });
  const customer = (await lockCustomers(tx, tenantId, [form.customer_id])).get(form.customer_id);
  if (!customer || customer.deleted_at !== null) throw notFound('customer');
  const before = await paidBefore(tx, tenantId, form, idemKey);
  if (before) return shown(tx, tenantId, before);
  const amount = await toPay(tx, tenantId, form);
  await expectDeposit(tx, mover, { resellerId, amount });
  const payment = { form, resellerId, amount, idemKey };
  const { paymentId: id, postingId } = await take(tx, mover, payment);
  const memo = await nameOf(tx, tenantId, form.customer_id);
  const of = { customer_id: form.customer_id, amount: Number(amount) };
  const after = { ...of, payment_method: 'deposit', reseller_id: resellerId };
  await record(tx, who, { action: 'create', entity: 'payment', id, after });
  const answer = await shown(tx, tenantId, { id, ...of, balance: 0, at: new Date(now) });
  const { balance }: Moved = await spend(tx, mover, payment, { id, postingId, memo });
  return { ...answer, balance: Number(balance) };
}

/**
 * Pays a customer's bills out of its reseller's deposit (spec S1, S2): payment, bills, books, the customer's lines and the
 * deposit are one transaction. What is paid already, more than is open, and what the deposit does not cover are refused,
 * and nothing is spent.
 */
export function createPayFromDeposit({ db, clock }: Deps) {
  // A thousand payments of one reseller wait here, and not with a connection in hand each.
  const oneAtATime = createOneAtATime();
  return async (who: Who, form: DepositPaymentForm, idemKey: string): Promise<DepositPayment> => {
    demand(who.caller, 'own_sales:write');
    return oneAtATime(`${who.tenantId} ${demandReseller(who)}`, () =>
      db.tenant(who.tenantId, (tx) => payWithin(tx, who, form, { idemKey, now: clock() })),
    );
  };
}
