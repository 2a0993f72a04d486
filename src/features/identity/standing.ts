import type { Database } from '#db/database.ts';
import type { Clock } from '#platform/clock.ts';
import type { Caller } from '#platform/routing.ts';
import type { AccessTokens } from './access-tokens.ts';
import { findById } from './store.ts';

/** A caller as the HTTP door lets it in; `subdomain` is null for a platform owner. */
export type Known = { readonly caller: Caller; readonly subdomain: string | null };

/** For so long a token works on after its user or tenant was deactivated (SEC-13 asks for a minute). */
const believedMs = 5_000;
const mostRemembered = 10_000;

type Standing = { readonly at: number; readonly known: Known | null };

/**
 * Lets in whose access token is good and whose user and tenant are active. The role and the tenant are the stored ones as
 * long as they agree with the token's: a user that was given another role logs in anew.
 */
export function createAuthenticator(
  db: Database,
  accessTokens: AccessTokens,
  clock: Clock,
): (token: string) => Promise<Known | null> {
  const remembered = new Map<string, Standing>();

  async function look(caller: Caller): Promise<Known | null> {
    const account = await db.gate((tx) => findById(tx, caller.userId));
    if (!account?.isActive || account.tenant?.isActive === false) return null;
    if (account.tenant_id !== caller.tenantId || account.role !== caller.role) return null;
    return { caller, subdomain: account.tenant?.subdomain ?? null };
  }

  return async (token) => {
    const caller = await accessTokens.verify(token);
    if (!caller) return null;
    const key = `${caller.userId} ${caller.tenantId} ${caller.role}`;
    const last = remembered.get(key);
    const now = clock();
    if (last && now - last.at < believedMs) return last.known;
    const known = await look(caller);
    if (remembered.size >= mostRemembered) remembered.clear();
    remembered.set(key, { at: now, known });
    return known;
  };
}
