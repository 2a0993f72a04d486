import type { Database } from '#db/database.ts';
import type { Caller } from '#platform/caller.ts';
import type { Clock } from '#platform/clock.ts';
import type { AccessTokens, Claimed } from './access-tokens.ts';
import { apiKeyHash, isApiKey } from './api-key.ts';
import { useKey } from './key-store.ts';
import { findById, findInSession } from './store.ts';

/** A caller as the HTTP door lets it in; `subdomain` is null for a platform owner. */
export type Known = { readonly caller: Caller; readonly subdomain: string | null };

/** For so long a token or key works on after it was ended (SEC-13 asks for a minute). */
const believedMs = 5_000;
const mostRemembered = 10_000;

type Standing = { readonly at: number; readonly known: Promise<Known | null> };

/**
 * Lets in whose access token or API key is good and whose user and tenant are active. The role, the tenant and the epoch
 * of a token must be the user's own: one that was given another role, or was logged out, logs in anew.
 */
export function createAuthenticator(
  db: Database,
  accessTokens: AccessTokens,
  clock: Clock,
): (credential: string, address: string) => Promise<Known | null> {
  const remembered = new Map<string, Standing>();

  /** Of many requests at once one looks. */
  function believed(key: string, look: () => Promise<Known | null>): Promise<Known | null> {
    const last = remembered.get(key);
    const now = clock();
    // The second half: a clock that was set back makes nothing believed for longer.
    if (last && now - last.at < believedMs && now >= last.at) return last.known;
    if (remembered.size >= mostRemembered) remembered.clear();
    const known = look();
    remembered.set(key, { at: now, known });
    known.catch(() => remembered.delete(key));
    return known;
  }

  async function lookForUser({ caller, epoch }: Claimed): Promise<Known | null> {
    const { userId, sessionId } = caller;
    const account = await db.gateOnce((tx) =>
      sessionId === undefined ? findById(tx, userId) : findInSession(tx, userId, sessionId),
    );
    if (!account?.is_active || account.tenant?.isActive === false) return null;
    if (account.tenant_id !== caller.tenantId || account.role !== caller.role || account.epoch !== epoch) return null;
    if (!account.resellerIsActive) return null;
    const { reseller_id: resellerId } = account;
    const known = resellerId === null ? caller : { ...caller, resellerId };
    return { caller: known, subdomain: account.tenant?.subdomain ?? null };
  }

  async function byToken(token: string): Promise<Known | null> {
    const claimed = await accessTokens.verify(token);
    if (!claimed) return null;
    const { userId, tenantId, role, sessionId } = claimed.caller;
    return believed(`${userId} ${tenantId} ${role} ${claimed.epoch} ${sessionId}`, () => lookForUser(claimed));
  }

  function byKey(key: string, address: string): Promise<Known | null> {
    const hash = apiKeyHash(key);
    return believed(`key ${hash.toString('base64url')}`, () =>
      db.gateOnce((tx) => useKey(tx, hash, address, new Date(clock()))),
    );
  }

  return (credential, address) => (isApiKey(credential) ? byKey(credential, address) : byToken(credential));
}
