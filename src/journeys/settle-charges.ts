import { sql } from 'kysely';
import type { Database, Tx } from '#db/database.ts';
import { type ChargeState, type GatewayFailure, nextLookMs } from '#domain/charge.ts';
import { backOffMs } from '#domain/retry.ts';
import { type ChargeRow, findCharge } from '#features/charges/verbs.ts';
import type { AppendMessage } from '#outbox/append-message.ts';
import type { Clock } from '#platform/clock.ts';
import type { GatewayDesk } from '#platform/gateway-desk.ts';
import type { Log } from '#platform/log.ts';
import { settleCharge } from './settle-charge.ts';

export type SettlingCharges = {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly desk: Pick<GatewayDesk, 'status'>;
  readonly appendMessage: AppendMessage;
  /** Decides about lines in the transaction that marked them; what it answers is called after the commit. */
  readonly decide: (tx: Tx, tenantId: string, lines: readonly string[]) => Promise<() => void>;
  readonly leaseMs: number;
};

type Look = {
  readonly tenantId: string;
  readonly chargeId: string;
  readonly correlationId: string;
  readonly marks: bigint;
  readonly attempts: number;
};

/** So many gateways are asked at once. */
const atOnce = 20;
/** What no gateway has told for so long after its end is given up. */
const giveUpMs = 7 * 86_400_000;
/** A person waits in front of the page: no failure is left longer than this. */
const capMs = 600_000;

const claim = (db: Database, leaseMs: number): Promise<readonly Look[]> =>
  db.claim(async (tx): Promise<readonly Look[]> => {
    const { rows } = await sql<Look>`
      update charge_looks l set locked_until = now() + ${leaseMs} * interval '1 ms', attempts = l.attempts + 1
      from (
        select d.tenant_id, d.charge_id from charge_looks d join tenants t on t.id = d.tenant_id and t.is_active
        where d.not_before <= now() and (d.locked_until is null or d.locked_until < now())
        order by d.not_before limit ${atOnce} for update of d skip locked
      ) due
      where l.tenant_id = due.tenant_id and l.charge_id = due.charge_id
      returning l.tenant_id as "tenantId", l.charge_id as "chargeId", l.correlation_id as "correlationId", l.marks,
        l.attempts`.execute(tx);
    return rows;
  });

/** The look is over, unless news came meanwhile; `afterMs` null: nobody asks again until there are news. */
async function settleLook(tx: Tx, { tenantId, chargeId, marks }: Look, afterMs: number | null): Promise<void> {
  const mine = sql`tenant_id = ${tenantId} and charge_id = ${chargeId}`;
  if (afterMs === null) await sql`delete from charge_looks where ${mine} and marks = ${marks}`.execute(tx);
  else
    await sql`
      update charge_looks set attempts = 0, error = null, locked_until = null, since = now(),
        not_before = now() + ${afterMs} * interval '1 ms' where ${mine} and marks = ${marks}`.execute(tx);
  await sql`
    update charge_looks set attempts = 0, error = null, locked_until = null, not_before = now()
    where ${mine} and marks <> ${marks}`.execute(tx);
}

const times = (charge: Pick<ChargeRow, 'created_at' | 'expires_at'>, now: number) => ({
  age: now - charge.created_at.getTime(),
  left: charge.expires_at.getTime() - now,
});

async function postpone(s: SettlingCharges, look: Look, charge: ChargeRow, failure: GatewayFailure): Promise<void> {
  const { tenantId, chargeId } = look;
  const mine = sql`tenant_id = ${tenantId} and charge_id = ${chargeId}`;
  const isOver = times(charge, s.clock()).left < -giveUpMs;
  const waitMs = failure.retryAfterMs ?? backOffMs(look.attempts, Math.random(), capMs);
  const next = isOver ? 'given up' : `again in ${waitMs} ms`;
  const { gateway } = charge;
  s.log.warn('a gateway could not be asked about a charge', {
    tenant: tenantId,
    kind: gateway,
    error: failure.detail,
    next,
  });
  await s.db.worker(tenantId, async (tx) => {
    if (isOver) {
      await sql`
        update charges set state = 'expired', problem = ${failure.detail}, updated_at = now()
        where tenant_id = ${tenantId} and id = ${chargeId} and state in ('created', 'open')`.execute(tx);
      await sql`delete from charge_looks where ${mine} and marks = ${look.marks}`.execute(tx);
    } else
      await sql`
        update charge_looks set locked_until = null, error = ${failure.detail},
          not_before = now() + ${waitMs} * interval '1 ms' where ${mine}`.execute(tx);
  });
}

/** Asks the gateway, and in one transaction believes it: the charge, the payment, the lines, and the end of the look. */
async function settleOne(s: SettlingCharges, look: Look): Promise<void> {
  const { tenantId, chargeId, correlationId } = look;
  const charge = await s.db.worker(tenantId, (tx) => findCharge(tx, tenantId, chargeId));
  if (!charge) return;
  const found = await s.desk.status(tenantId, charge.gateway, { orderId: chargeId, gatewayRef: charge.gateway_ref });
  if (!found.ok) return postpone(s, look, charge, found.error);
  const now = s.clock();
  let state: ChargeState = charge.state;
  const follow = await s.db.worker(tenantId, async (tx): Promise<() => void> => {
    const settled = await settleCharge(tx, tenantId, chargeId, found.value, {
      correlationId,
      now,
      appendMessage: s.appendMessage,
    });
    state = settled.state;
    await settleLook(tx, look, nextLookMs(settled.state, times(charge, now)));
    return settled.lines.length > 0 ? s.decide(tx, tenantId, settled.lines) : () => undefined;
  });
  follow();
  if (state !== charge.state)
    s.log.info('a charge moved on', { tenant: tenantId, kind: charge.gateway, outcome: state });
}

/**
 * Asks gateways about the charges that callbacks spoke of, and about open ones from time to time, for callbacks get lost.
 * Answers whether more may be waiting. One that fails holds up no other.
 */
export async function settleCharges(s: SettlingCharges): Promise<boolean> {
  const looks = await claim(s.db, s.leaseMs);
  const settled = await Promise.allSettled(looks.map((look) => settleOne(s, look)));
  for (const [i, one] of settled.entries()) {
    if (one.status === 'fulfilled') continue;
    // Its lease ends by itself, and it is looked at again.
    s.log.error('a charge could not be settled', { tenant: looks[i]?.tenantId, error: one.reason });
  }
  return looks.length === atOnce;
}
