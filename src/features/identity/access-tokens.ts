import { type KeyObject, randomUUID } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { Clock } from '#platform/clock.ts';
import type { Caller } from '#platform/routing.ts';
import type { SigningKey } from './signing-key.ts';

/** Spec I1. */
export const accessSeconds = 15 * 60;

const audience = 'jembatan-api';
const type = 'at+jwt';
const algorithm = 'RS256';

const Claims = z.object({ sub: z.uuid(), tenant: z.uuid().nullable(), role: z.string().min(1) });

export type AccessTokens = {
  issue(caller: Caller): Promise<string>;
  /** Null: not signed by us, not for us, expired, or not an access token at all. */
  verify(token: string): Promise<Caller | null>;
};

/** RS256 only; the key is found by its id among ours, never by what a token proposes (SEC-11). */
export function createAccessTokens(key: SigningKey, clock: Clock, issuer: string): AccessTokens {
  return {
    issue: ({ userId, tenantId, role }) => {
      const now = Math.floor(clock() / 1000);
      return new SignJWT({ tenant: tenantId, role })
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
      try {
        const keyOf = ({ kid }: { kid?: string }): KeyObject => {
          if (kid !== key.id) throw new errors.JWSInvalid('No key of ours has this id.');
          return key.publicKey;
        };
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
        const { sub, tenant, role } = claims.data;
        return { userId: sub, tenantId: tenant, role };
      } catch (error) {
        if (error instanceof errors.JOSEError) return null;
        throw error;
      }
    },
  };
}
