import { type KeyObject, randomUUID } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { Clock } from '#platform/clock.ts';
import type { Caller } from '#platform/routing.ts';
import type { KeyRing } from './key-ring.ts';

/** Spec I1. */
export const accessSeconds = 15 * 60;

const audience = 'jembatan-api';
const type = 'at+jwt';
const algorithm = 'RS256';
/** Tokens that were found good, so that a client that asks often is not reckoned with each time. */
const mostRemembered = 10_000;

const Claims = z.object({
  sub: z.uuid(),
  tenant: z.uuid().nullable(),
  role: z.string().min(1),
  exp: z.number().int(),
  iat: z.number().int(),
  epoch: z.number().int(),
  sid: z.uuid().optional(),
});

/** What a token says; `epoch` must be the user's own, or it was ended before its time. */
export type Claimed = { readonly caller: Caller; readonly epoch: number };

export type AccessTokens = {
  issue(caller: Caller, epoch: number): Promise<string>;
  /** Null: not signed by us, not for us, expired, or not an access token at all. */
  verify(token: string): Promise<Claimed | null>;
};

type Good = { readonly claimed: Claimed; readonly from: number; readonly until: number };

/** The claims of a token that `keys` verify; null: it is not good. */
async function check(keys: KeyRing, clock: Clock, issuer: string, token: string): Promise<Good | null> {
  const keyOf = async ({ kid = '' }: { kid?: string }): Promise<KeyObject> => {
    const key = await keys.find(kid);
    if (!key) throw new errors.JWSInvalid('No key of ours has this id.');
    return key.publicKey;
  };
  try {
    const { payload } = await jwtVerify(token, keyOf, {
      algorithms: [algorithm],
      typ: type,
      issuer,
      audience,
      requiredClaims: ['exp', 'nbf', 'iat', 'sub'],
      currentDate: new Date(clock()),
    });
    const claims = Claims.safeParse(payload);
    if (!claims.success) return null;
    const { sub, tenant, role, epoch, sid, iat, exp } = claims.data;
    return {
      claimed: { caller: { userId: sub, tenantId: tenant, role, ...(sid && { sessionId: sid }) }, epoch },
      from: iat * 1_000,
      until: exp * 1_000,
    };
  } catch (error) {
    if (error instanceof errors.JOSEError) return null;
    throw error;
  }
}

/** RS256 only; the key is found by its id among ours, never by what a token proposes (SEC-11). */
export function createAccessTokens(keys: KeyRing, clock: Clock, issuer: string): AccessTokens {
  const good = new Map<string, Good>();
  return {
    issue: async ({ userId, tenantId, role, sessionId }, epoch) => {
      const key = await keys.current();
      const now = Math.floor(clock() / 1000);
      return new SignJWT({ tenant: tenantId, role, epoch, ...(sessionId && { sid: sessionId }) })
        .setProtectedHeader({ alg: algorithm, typ: type, kid: key.id })
        .setSubject(userId)
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt(now)
        .setNotBefore(now)
        .setExpirationTime(now + accessSeconds)
        .setJti(randomUUID())
        .sign(key.privateKey);
    },
    verify: async (token) => {
      const now = clock();
      const known = good.get(token);
      if (known && known.from <= now && now < known.until) return known.claimed;
      const found = await check(keys, clock, issuer, token);
      if (good.size >= mostRemembered) good.clear();
      if (found) good.set(token, found);
      return found?.claimed ?? null;
    },
  };
}
