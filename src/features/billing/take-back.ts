import { sql } from 'kysely';
import { markLines } from '#access/mark-dirty.ts';
import { record } from '#audit/record.ts';
import type { Tx } from '#db/database.ts';
import { accountOfMethod } from '#domain/accounts.ts';
import { demand, type Who } from '#platform/caller.ts';
import { invalid, Refusal } from '#platform/refusal.ts';
import type { ToDeposit } from './billing-deps.ts';
import type { Done } from './issue-by-hand.ts';
import { showPayment } from './listing.ts';
import { dayOf, livingLines, noteTakenBack } from './money-store.ts';
import { lockPayment } from './pay-by-hand.ts';
import type { NewRefund, Payment } from './payment-schema.ts';
import { post, postBack } from './posting.ts';
import type { Why } from './schema.ts';
import { settleCustomers, unsettle } from './settle.ts';

/** What goes back to a deposit is its caller's to give back, last of all. */
type TakenBack = Done<Payment> & { readonly toDeposit: ToDeposit | null };

type Booked = Awaited<ReturnType<typeof lockPayment>> & { readonly posting_id: string };

/** A payment that stands in the hub's own books, locked. */
async function lockBooked(tx: Tx, tenantId: string, id: string): Promise<Booked> {
  const payment = await lockPayment(tx, tenantId, id);
  if (payment.status !== 'paid') throw new Refusal('CONFLICT', `This payment is ${payment.status}.`);
  const { posting_id } = payment;
  if (posting_id === null) {
    throw new Refusal('CONFLICT', 'ERPNext keeps this payment: cancel it there, and the hub follows.');
  }
  return { ...payment, posting_id };
}

/**
 * The same, or money of a deposit that ERPNext keeps: it is taken back once ERPNext does not have it (any more): cancelled
 * there, or given up on its way.
 */
async function lockTakeable(tx: Tx, tenantId: string, id: string) {
  const payment = await lockPayment(tx, tenantId, id);
  const { status, posting_id, reseller_id, erp_payment } = payment;
  if (posting_id !== null || reseller_id === null || status !== 'paid') return lockBooked(tx, tenantId, id);
  const { rows } = await sql<{ is_there: boolean }>`
    select case when ${erp_payment}::text is null
      then not exists (select from outbox o where o.tenant_id = ${tenantId} and o.kind = 'ledger.payment'
        and o.key = ${id} and o.state = 'dead')
      else not exists (select from ledger_documents d where d.tenant_id = ${tenantId} and d.doctype = 'Payment Entry'
        and d.name = ${erp_payment} and (d.gone or not (d.fact ->> 'submitted')::boolean)) end as is_there`.execute(tx);
  if (rows[0]?.is_there === false) return payment;
  const told =
    'ERPNext keeps this payment: cancel it there first, then take it back here, and the deposit has it again.';
  throw new Refusal('CONFLICT', told, { erp_payment });
}

/**
 * Takes a payment back that was none: a cheque that bounced, a number mistyped. What it settled is open again, and cuts
 * nobody for five minutes (spec B3). `now` in ms since 1970.
 */
export async function reversePayment(tx: Tx, who: Who, id: string, { reason }: Why, now: number): Promise<TakenBack> {
  demand(who.caller, 'payments:refund');
  const { tenantId, correlationId } = who;
  const payment = await lockTakeable(tx, tenantId, id);
  if (payment.refunded > 0n)
    throw new Refusal('CONFLICT', `Of this payment ${payment.refunded} was paid back already.`);
  await unsettle(tx, tenantId, 'payment_id', id);
  await tx
    .updateTable('payments')
    .set({ status: 'reversed', reversed_at: new Date(now), reverse_reason: reason, updated_at: new Date() })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .execute();
  const { posting_id: posting, reseller_id: resellerId } = payment;
  const idemKey = `reversal ${id}`;
  const back = { kind: 'reversal' as const, idemKey, sourceId: id, postedBy: who.caller.userId };
  const postingId =
    posting && (await postBack(tx, tenantId, posting, { ...back, postedOn: await dayOf(tx, tenantId, now) }));
  await noteTakenBack(tx, tenantId, payment.customer_id, now);
  await settleCustomers(tx, tenantId, [payment.customer_id]);
  const states = { before: { status: 'paid' }, after: { status: 'reversed', reason } };
  await record(tx, who, { action: 'update', entity: 'payment', id, ...states });
  const lines = (await livingLines(tx, tenantId, [payment.customer_id])).map((line) => line.id);
  await markLines(tx, { tenantId, correlationId, cause: 'a payment was taken back' }, lines);
  const { amount } = payment;
  const toDeposit = resellerId && { resellerId, paymentId: id, amount, kind: back.kind, postingId, idemKey };
  return { answer: await showPayment(tx, tenantId, id, now), lines, toDeposit: toDeposit || null };
}

