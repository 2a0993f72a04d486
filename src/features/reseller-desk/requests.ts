import { record } from '#audit/record.ts';
import type { Database, Tx } from '#db/database.ts';
import { mapPage } from '#db/page.ts';
import { kindWords, type RequestKind } from '#domain/reseller-request.ts';
import type { AppendMessage } from '#outbox/append-message.ts';
import { demand, demandReseller, resellerOf, type Who } from '#platform/caller.ts';
import { invalid, notFound, Refusal } from '#platform/refusal.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';
import type { NewMessage, NewRequest, RequestQuery, RequestThread, ResellerRequest } from './requests-schema.ts';
import * as store from './requests-store.ts';

/** What a thread stands on. */
export type Threads = { readonly db: Database; readonly appendMessage: AppendMessage };

const requestView = (row: store.RequestRow): ResellerRequest => ({
  id: row.id,
  kind: row.kind,
  state: row.state,
  reseller: { id: row.reseller_id, name: row.reseller },
  customer: row.customer_id === null || row.customer === null ? null : { id: row.customer_id, name: row.customer },
  text: row.text,
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
});

/** A reseller reads and writes its own; whoever answers for the provider, all. */
function sightOf(who: Who, verb: 'read' | 'write'): store.Sight {
  const resellerId = resellerOf(who.caller);
  demand(who.caller, resellerId === null ? `reseller_requests:${verb}` : `own_sales:${verb}`);
  return { tenantId: who.tenantId, resellerId };
}

async function thread(tx: Tx, sight: store.Sight, id: string): Promise<RequestThread> {
  const row = await store.findRequest(tx, sight, id);
  if (!row) throw notFound('request');
  const messages = (await store.messagesOf(tx, sight.tenantId, id)).map((one) => ({
    id: one.id,
    by: one.by_provider ? ('provider' as const) : ('reseller' as const),
    name: one.author,
    text: one.text,
    at: one.created_at.toISOString(),
  }));
  return { ...requestView(row), messages };
}

/** The provider's people are not a reseller's to read: the hub looks them up itself. */
const providersOf = ({ db }: Threads, tenantId: string): Promise<readonly store.Reader[]> =>
  db.look(tenantId, (tx) => store.readersOf(tx, tenantId, 'provider'));

type Told = { readonly kind: RequestKind; readonly text: string };

async function languageOf(tx: Tx, tenantId: string) {
  const tenant = tx.selectFrom('tenants').where('id', '=', tenantId).select('settings');
  return readTenantSettings((await tenant.executeTakeFirstOrThrow()).settings).language;
}

async function tellProviders(
  tx: Tx,
  { appendMessage }: Threads,
  who: Who,
  readers: readonly store.Reader[],
  { kind, text }: Told,
): Promise<void> {
  const { tenantId, correlationId } = who;
  const language = await languageOf(tx, tenantId);
  const resellers = tx.selectFrom('resellers').where('tenant_id', '=', tenantId).where('id', '=', demandReseller(who));
  const { name: reseller } = await resellers.select('name').executeTakeFirstOrThrow();
  const values = { reseller, kind: kindWords[kind][language], text };
  for (const { id: userId, email } of readers) {
    const to = { email, userId };
    await appendMessage(tx, tenantId, { event: 'reseller_request', to, language, values, correlationId });
  }
}

async function tellReseller(tx: Tx, { appendMessage }: Threads, who: Who, resellerId: string, { kind, text }: Told) {
  const { tenantId, correlationId } = who;
  const language = await languageOf(tx, tenantId);
  const values = { kind: kindWords[kind][language], text };
  for (const { id: userId, email } of await store.readersOf(tx, tenantId, { resellerId })) {
    const to = { email, userId };
    await appendMessage(tx, tenantId, { event: 'reseller_answer', to, language, values, correlationId });
  }
}

async function checkCustomer(tx: Tx, tenantId: string, resellerId: string, id: string): Promise<void> {
  const own = tx.selectFrom('customers').where('tenant_id', '=', tenantId).where('reseller_id', '=', resellerId);
  const row = await own.where('id', '=', id).where('deleted_at', 'is', null).select('id').executeTakeFirst();
  if (!row) throw invalid('customer_id', 'There is no such customer.');
}

