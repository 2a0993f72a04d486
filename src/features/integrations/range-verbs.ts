import { record } from '#audit/record.ts';
import type { Tx } from '#db/database.ts';
import { demand, type Who } from '#platform/caller.ts';
import type { EventRange, IntentRange, Replayed, Retried } from './range-schema.ts';
import { renewEvents, reviveIntents } from './range-store.ts';

/**
 * Has many stored deliveries worked on again (spec B9): the inbox loop marks the documents that they name, many
 * deliveries about one document are one look at it as it is now, and no old truth comes back. At most 5,000 a call;
 * `next` says where to go on. One entry in the audit log tells of the whole call.
 */
export async function replayEvents(tx: Tx, who: Who, asked: EventRange): Promise<Replayed> {
  demand(who.caller, 'integrations:write');
  const { seen, changed, next } = await renewEvents(tx, who.tenantId, asked);
  await record(tx, who, { action: 'run', entity: 'event', id: 'range', after: { ...asked, replayed: changed } });
  return { replayed: changed, left_out: seen - changed, next };
}

/** Has intents that were given up tried again; one that a newer decision overtook is refused by its target (law 2). */
export async function retryIntents(tx: Tx, who: Who, asked: IntentRange): Promise<Retried> {
  demand(who.caller, 'integrations:write');
  const { changed, next } = await reviveIntents(tx, who.tenantId, asked);
  await record(tx, who, { action: 'run', entity: 'intent', id: 'range', after: { ...asked, retried: changed } });
  return { retried: changed, next };
}
