import { randomBytes, randomUUID } from 'node:crypto';
import { record } from '#audit/record.ts';
import type { Database, Tx } from '#db/database.ts';
import type { Result } from '#domain/result.ts';
import { demand, type Who } from '#platform/caller.ts';
import type { Clock } from '#platform/clock.ts';
import { invalid, notFound, Refusal } from '#platform/refusal.ts';
import type { TenantVault } from '#platform/secrets.ts';
import type { Endpoint, EndpointChange, EndpointQuery, EndpointWithSecret, NewEndpoint } from './schema.ts';
import * as store from './store.ts';

export type WebhooksDeps = {
  readonly db: Database;
  readonly clock: Clock;
  readonly vaultOf: (tenantId: string) => Promise<TenantVault>;
  /** Whether the hub may connect there on behalf of this tenant; the error says in words why not. */
  readonly checkUrl: (tenantId: string, url: string) => Promise<Result<null, string>>;
};

/** Each thing that happens is written once for each of them. */
const maxEndpoints = 20;

/** 192 bits, as Standard Webhooks writes a symmetric key. */
const newSecret = (): string => `whsec_${randomBytes(24).toString('base64')}`;

const placeOf = (id: string, column: 'secret' | 'previous_secret') => ({ table: 'webhook_endpoints', column, row: id });

/** What the audit log keeps of an endpoint; the query of its address may be a password. */
const audited = ({ url, description, event_types, is_active }: Endpoint): Record<string, unknown> => ({
  url: url.replace(/\?.*$/, '?…'),
  description,
  event_types,
  is_active,
});

/** Refused here and again at each connect: what a name leads to may change (SEC-17). */
async function refuseClosed({ checkUrl }: WebhooksDeps, tenantId: string, url: string | undefined): Promise<void> {
  const checked = url === undefined ? null : await checkUrl(tenantId, url);
  if (checked?.ok === false) throw invalid('url', `url: ${checked.error}`);
}

/** Locked, with the audit entry of what `work` makes of it. */
async function changing(
  tx: Tx,
  who: Who,
  id: string,
  work: (row: store.EndpointRow) => Promise<store.EndpointRow>,
): Promise<Endpoint> {
  const row = await store.findEndpointToChange(tx, who.tenantId, id);
  if (!row) throw notFound('webhook endpoint');
  const before = store.endpointView(row);
  const after = store.endpointView(await work(row));
  await record(tx, who, {
    action: 'update',
    entity: 'webhook_endpoint',
    id,
    before: audited(before),
    after: audited(after),
  });
  return after;
}

const update = (tx: Tx, tenantId: string, id: string) =>
  tx.updateTable('webhook_endpoints').where('tenant_id', '=', tenantId).where('id', '=', id).returningAll();

/** Adds an endpoint; its secret is told in this answer alone. */
export async function addEndpoint(deps: WebhooksDeps, who: Who, input: NewEndpoint): Promise<EndpointWithSecret> {
  demand(who.caller, 'webhooks:write');
  const { tenantId } = who;
  await refuseClosed(deps, tenantId, input.url);
  const vault = await deps.vaultOf(tenantId);
  const [id, secret] = [randomUUID(), newSecret()];
  return deps.db.tenant(tenantId, async (tx) => {
    if ((await store.countEndpoints(tx, tenantId)) >= maxEndpoints)
      throw new Refusal('CONFLICT', `There are ${maxEndpoints} endpoints already: remove one first.`);
    const row = await tx
      .insertInto('webhook_endpoints')
      .values({
        id,
        tenant_id: tenantId,
        url: input.url,
        description: input.description,
        event_types: JSON.stringify(input.event_types),
        secret: vault.seal(secret, placeOf(id, 'secret')),
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    const view = store.endpointView(row);
    await record(tx, who, { action: 'create', entity: 'webhook_endpoint', id, after: audited(view) });
    return { ...view, secret };
  });
}

/** Changes what is named. Turned on again it starts with a clean record. */
export async function changeEndpoint(
  deps: WebhooksDeps,
  who: Who,
  id: string,
  change: EndpointChange,
): Promise<Endpoint> {
  demand(who.caller, 'webhooks:write');
  await getEndpoint(deps, who, id);
  await refuseClosed(deps, who.tenantId, change.url);
  const { url, description, event_types, is_active } = change;
  return deps.db.tenant(who.tenantId, (tx) =>
    changing(tx, who, id, () =>
      update(tx, who.tenantId, id)
        .set({
          updated_at: new Date(deps.clock()),
          ...(url !== undefined && { url }),
          ...(description !== undefined && { description }),
          ...(event_types !== undefined && { event_types: JSON.stringify(event_types) }),
          ...(is_active !== undefined && { is_active }),
          ...(is_active === true && { disabled_at: null, disabled_reason: null, failing_since: null }),
        })
        .executeTakeFirstOrThrow(),
    ),
  );
}

/** A new secret; the one before signs beside it for 24 hours, so that the receiver can change over. */
export async function rotateSecret(deps: WebhooksDeps, who: Who, id: string): Promise<EndpointWithSecret> {
  demand(who.caller, 'webhooks:write');
  const vault = await deps.vaultOf(who.tenantId);
  const secret = newSecret();
  const at = new Date(deps.clock());
  const endpoint = await deps.db.tenant(who.tenantId, async (tx) => {
    const view = await changing(tx, who, id, (row) => {
      const old = vault.open(row.secret, placeOf(id, 'secret'));
      return update(tx, who.tenantId, id)
        .set({
          secret: vault.seal(secret, placeOf(id, 'secret')),
          previous_secret: vault.seal(old, placeOf(id, 'previous_secret')),
          rotated_at: at,
          updated_at: at,
        })
        .executeTakeFirstOrThrow();
    });
    await record(tx, who, { action: 'update', entity: 'webhook_secret', id, after: { rotated_at: at.toISOString() } });
    return view;
  });
  return { ...endpoint, secret };
}

/** With its deliveries. What still waited for it is not sent. */
export async function removeEndpoint({ db }: WebhooksDeps, who: Who, id: string): Promise<void> {
  demand(who.caller, 'webhooks:write');
  await db.tenant(who.tenantId, async (tx) => {
    const row = await store.findEndpointToChange(tx, who.tenantId, id);
    if (!row) throw notFound('webhook endpoint');
    await tx.deleteFrom('webhook_endpoints').where('tenant_id', '=', who.tenantId).where('id', '=', id).execute();
    const before = audited(store.endpointView(row));
    await record(tx, who, { action: 'delete', entity: 'webhook_endpoint', id, before });
  });
}

export async function getEndpoint({ db }: WebhooksDeps, who: Who, id: string): Promise<Endpoint> {
  demand(who.caller, 'webhooks:read');
  const row = await db.tenant(who.tenantId, (tx) => store.findEndpoint(tx, who.tenantId, id));
  if (!row) throw notFound('webhook endpoint');
  return store.endpointView(row);
}

export async function listEndpoints({ db }: WebhooksDeps, who: Who, query: EndpointQuery) {
  demand(who.caller, 'webhooks:read');
  return db.tenant(who.tenantId, (tx) => store.listEndpoints(tx, who.tenantId, query));
}
