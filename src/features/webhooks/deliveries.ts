import { record } from '#audit/record.ts';
import type { Tx } from '#db/database.ts';
import { bodyOf, deliver } from '#outbox/announce.ts';
import { demand, type Who } from '#platform/caller.ts';
import { notFound, Refusal } from '#platform/refusal.ts';
import type { Delivery, DeliveryQuery, ReplayRange } from './schema.ts';
import * as store from './store.ts';
import type { WebhooksDeps } from './verbs.ts';

type Deps = Pick<WebhooksDeps, 'db' | 'clock'>;

/** More than this would hold the transaction too long; the caller goes on with a later `from`. */
const maxReplayed = 10_000;

export async function listDeliveries({ db }: Deps, who: Who, query: DeliveryQuery) {
  demand(who.caller, 'webhooks:read');
  return db.tenant(who.tenantId, (tx) => store.listDeliveries(tx, who.tenantId, query));
}

/** An endpoint that is on; what is sent to one that is off would be cancelled at once. */
async function openEndpoint(tx: Tx, who: Who, id: string): Promise<store.EndpointRow> {
  const endpoint = await store.findEndpoint(tx, who.tenantId, id);
  if (!endpoint) throw notFound('webhook endpoint');
  if (!endpoint.is_active) throw new Refusal('CONFLICT', 'The endpoint is off: turn it on first (is_active).');
  return endpoint;
}

async function shown(tx: Tx, who: Who, id: string): Promise<Delivery> {
  const delivery = await store.findDelivery(tx, who.tenantId, id);
  if (!delivery) throw notFound('webhook delivery');
  return store.deliveryView(delivery);
}

/** Sends a `ping` to one endpoint, whatever events it asked for. */
export async function testEndpoint({ db, clock }: Deps, who: Who, id: string): Promise<Delivery> {
  demand(who.caller, 'webhooks:write');
  const { tenantId, correlationId } = who;
  return db.tenant(tenantId, async (tx) => {
    const endpoint = await openEndpoint(tx, who, id);
    const at = new Date(clock());
    const body = bodyOf({ type: 'ping', data: { text: 'It works.' } }, at);
    const announced = await tx
      .insertInto('announcements')
      .values({ tenant_id: tenantId, type: 'ping', body, correlation_id: correlationId, created_at: at })
      .returning('id')
      .executeTakeFirstOrThrow();
    const addressed = { endpointId: endpoint.id, announcementId: announced.id, correlationId };
    const [deliveryId = ''] = await deliver(tx, tenantId, [addressed]);
    await record(tx, who, { action: 'run', entity: 'webhook_endpoint', id });
    return shown(tx, who, deliveryId);
  });
}

/** Has one delivery made again, under the same `webhook-id` (spec B9). */
export async function replayDelivery({ db }: Deps, who: Who, id: string): Promise<Delivery> {
  demand(who.caller, 'webhooks:write');
  return db.tenant(who.tenantId, async (tx) => {
    const delivery = await store.findDelivery(tx, who.tenantId, id);
    if (!delivery) throw notFound('webhook delivery');
    await openEndpoint(tx, who, delivery.endpoint_id);
    const { endpoint_id: endpointId, announcement_id: announcementId } = delivery;
    await deliver(tx, who.tenantId, [{ endpointId, announcementId, correlationId: who.correlationId }]);
    await record(tx, who, { action: 'run', entity: 'webhook_delivery', id });
    return shown(tx, who, id);
  });
}

/** Has everything that an endpoint wants of a time delivered again, or for the first time. Answers how many. */
export async function replayRange({ db }: Deps, who: Who, id: string, { from, to }: ReplayRange): Promise<number> {
  demand(who.caller, 'webhooks:write');
  return db.tenant(who.tenantId, async (tx) => {
    const endpoint = await openEndpoint(tx, who, id);
    const range = { from: new Date(from), to: new Date(to) };
    const types = store.endpointView(endpoint).event_types;
    const found = await store.announcementsBetween(tx, who.tenantId, types, range, maxReplayed + 1);
    if (found.length > maxReplayed)
      throw new Refusal('CONFLICT', `More than ${maxReplayed} events lie between: choose a shorter time.`);
    await deliver(
      tx,
      who.tenantId,
      found.map((one) => ({ endpointId: id, announcementId: one.id, correlationId: one.correlation_id })),
    );
    await record(tx, who, {
      action: 'run',
      entity: 'webhook_endpoint',
      id,
      after: { from, to, replayed: found.length },
    });
    return found.length;
  });
}
