import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { markCharge } from '#db/charge-looks.ts';
import type { Database } from '#db/database.ts';
import { type GatewayName, gatewayNames } from '#domain/charge.ts';
import type { Receiver } from '#inbox/receive.ts';
import type { Senders } from '#inbox/senders.ts';
import { newCorrelationId } from '#platform/log.ts';
import type { Callback, PaymentGateway } from '#ports/payment-gateway/port.ts';

export type CallbackReceiving = {
  readonly db: Database;
  readonly senders: Pick<Senders, 'find'>;
  /** Null: this tenant has not connected it. */
  readonly gatewayOf: (tenantId: string, gateway: GatewayName) => Promise<PaymentGateway | null>;
  /** After the commit of news about a charge. */
  readonly onNews: () => void;
};

/** Text that PostgreSQL can hold; the raw bytes are kept beside it as they came. */
const storable = (text: string): string => text.replaceAll('\u0000', '').toWellFormed().slice(0, 300);
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

type Arrived = { readonly tenantId: string; readonly gateway: GatewayName; readonly body: Buffer };
/** What stays of a callback; news of nothing is kept by its bytes. */
type News = Pick<Callback, 'orderId' | 'dedup'>;

async function isCharge(db: Database, { tenantId, gateway }: Arrived, orderId: string): Promise<boolean> {
  if (!uuid.test(orderId)) return false;
  const row = await db.worker(tenantId, (tx) =>
    tx
      .selectFrom('charges')
      .where('tenant_id', '=', tenantId)
      .where('id', '=', orderId)
      .where('gateway', '=', gateway)
      .select('id')
      .executeTakeFirst(),
  );
  return row !== undefined;
}

/** In one transaction the callback is kept and its charge is marked: what was answered with 200 is not lost. */
async function keep(db: Database, arrived: Arrived, { orderId, dedup }: News, correlationId: string) {
  const { tenantId, gateway, body } = arrived;
  const isOurs = await isCharge(db, arrived, orderId);
  return db.worker(tenantId, async (tx) => {
    const event = {
      tenant_id: tenantId,
      gateway,
      dedup: storable(dedup),
      order_id: storable(orderId),
      raw: body,
      is_ours: isOurs,
      correlation_id: correlationId,
    };
    const stored = await tx
      .insertInto('gateway_events')
      .values(event)
      .onConflict((conflict) => conflict.columns(['tenant_id', 'gateway', 'dedup']).doNothing())
      .returning('id')
      .executeTakeFirst();
    if (stored && isOurs) await markCharge(tx, tenantId, { chargeId: orderId, correlationId, afterMs: 0 });
    if (stored) return { eventId: stored.id, fresh: true };
    const { rows } = await sql<{ id: bigint }>`select id from gateway_events
      where tenant_id = ${tenantId} and gateway = ${gateway} and dedup = ${event.dedup}`.execute(tx);
    return { eventId: rows[0]?.id ?? 0n, fresh: false };
  });
}

/** A way in for each gateway. */
export const createCallbackReceivers = (deps: CallbackReceiving): Readonly<Record<string, Receiver>> =>
  Object.fromEntries(gatewayNames.map((gateway) => [gateway, createCallbackReceiver(deps, gateway)]));

/**
 * The way in of a payment gateway's callback (spec L5): verified over its raw bytes in the gateway's own scheme, stored,
 * and only then answered. What it says decides nothing: the gateway is asked about the charge that it names.
 */
function createCallbackReceiver({ db, senders, gatewayOf, onNews }: CallbackReceiving, gateway: GatewayName): Receiver {
  return async (subdomain, body, headers) => {
    const sender = await senders.find(subdomain);
    const account = sender && (await gatewayOf(sender.tenantId, gateway));
    if (!sender || !account) return { accepted: false, why: 'unknown_tenant' };
    const read = account.readCallback(body, headers);
    if (!read.ok && read.error === 'unsigned') return { accepted: false, why: 'bad_signature' };
    if (!sender.isActive) return { accepted: false, why: 'deactivated' };
    const bytes = createHash('sha256').update(body).digest('hex');
    const news = read.ok ? read.value : { orderId: '', dedup: `bytes ${bytes}` };
    const correlationId = newCorrelationId();
    const stored = await keep(db, { tenantId: sender.tenantId, gateway, body }, news, correlationId);
    if (stored.fresh) onNews();
    return { accepted: true, ...stored, correlationId };
  };
}
