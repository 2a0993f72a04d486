import type { Tx } from '#db/database.ts';
import { type ChargeFinding, type ChargeState, moveOf } from '#domain/charge.ts';
import { type ChargeRow, findCharge } from '#features/charges/verbs.ts';
import type { AppendMessage } from '#outbox/append-message.ts';
import { bookCharge } from './book-charge.ts';
import { tellCharge } from './tell-charge.ts';

export type SettlingOne = {
  readonly correlationId: string;
  /** ms since 1970. */
  readonly now: number;
  readonly appendMessage: AppendMessage;
};

/** What became of a charge, and the lines that were marked by it. */
export type SettledCharge = { readonly state: ChargeState; readonly lines: readonly string[] };

/** A gateway that does not know an order by then never will. */
const knownMs = 600_000;
/** One that it still calls pending so long after its end is over. */
const pendingMs = 48 * 3_600_000;

type Changes = Partial<Pick<ChargeRow, 'state' | 'problem' | 'paid_amount' | 'paid_at' | 'gateway_ref'>>;

const save = (tx: Tx, { tenant_id, id }: ChargeRow, changes: Changes) =>
  tx
    .updateTable('charges')
    .set({ ...changes, updated_at: new Date() })
    .where('tenant_id', '=', tenant_id)
    .where('id', '=', id)
    .execute();

/** Money that is not as it should be: kept in sight until a person has looked. */
async function hold(
  tx: Tx,
  one: SettlingOne,
  charge: ChargeRow,
  finding: ChargeFinding,
  why: string,
): Promise<SettledCharge> {
  const { gatewayRef, amount, paidAt } = finding;
  await save(tx, charge, {
    state: 'held',
    problem: why,
    paid_amount: amount,
    paid_at: paidAt ?? new Date(one.now),
    gateway_ref: gatewayRef,
  });
  const { correlationId, appendMessage } = one;
  await tellCharge(tx, { charge, text: why, correlationId, isUrgent: true }, appendMessage);
  return { state: 'held', lines: [] };
}

/** More than its bill took is the customer's credit, and worth a word: whoever paid twice may ask for it. */
async function tellCredit(tx: Tx, one: SettlingOne, charge: ChargeRow, paymentId: string): Promise<void> {
  const payment = await tx
    .selectFrom('payments')
    .where('tenant_id', '=', charge.tenant_id)
    .where('id', '=', paymentId)
    .where('posting_id', 'is not', null)
    .select('unallocated')
    .executeTakeFirst();
  const credit = payment?.unallocated ?? 0n;
  const text =
    credit > 0n
      ? `Paid by ${charge.gateway}: ${charge.amount}, of which ${credit} settles no invoice and is credit.`
      : `Paid by ${charge.gateway}: ${charge.amount}.`;
  await tellCharge(tx, { charge, text, correlationId: one.correlationId, isUrgent: false }, one.appendMessage);
}

async function book(tx: Tx, one: SettlingOne, charge: ChargeRow, finding: ChargeFinding): Promise<SettledCharge> {
  const received = { ...finding, paidAt: finding.paidAt ?? new Date(one.now) };
  const taken = await bookCharge(tx, charge, received, { ...one, takenBy: null });
  if (!taken.ok) return hold(tx, one, charge, finding, `The payment could not be booked: ${taken.error.message}`);
  const { payment } = taken.value;
  if (payment === null) return { state: 'paid', lines: [] };
  await tellCredit(tx, one, charge, payment.paymentId);
  return { state: 'paid', lines: payment.lines };
}

/** The gateway knows no such order: its answer was lost before it made one. */
async function missing(tx: Tx, charge: ChargeRow, now: number): Promise<SettledCharge> {
  const isOver = charge.state === 'created' && now - charge.created_at.getTime() > knownMs;
  const { state } = charge;
  if (!isOver) return { state, lines: [] };
  await save(tx, charge, { state: 'failed', problem: `${charge.gateway} does not know this order.` });
  return { state: 'failed', lines: [] };
}

async function pending(tx: Tx, one: SettlingOne, charge: ChargeRow): Promise<SettledCharge> {
  const { state, expires_at: expiresAt } = charge;
  const isOpen = state === 'created' || state === 'open';
  if (isOpen && one.now - expiresAt.getTime() > pendingMs) return end(tx, one, charge, 'expired');
  return { state, lines: [] };
}

async function end(
  tx: Tx,
  one: SettlingOne,
  charge: ChargeRow,
  state: 'expired' | 'failed' | 'refunded',
): Promise<SettledCharge> {
  await save(tx, charge, { state });
  if (state === 'refunded') {
    const text = `${charge.gateway} gave the money of a charge back. If it was not done here, take its payment back.`;
    const isUrgent = charge.refund_asked_at === null;
    await tellCharge(tx, { charge, text, correlationId: one.correlationId, isUrgent }, one.appendMessage);
  }
  return { state, lines: [] };
}

/**
 * Has a charge follow what its gateway said of it just now (spec L5), in the caller's transaction and under the charge's
 * lock: said again, it changes nothing. Another amount than was asked for is held. `finding` null: it knows no such order.
 */
export async function settleCharge(
  tx: Tx,
  tenantId: string,
  chargeId: string,
  finding: ChargeFinding | null,
  one: SettlingOne,
): Promise<SettledCharge> {
  await tx
    .selectFrom('charges')
    .where('tenant_id', '=', tenantId)
    .where('id', '=', chargeId)
    .select('id')
    .forUpdate()
    .execute();
  const charge = await findCharge(tx, tenantId, chargeId);
  if (!charge) throw new Error('A charge that is looked at is not there.');
  if (finding === null) return missing(tx, charge, one.now);
  const move = moveOf(charge.state, charge.amount, finding);
  switch (move.kind) {
    case 'none':
      return pending(tx, one, charge);
    case 'to':
      return end(tx, one, charge, move.state);
    case 'held':
      return hold(tx, one, charge, finding, `${finding.amount} was paid where ${charge.amount} was asked for.`);
    case 'paid':
      return book(tx, one, charge, finding);
  }
}
