import type { Tx } from '#db/database.ts';
import { likePattern } from '#db/like-pattern.ts';
import { readPage } from '#db/page.ts';
import type { EventQuery, OutboxQuery } from './schema.ts';

const eventColumns = [
  'id',
  'source',
  'state',
  'doctype',
  'name',
  'event',
  'modified',
  'error',
  'correlation_id',
  'received_at',
  'consumed_at',
] as const;

function matchingEvents(tx: Tx, tenantId: string, { state, doctype, search }: EventQuery) {
  let rows = tx.selectFrom('inbox').where('tenant_id', '=', tenantId);
  if (state !== undefined) rows = rows.where('state', '=', state);
  if (doctype !== undefined) rows = rows.where('doctype', '=', doctype);
  if (search) rows = rows.where('name', 'ilike', likePattern(search));
  return rows;
}

/** The newest first; the raw bodies stay where they are. */
export const listEvents = (tx: Tx, tenantId: string, query: EventQuery) =>
  readPage(matchingEvents(tx, tenantId, query).select(eventColumns).orderBy('id', 'desc'), query);

const oneEvent = (tx: Tx, tenantId: string, id: bigint) =>
  tx.selectFrom('inbox').where('tenant_id', '=', tenantId).where('id', '=', id).select(eventColumns);

export const findEvent = (tx: Tx, tenantId: string, id: bigint) => oneEvent(tx, tenantId, id).executeTakeFirst();
export const lockEvent = (tx: Tx, tenantId: string, id: bigint) =>
  oneEvent(tx, tenantId, id).forUpdate().executeTakeFirst();
export type EventRow = NonNullable<Awaited<ReturnType<typeof findEvent>>>;

export const renewEvent = (tx: Tx, tenantId: string, id: bigint) =>
  tx
    .updateTable('inbox')
    .set({ state: 'new', error: null, consumed_at: null })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .returning(eventColumns)
    .executeTakeFirstOrThrow();

function matchingIntents(tx: Tx, tenantId: string, { state, kind, subscription_id, search }: OutboxQuery) {
  let rows = tx.selectFrom('outbox').where('tenant_id', '=', tenantId);
  if (state !== undefined) rows = rows.where('state', '=', state);
  if (kind !== undefined) rows = rows.where('kind', '=', kind);
  if (subscription_id !== undefined) rows = rows.where('subscription_id', '=', subscription_id);
  if (search) rows = rows.where('key', 'ilike', likePattern(search));
  return rows;
}

/** The newest first. */
export const listIntents = (tx: Tx, tenantId: string, query: OutboxQuery) =>
  readPage(matchingIntents(tx, tenantId, query).selectAll().orderBy('id', 'desc'), query);

const oneIntent = (tx: Tx, tenantId: string, id: bigint) =>
  tx.selectFrom('outbox').where('tenant_id', '=', tenantId).where('id', '=', id).selectAll();

export const findIntent = (tx: Tx, tenantId: string, id: bigint) => oneIntent(tx, tenantId, id).executeTakeFirst();
export const lockIntent = (tx: Tx, tenantId: string, id: bigint) =>
  oneIntent(tx, tenantId, id).forUpdate().executeTakeFirst();
export type IntentRow = NonNullable<Awaited<ReturnType<typeof findIntent>>>;

/** A router that rests after a silence is asked at once: a person wants to know. */
export const wakeRouter = (tx: Tx, tenantId: string, id: string) =>
  tx.updateTable('nas').set({ next_try_at: null }).where('tenant_id', '=', tenantId).where('id', '=', id).execute();

export const retryIntent = (tx: Tx, tenantId: string, id: bigint) =>
  tx
    .updateTable('outbox')
    .set({ state: 'ready', attempts: 0, next_at: new Date(), error: null, finished_at: null })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
