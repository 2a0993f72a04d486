import { record } from '#audit/record.ts';
import type { Database } from '#db/database.ts';
import { type AppendMessage, appendSending } from '#outbox/append-message.ts';
import { demand, type Who } from '#platform/caller.ts';
import { notFound, Refusal } from '#platform/refusal.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';
import type { UnsubscribeLinks } from '#platform/unsubscribe-links.ts';
import type { Message, MessageQuery, TestMessage } from './schema.ts';
import * as store from './store.ts';

export { forgetMessagesOf, messagesOf } from './of-a-person.ts';

export type MessagesDeps = {
  readonly db: Database;
  readonly appendMessage: AppendMessage;
  readonly unsubscribeLinks: UnsubscribeLinks;
};

export async function listMessages({ db }: MessagesDeps, who: Who, query: MessageQuery) {
  demand(who.caller, 'messages:read');
  return db.tenant(who.tenantId, (tx) => store.listMessages(tx, who.tenantId, query));
}

/** Has a message that was given up tried again, four times as if it were new (spec P60). */
export async function retryMessage({ db }: MessagesDeps, who: Who, id: string): Promise<Message> {
  demand(who.caller, 'messages:write');
  return db.tenant(who.tenantId, async (tx) => {
    const before = await store.findMessage(tx, who.tenantId, id);
    if (!before) throw notFound('message');
    if (!(await store.renewMessage(tx, who.tenantId, id)))
      throw new Refusal('CONFLICT', `A message that is ${before.state} is not retried.`, { state: before.state });
    await appendSending(tx, who.tenantId, id, who.correlationId);
    await record(tx, who, { action: 'run', entity: 'message', id });
    return store.messageView({ ...before, state: 'queued', attempts: 0, error: null });
  });
}

/** Sends a short message, by which a person sees that mail leaves the hub and arrives. */
export async function sendTest({ db, appendMessage }: MessagesDeps, who: Who, { to }: TestMessage): Promise<Message> {
  demand(who.caller, 'messages:write');
  const { tenantId, correlationId } = who;
  return db.tenant(tenantId, async (tx) => {
    const tenant = await tx.selectFrom('tenants').where('id', '=', tenantId).select('settings').executeTakeFirst();
    const { language } = readTenantSettings(tenant?.settings);
    const id = await appendMessage(tx, tenantId, {
      event: 'test',
      to: { email: to },
      language,
      values: {},
      correlationId,
    });
    await record(tx, who, { action: 'create', entity: 'message', id, after: { event: 'test' } });
    const message = await store.findMessage(tx, tenantId, id);
    if (!message) throw notFound('message');
    return store.messageView(message);
  });
}
