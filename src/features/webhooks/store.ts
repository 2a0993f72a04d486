import { type Selectable, sql } from 'kysely';
import { z } from 'zod';
import type { Tx } from '#db/database.ts';
import { likePattern } from '#db/like-pattern.ts';
import { mapPage, type Page, readPage } from '#db/page.ts';
import type { WebhookEndpointsTable } from '#db/tables/webhooks.ts';
import type { Delivery, DeliveryQuery, Endpoint, EndpointQuery } from './schema.ts';

export type EndpointRow = Selectable<WebhookEndpointsTable>;
const Types = z.array(z.string());

export const endpointView = (row: EndpointRow): Endpoint => ({
  id: row.id,
  url: row.url,
  description: row.description,
  event_types: Types.parse(row.event_types),
  is_active: row.is_active,
  disabled_at: row.disabled_at?.toISOString() ?? null,
  disabled_reason: row.disabled_reason,
  failing_since: row.failing_since?.toISOString() ?? null,
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
});

const ofTenant = (tx: Tx, tenantId: string) => tx.selectFrom('webhook_endpoints').where('tenant_id', '=', tenantId);

export const findEndpoint = (tx: Tx, tenantId: string, id: string): Promise<EndpointRow | undefined> =>
  ofTenant(tx, tenantId).where('id', '=', id).selectAll().executeTakeFirst();

/** Locked, so that two changes do not overlook each other. */
export const findEndpointToChange = (tx: Tx, tenantId: string, id: string): Promise<EndpointRow | undefined> =>
  ofTenant(tx, tenantId).where('id', '=', id).selectAll().forUpdate().executeTakeFirst();

export async function countEndpoints(tx: Tx, tenantId: string): Promise<number> {
  const { n } = await ofTenant(tx, tenantId)
    .select((eb) => eb.fn.countAll<bigint>().as('n'))
    .executeTakeFirstOrThrow();
  return Number(n);
}

export async function listEndpoints(tx: Tx, tenantId: string, query: EndpointQuery): Promise<Page<Endpoint>> {
  let rows = ofTenant(tx, tenantId);
  if (query.is_active) rows = rows.where('is_active', '=', query.is_active === 'true');
  if (query.search) {
    const pattern = likePattern(query.search);
    rows = rows.where((eb) => eb.or([eb('url', 'ilike', pattern), eb('description', 'ilike', pattern)]));
  }
  const ordered = rows.selectAll().orderBy('created_at', 'desc').orderBy('id');
  return mapPage(await readPage(ordered, query), endpointView);
}

const deliveries = (tx: Tx, tenantId: string) =>
  tx
    .selectFrom('webhook_deliveries as d')
    .innerJoin('announcements as a', (join) =>
      join.onRef('a.tenant_id', '=', 'd.tenant_id').onRef('a.id', '=', 'd.announcement_id'),
    )
    .where('d.tenant_id', '=', tenantId);

const deliveryColumns = [
  'd.id',
  'd.endpoint_id',
  'd.announcement_id',
  'a.type',
  'd.state',
  'd.attempts',
  'd.status_code',
  'd.error',
  'd.latency_ms',
  'd.created_at',
  'd.last_attempt_at',
  'd.delivered_at',
] as const;

export const findDelivery = (tx: Tx, tenantId: string, id: string) =>
  deliveries(tx, tenantId).where('d.id', '=', id).select(deliveryColumns).executeTakeFirst();
type DeliveryRow = NonNullable<Awaited<ReturnType<typeof findDelivery>>>;

export const deliveryView = ({ announcement_id, ...row }: DeliveryRow): Delivery => ({
  ...row,
  webhook_id: `msg_${announcement_id}`,
  created_at: row.created_at.toISOString(),
  last_attempt_at: row.last_attempt_at?.toISOString() ?? null,
  delivered_at: row.delivered_at?.toISOString() ?? null,
});

export async function listDeliveries(tx: Tx, tenantId: string, query: DeliveryQuery): Promise<Page<Delivery>> {
  let rows = deliveries(tx, tenantId);
  if (query.endpoint_id) rows = rows.where('d.endpoint_id', '=', query.endpoint_id);
  if (query.state) rows = rows.where('d.state', '=', query.state);
  if (query.type) rows = rows.where('a.type', '=', query.type);
  if (query.search) rows = rows.where('d.error', 'ilike', likePattern(query.search));
  const ordered = rows.select(deliveryColumns).orderBy('d.created_at', 'desc').orderBy('d.id');
  return mapPage(await readPage(ordered, query), deliveryView);
}

/** What an endpoint with these event types would have been told between two instants, the oldest first. */
export const announcementsBetween = (
  tx: Tx,
  tenantId: string,
  types: readonly string[],
  range: { readonly from: Date; readonly to: Date },
  limit: number,
) =>
  tx
    .selectFrom('announcements')
    .where('tenant_id', '=', tenantId)
    .where('created_at', '>=', range.from)
    .where('created_at', '<=', range.to)
    .where(sql<boolean>`(type = any(${[...types]}) or ('*' = any(${[...types]}) and type <> 'ping'))`)
    .select(['id', 'correlation_id'])
    .orderBy('created_at')
    .orderBy('id')
    .limit(limit)
    .execute();
