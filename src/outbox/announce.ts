import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import type { Announcement } from '#domain/announcements.ts';
import { appendIntents, urgency } from '#outbox/append.ts';

/** One thing that happened, and the request or event that it follows from. */
export type Announcing = Announcement & { readonly correlationId: string };

type Delivery = { readonly id: string; readonly correlationId: string };

/** Has deliveries made: after they were written, or once more. */
const appendDeliveries = (tx: Tx, tenantId: string, deliveries: readonly Delivery[]) =>
  appendIntents(
    tx,
    tenantId,
    deliveries.map(({ id, correlationId }) => ({
      intent: { kind: 'webhook.deliver', deliveryId: id } as const,
      key: id,
      subscriptionId: null,
      // The order of deliveries is not promised, so no delivery is older than another.
      generation: 0n,
      urgency: urgency.other,
      correlationId,
    })),
  );

/** The body that is signed and sent (Standard Webhooks): `type`, `timestamp`, `data`. */
export const bodyOf = ({ type, data }: Announcement, at: Date): string =>
  JSON.stringify({ type, timestamp: at.toISOString(), data });

type Endpoint = { readonly id: string; readonly types: unknown; readonly is_active: boolean };

const wants = ({ types }: Endpoint, type: string): boolean =>
  Array.isArray(types) && (types.includes('*') || types.includes(type));

/**
 * Tells the tenant's webhook endpoints, in the transaction of what they are told (spec X12, B10). What no endpoint wants
 * is not kept; what only an endpoint that is off wants is kept, so that it can be replayed once it is on.
 */
export async function announceAll(tx: Tx, tenantId: string, some: readonly Announcing[]): Promise<void> {
  if (some.length === 0) return;
  const endpoints = await tx
    .selectFrom('webhook_endpoints')
    .where('tenant_id', '=', tenantId)
    .select(['id', 'event_types as types', 'is_active'])
    .execute();
  const told = some.filter(({ type }) => endpoints.some((endpoint) => wants(endpoint, type)));
  if (told.length === 0) return;
  const at = new Date();
  const rows = told.map((one) => ({
    id: randomUUID(),
    tenant_id: tenantId,
    type: one.type,
    body: bodyOf(one, at),
    correlation_id: one.correlationId,
    created_at: at,
  }));
  // Not read back: what is told of all customers is nothing that a reseller's request may look at.
  await tx.insertInto('announcements').values(rows).execute();
  await deliver(
    tx,
    tenantId,
    rows.flatMap((row) =>
      endpoints
        .filter((endpoint) => endpoint.is_active && wants(endpoint, row.type))
        .map((endpoint) => ({ endpointId: endpoint.id, announcementId: row.id, correlationId: row.correlation_id })),
    ),
  );
}

type Addressed = { readonly endpointId: string; readonly announcementId: string; readonly correlationId: string };

/** So many at once: a statement has 65,535 parameters at most. */
const together = 1_000;

/** Writes deliveries, or has those that were made before made again; answers their ids. */
export async function deliver(tx: Tx, tenantId: string, addressed: readonly Addressed[]): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let from = 0; from < addressed.length; from += together)
    ids.push(...(await deliverSome(tx, tenantId, addressed.slice(from, from + together))));
  return ids;
}

async function deliverSome(tx: Tx, tenantId: string, addressed: readonly Addressed[]): Promise<readonly string[]> {
  const correlations = new Map(addressed.map((one) => [`${one.endpointId} ${one.announcementId}`, one.correlationId]));
  const rows = await tx
    .insertInto('webhook_deliveries')
    .values(
      addressed.map(({ endpointId, announcementId }) => ({
        tenant_id: tenantId,
        endpoint_id: endpointId,
        announcement_id: announcementId,
      })),
    )
    .onConflict((conflict) =>
      conflict
        .columns(['tenant_id', 'endpoint_id', 'announcement_id'])
        .doUpdateSet({ state: 'pending', attempts: 0, error: null, status_code: sql`null` }),
    )
    .returning(['id', 'endpoint_id', 'announcement_id'])
    .execute();
  await appendDeliveries(
    tx,
    tenantId,
    rows.map((row) => ({
      id: row.id,
      correlationId: correlations.get(`${row.endpoint_id} ${row.announcement_id}`) ?? '',
    })),
  );
  return rows.map(({ id }) => id);
}

/** `announceAll` of one. */
export const announce = (tx: Tx, tenantId: string, one: Announcing): Promise<void> => announceAll(tx, tenantId, [one]);
