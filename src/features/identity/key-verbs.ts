import { record } from '#audit/record.ts';
import { type Permission, rolePermissions } from '#domain/permissions.ts';
import { type Caller, demand, may, type Who } from '#platform/caller.ts';
import { invalid, notFound, Refusal } from '#platform/refusal.ts';
import { apiKeyHash, hintOf, newApiKey } from './api-key.ts';
import type { IdentityDeps } from './identity-deps.ts';
import type { ApiKey, ApiKeyQuery, NewApiKey } from './key-schema.ts';
import { insertKey, listKeys, revokeKey } from './key-store.ts';
import { demandReseller } from './reseller-seat.ts';

type Deps = Pick<IdentityDeps, 'db' | 'clock'>;

/** A key may do no more than its maker; a reseller's no more than resellers do. */
function demandScopes(caller: Caller, { scopes }: NewApiKey, resellerId: string | null): void {
  const isMeant = (scope: Permission): boolean =>
    resellerId === null ? may(caller, scope) : rolePermissions.reseller.includes(scope);
  const beyond = scopes.filter((scope) => !isMeant(scope));
  if (beyond.length === 0) return;
  const most = resellerId === null ? 'its maker' : 'a reseller';
  throw new Refusal('FORBIDDEN', `A key may do no more than ${most}: ${beyond.join(', ')}.`, { scopes: beyond });
}

/** A key that may do what its scopes say and no more than its maker; it is the tenant's, and outlives its maker (I4). */
export async function makeKey({ db, clock }: Deps, who: Who, input: NewApiKey): Promise<ApiKey & { key: string }> {
  const { caller, tenantId } = who;
  demand(caller, 'api_keys:write');
  const resellerId = input.reseller_id ?? null;
  demandScopes(caller, input, resellerId);
  const now = clock();
  const expiresAt = input.expires_at === undefined ? null : new Date(input.expires_at);
  if (expiresAt && expiresAt.getTime() <= now) throw invalid('expires_at', 'expires_at: must be in the future');
  const key = newApiKey();
  const { name } = input;
  const scopes = [...new Set(input.scopes)];
  const made = await db.tenant(tenantId, async (tx) => {
    if (resellerId !== null) await demandReseller(tx, tenantId, resellerId);
    const row = await insertKey(tx, {
      tenant_id: tenantId,
      name,
      hint: hintOf(key),
      key_hash: apiKeyHash(key),
      scopes: JSON.stringify(scopes),
      created_by: caller.userId,
      created_at: new Date(now),
      expires_at: expiresAt,
      reseller_id: resellerId,
    });
    const after = { name, scopes, reseller_id: resellerId, hint: row.hint, expires_at: row.expires_at };
    await record(tx, who, { action: 'create', entity: 'api_key', id: row.id, after });
    return row;
  });
  return { ...made, key };
}

export async function findKeys({ db }: Deps, who: Who, query: ApiKeyQuery) {
  demand(who.caller, 'api_keys:read');
  return db.tenant(who.tenantId, (tx) => listKeys(tx, who.tenantId, query));
}

/** Revokes a key: refused from now on here, within seconds in other processes. It stays listed. */
export async function endKey({ db, clock }: Deps, who: Who, id: string): Promise<void> {
  demand(who.caller, 'api_keys:write');
  await db.tenant(who.tenantId, async (tx) => {
    const key = await revokeKey(tx, who.tenantId, id, new Date(clock()));
    if (!key) throw notFound('API key');
    const before = { name: key.name, hint: key.hint, scopes: key.scopes };
    await record(tx, who, { action: 'delete', entity: 'api_key', id, before });
  });
}
