import { record } from '#audit/record.ts';
import type { Database, Tx } from '#db/database.ts';
import { failureInWords, type GatewayFailure } from '#domain/charge.ts';
import { reversePayment } from '#features/billing/verbs.ts';
import { type ChargeRow, chargeView, findCharge } from '#features/charges/verbs.ts';
import type { AppendMessage } from '#outbox/append-message.ts';
import { demand, type Who } from '#platform/caller.ts';
import type { Clock } from '#platform/clock.ts';
import type { GatewayDesk } from '#platform/gateway-desk.ts';
import { notFound, Refusal } from '#platform/refusal.ts';
import { bookCharge } from './book-charge.ts';
import { decideMarked } from './decide-marked.ts';
import { attempt } from './savepoint.ts';
import { tellCharge } from './tell-charge.ts';

export type ChargeMoney = {
  readonly db: Database;
  readonly clock: Clock;
  readonly desk: Pick<GatewayDesk, 'refund' | 'status'>;
  readonly appendMessage: AppendMessage;
};

async function lockCharge(tx: Tx, tenantId: string, id: string): Promise<ChargeRow> {
  const charges = tx.selectFrom('charges').where('tenant_id', '=', tenantId).where('id', '=', id);
  await charges.select('id').forUpdate().execute();
  const row = await findCharge(tx, tenantId, id);
  if (!row) throw notFound('charge');
  return row;
}

const update = (
  tx: Tx,
  { tenant_id, id }: ChargeRow,
  values: Partial<Pick<ChargeRow, 'state' | 'problem' | 'refund_asked_at'>>,
) =>
  tx
    .updateTable('charges')
    .set({ ...values, updated_at: new Date() })
    .where('tenant_id', '=', tenant_id)
    .where('id', '=', id)
    .execute();

const shown = async (tx: Tx, tenantId: string, id: string) => chargeView(await lockCharge(tx, tenantId, id));

/** Takes the money of a held charge as it came: it settles its bill as far as it goes, and the rest is credit. */
export const acceptCharge = ({ db, clock, appendMessage }: ChargeMoney, who: Who, id: string) =>
  db.tenant(who.tenantId, async (tx) => {
    demand(who.caller, 'payments:write');
    const { tenantId, correlationId, caller } = who;
    const charge = await lockCharge(tx, tenantId, id);
    const { state, paid_amount: amount, paid_at: paidAt, gateway_ref: gatewayRef } = charge;
    if (state !== 'held' || amount === null || paidAt === null || gatewayRef === null) {
      throw new Refusal('CONFLICT', `This charge is ${state}: only a held one is accepted.`, { state });
    }
    const by = { correlationId, takenBy: caller.userId, now: clock(), appendMessage };
    const taken = await bookCharge(tx, charge, { gatewayRef, amount, paidAt }, by);
    if (!taken.ok) throw taken.error;
    const states = { before: { state }, after: { state: 'paid', amount: String(amount) } };
    await record(tx, who, { action: 'update', entity: 'charge', id, ...states });
    await decideMarked(tx, tenantId, taken.value.payment?.lines ?? [], clock());
    return shown(tx, tenantId, id);
  });

/** Written before the gateway hears of it: what becomes of this process, the same refund is asked for again. */
const beginRefund = ({ db, clock }: ChargeMoney, { tenantId }: Who, id: string): Promise<ChargeRow> =>
  db.worker(tenantId, async (tx) => {
    const charge = await lockCharge(tx, tenantId, id);
    const { state } = charge;
    if (state !== 'paid' && state !== 'held') {
      throw new Refusal('CONFLICT', `This charge is ${state}: there is nothing to give back.`, { state });
    }
    if (state === 'paid' && charge.top_up_id !== null) {
      const told = 'This topped a deposit up, and may be spent: give the reseller its deposit back instead.';
      throw new Refusal('CONFLICT', told, { top_up_id: charge.top_up_id });
    }
    await update(tx, charge, { refund_asked_at: new Date(clock()) });
    return charge;
  });

/** A refusal may mean that it was done before, and the answer was lost: the gateway's own word counts. */
async function refuseRefund(
  m: ChargeMoney,
  { tenantId }: Who,
  charge: ChargeRow,
  failure: GatewayFailure,
): Promise<void> {
  const { gateway, id, gateway_ref: gatewayRef } = charge;
  const found = await m.desk.status(tenantId, gateway, { orderId: id, gatewayRef });
  if (found.ok && found.value?.status === 'refunded') return;
  const isOpen = failure.reason === 'unreachable' || failure.reason === 'nonsense';
  if (!isOpen) await m.db.worker(tenantId, (tx) => update(tx, charge, { refund_asked_at: null }));
  if (failure.reason === 'unsupported') {
    const told = `${failure.detail}. Give it back there, and take the payment back here.`;
    throw new Refusal('CONFLICT', told, { payment_id: charge.payment_id });
  }
  const then = isOpen ? ' Whether it was done is not known: ask again, it is not done twice.' : '';
  throw new Refusal('UPSTREAM_FAILED', `${failureInWords(gateway, failure)}.${then}`, { gateway });
}

/** Takes the payment back; where ERPNext keeps it, whoever looks after money is told to. */
async function takeBack(
  m: ChargeMoney,
  tx: Tx,
  who: Who,
  charge: ChargeRow,
  reason: string,
): Promise<readonly string[]> {
  const { payment_id: paymentId } = charge;
  if (paymentId === null) return [];
  const reversed = await attempt(tx, () => reversePayment(tx, who, paymentId, { reason }, m.clock()));
  if (reversed.ok) return reversed.value.lines;
  const text = `The money of a charge was given back, its payment was not taken back: ${reversed.error.message}`;
  await tellCharge(tx, { charge, text, correlationId: who.correlationId, isUrgent: true }, m.appendMessage);
  return [];
}

/**
 * Gives a charge's whole amount back through its gateway, once however often it is asked for, and takes its payment back:
 * what it settled is open again. Throws CONFLICT where nothing was paid or the gateway cannot do it, UPSTREAM_FAILED with
 * the gateway's words.
 */
export async function refundCharge(m: ChargeMoney, who: Who, id: string, { reason }: { readonly reason: string }) {
  demand(who.caller, 'payments:refund');
  const { tenantId } = who;
  const charge = await beginRefund(m, who, id);
  const { gateway, gateway_ref: gatewayRef, paid_amount, amount } = charge;
  const wish = { orderId: id, gatewayRef, amount: paid_amount ?? amount, reason, key: id };
  const asked = await m.desk.refund(tenantId, gateway, wish);
  if (!asked.ok) await refuseRefund(m, who, charge, asked.error);
  return m.db.tenant(tenantId, async (tx) => {
    const locked = await lockCharge(tx, tenantId, id);
    await update(tx, locked, { state: 'refunded', problem: null });
    const lines = await takeBack(m, tx, who, locked, reason);
    const states = { before: { state: charge.state }, after: { state: 'refunded', reason } };
    await record(tx, who, { action: 'update', entity: 'charge', id, ...states });
    await decideMarked(tx, tenantId, lines, m.clock());
    return shown(tx, tenantId, id);
  });
}
