import { markDocuments } from '#access/mark-dirty.ts';
import { record } from '#audit/record.ts';
import type { Tx } from '#db/database.ts';
import { mapPage } from '#db/page.ts';
import { demand, type Who } from '#platform/caller.ts';
import { notFound, Refusal } from '#platform/refusal.ts';
import type { Event, EventQuery, OutboxQuery, OutboxRow } from './schema.ts';
import * as store from './store.ts';

const eventView = (row: store.EventRow): Event => ({
  ...row,
  id: row.id.toString(),
  received_at: row.received_at.toISOString(),
  consumed_at: row.consumed_at?.toISOString() ?? null,
});

/** Fields of intents that may be seen; a field that is not named here, such as a sealed password, is not. */
const shownFields = new Set([
  'kind',
  'subscriptionId',
  'username',
  'desired',
  'keepSessions',
  'group',
  'check',
  'reply',
  'nasId',
  'address',
  'tenantKey',
  'allowRoaming',
  'appliedAt',
  'erpSubscription',
  'customerId',
  'messageId',
  'deliveryId',
]);

const shownIntent = (intent: unknown): Record<string, unknown> =>
  Object.fromEntries(Object.entries(Object(intent)).filter(([field]) => shownFields.has(field)));

const intentView = (row: store.IntentRow): OutboxRow => ({
  id: row.id.toString(),
  kind: row.kind,
  key: row.key,
  subscription_id: row.subscription_id,
  intent: shownIntent(row.intent),
  generation: Number(row.generation),
  urgency: row.urgency,
  state: row.state,
  attempts: row.attempts,
  next_at: row.next_at.toISOString(),
  error: row.error,
  correlation_id: row.correlation_id,
  created_at: row.created_at.toISOString(),
  finished_at: row.finished_at?.toISOString() ?? null,
});

export async function listEvents(tx: Tx, who: Who, query: EventQuery) {
  demand(who.caller, 'integrations:read');
  return mapPage(await store.listEvents(tx, who.tenantId, query), eventView);
}

export async function getEvent(tx: Tx, who: Who, id: bigint): Promise<Event> {
  demand(who.caller, 'integrations:read');
  const event = await store.findEvent(tx, who.tenantId, id);
  if (!event) throw notFound('event');
  return eventView(event);
}

/**
 * Has a stored delivery worked on again (spec B9): its document is looked at as it is now, so replaying an old event
 * brings no old truth back. What names no document, or none that the hub has a use for, cannot be replayed.
 */
export async function replayEvent(tx: Tx, who: Who, id: bigint): Promise<Event> {
  demand(who.caller, 'integrations:write');
  const event = await store.lockEvent(tx, who.tenantId, id);
  if (!event) throw notFound('event');
  if (event.state === 'ignored') {
    throw new Refusal('CONFLICT', `The hub has no use for ${event.doctype}: there is nothing to replay.`);
  }
  if (event.name === '') {
    throw new Refusal('CONFLICT', `This delivery names no document: ${event.error ?? 'it could not be read'}.`);
  }
  const { doctype, name, correlation_id: correlationId } = event;
  await markDocuments(tx, who.tenantId, [{ doctype, name, correlationId }]);
  const renewed = await store.renewEvent(tx, who.tenantId, id);
  const [before, after] = [{ state: event.state }, { state: renewed.state }];
  await record(tx, who, { action: 'run', entity: 'event', id: id.toString(), before, after });
  return eventView(renewed);
}

export async function listIntents(tx: Tx, who: Who, query: OutboxQuery) {
  demand(who.caller, 'integrations:read');
  return mapPage(await store.listIntents(tx, who.tenantId, query), intentView);
}

export async function getIntent(tx: Tx, who: Who, id: bigint): Promise<OutboxRow> {
  demand(who.caller, 'integrations:read');
  const intent = await store.findIntent(tx, who.tenantId, id);
  if (!intent) throw notFound('intent');
  return intentView(intent);
}

const retryable: readonly store.IntentRow['state'][] = ['ready', 'dead'];

/** Has a waiting or dead intent tried again now. An intent older than what its target holds is refused there (law 2). */
export async function retryIntent(tx: Tx, who: Who, id: bigint): Promise<OutboxRow> {
  demand(who.caller, 'integrations:write');
  const intent = await store.lockIntent(tx, who.tenantId, id);
  if (!intent) throw notFound('intent');
  if (!retryable.includes(intent.state)) {
    throw new Refusal('CONFLICT', `An intent that is ${intent.state} is not retried.`, { state: intent.state });
  }
  if (intent.nas_id !== null) await store.wakeRouter(tx, who.tenantId, intent.nas_id);
  const retried = await store.retryIntent(tx, who.tenantId, id);
  const before = { state: intent.state, attempts: intent.attempts };
  const after = { state: retried.state, attempts: retried.attempts };
  await record(tx, who, { action: 'run', entity: 'intent', id: id.toString(), before, after });
  return intentView(retried);
}