/** Who refunds another payment under the same key at the same time comes after, and is told so. */
const aloneWithKey = (tx: Tx, tenantId: string, idemKey: string) =>
  sql`select pg_advisory_xact_lock(hashtextextended(${`${tenantId} ${idemKey}`}, 41))`.execute(tx);

/** The same key twice is one refund. */
async function isKnown(
  tx: Tx,
  tenantId: string,
  idemKey: string,
  of: { id: string; amount: bigint },
): Promise<boolean> {
  const held = await tx
    .selectFrom('refunds')
    .where('tenant_id', '=', tenantId)
    .where('idem_key', '=', idemKey)
    .select(['payment_id', 'amount'])
    .executeTakeFirst();
  if (held && (held.payment_id !== of.id || held.amount !== of.amount)) {
    throw new Refusal('CONFLICT', 'Another refund was made under this key.');
  }
  return held !== undefined;
}

/** Pays back what of a payment settles nothing; what settles a bill is freed by cancelling or crediting that bill. */
export async function refundPayment(
  tx: Tx,
  who: Who,
  id: string,
  refund: NewRefund & { readonly idemKey: string },
  now: number,
): Promise<Omit<TakenBack, 'lines'>> {
  demand(who.caller, 'payments:refund');
  const { tenantId } = who;
  const payment = await lockBooked(tx, tenantId, id);
  const amount = BigInt(refund.amount);
  await aloneWithKey(tx, tenantId, refund.idemKey);
  if (await isKnown(tx, tenantId, refund.idemKey, { id, amount })) {
    return { answer: await showPayment(tx, tenantId, id, now), toDeposit: null };
  }
  const resellerId = payment.reseller_id;
  if ((refund.payment_method === 'deposit') !== (resellerId !== null)) {
    const told = 'must be `deposit` for what a deposit paid: it goes back there; and for nothing else';
    throw invalid('payment_method', told);
  }
  const left = payment.unallocated;
  if (amount > left) {
    const told = `Of this payment ${left} settles no bill and may be paid back: cancel or credit the bill first.`;
    throw new Refusal('CONFLICT', told, { unallocated: Number(left) });
  }
  const [posting] = await post(tx, tenantId, [
    {
      kind: 'refund',
      idemKey: `refund ${refund.idemKey}`,
      postedOn: await dayOf(tx, tenantId, now),
      sourceId: id,
      postedBy: who.caller.userId,
      entries: [
        { account: 'receivable', customerId: payment.customer_id, amount },
        { account: accountOfMethod[refund.payment_method], amount: -amount, ...(resellerId && { resellerId }) },
      ],
    },
  ]);
  if (posting === undefined) throw new Error('No posting came back for a refund.');
  const { payment_method: method, reason, idemKey: idem_key } = refund;
  const made = { payment_id: id, amount, method, reason };
  await tx
    .insertInto('refunds')
    .values({ tenant_id: tenantId, ...made, idem_key, posting_id: posting, refunded_by: who.caller.userId })
    .execute();
  await tx
    .updateTable('payments')
    .set({ refunded: payment.refunded + amount, updated_at: new Date() })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .execute();
  await record(tx, who, { action: 'create', entity: 'refund', id, after: made });
  const idemKey = `refund ${refund.idemKey}`;
  const toDeposit = resellerId && {
    resellerId,
    paymentId: id,
    amount,
    kind: 'refund' as const,
    postingId: posting,
    idemKey,
  };
  return { answer: await showPayment(tx, tenantId, id, now), toDeposit: toDeposit || null };
}