/** A reseller asks the provider; whoever answers there is written to. */
export async function openRequest(threads: Threads, who: Who, asked: NewRequest): Promise<RequestThread> {
  demand(who.caller, 'own_sales:write');
  const resellerId = demandReseller(who);
  const { tenantId, caller } = who;
  const readers = await providersOf(threads, tenantId);
  return threads.db.tenant(tenantId, async (tx) => {
    const { kind, text, customer_id: customerId } = asked;
    if (customerId !== null) await checkCustomer(tx, tenantId, resellerId, customerId);
    const author = { authorId: caller.userId, author: await store.authorName(tx, tenantId, caller.userId) };
    const openedBy = caller.userId;
    const id = await store.insertRequest(tx, { tenantId, resellerId }, { kind, customerId, openedBy });
    await store.insertMessage(tx, tenantId, { requestId: id, resellerId, byProvider: false, text, ...author });
    const after = { reseller_id: resellerId, customer_id: customerId, kind, state: 'open' };
    await record(tx, who, { action: 'create', entity: 'reseller_request', id, after });
    await tellProviders(tx, threads, who, readers, asked);
    return thread(tx, { tenantId, resellerId }, id);
  });
}

/** One more word, by either side: it is the other one's turn then. */
export async function writeMessage(
  threads: Threads,
  who: Who,
  id: string,
  { text }: NewMessage,
): Promise<RequestThread> {
  const sight = sightOf(who, 'write');
  const byProvider = sight.resellerId === null;
  const { tenantId, caller } = who;
  const readers = byProvider ? [] : await providersOf(threads, tenantId);
  return threads.db.tenant(tenantId, async (tx) => {
    const row = await store.lockRequest(tx, sight, id);
    if (!row) throw notFound('request');
    if (row.state === 'closed') throw new Refusal('CONFLICT', 'This request is closed: open another one.');
    const author = { authorId: caller.userId, author: await store.authorName(tx, tenantId, caller.userId) };
    await store.insertMessage(tx, tenantId, {
      requestId: id,
      resellerId: row.reseller_id,
      byProvider,
      text,
      ...author,
    });
    const state = byProvider ? 'answered' : 'open';
    await store.moveRequest(tx, tenantId, id, state);
    const states = { before: { state: row.state }, after: { state, messages: 'one more' } };
    await record(tx, who, { action: 'update', entity: 'reseller_request', id, ...states });
    const told = { kind: row.kind, text };
    if (byProvider) await tellReseller(tx, threads, who, row.reseller_id, told);
    else await tellProviders(tx, threads, who, readers, told);
    return thread(tx, sight, id);
  });
}

/** Nothing is left to do; the provider says so. A second time changes nothing. */
export async function closeRequest({ db }: Threads, who: Who, id: string): Promise<RequestThread> {
  demand(who.caller, 'reseller_requests:write');
  const sight = { tenantId: who.tenantId, resellerId: null };
  return db.tenant(who.tenantId, async (tx) => {
    const row = await store.lockRequest(tx, sight, id);
    if (!row) throw notFound('request');
    if (row.state !== 'closed') {
      await store.moveRequest(tx, who.tenantId, id, 'closed');
      const states = { before: { state: row.state }, after: { state: 'closed' } };
      await record(tx, who, { action: 'update', entity: 'reseller_request', id, ...states });
    }
    return thread(tx, sight, id);
  });
}

export async function listRequests({ db }: Threads, who: Who, query: RequestQuery) {
  const sight = sightOf(who, 'read');
  return db.tenant(who.tenantId, async (tx) => mapPage(await store.listRequests(tx, sight, query), requestView));
}

export async function getRequest({ db }: Threads, who: Who, id: string): Promise<RequestThread> {
  const sight = sightOf(who, 'read');
  return db.tenant(who.tenantId, (tx) => thread(tx, sight, id));
}
