import { randomUUID } from 'node:crypto';
import { Registry } from 'prom-client';
import { createAccessTokens } from '#features/identity/access-tokens.ts';
import type { IdentityDeps, ResetMail } from '#features/identity/identity-deps.ts';
import { createKeyRing } from '#features/identity/key-ring.ts';
import { keySetRoutes } from '#features/identity/key-set-routes.ts';
import { createLoginThrottle } from '#features/identity/login-throttle.ts';
import { createPasswords } from '#features/identity/passwords.ts';
import { loginRoutes, userRoutes } from '#features/identity/routes.ts';
import { ensureSigningKey, readSigningKeys } from '#features/identity/signing-keys.ts';
import { createAuthenticator } from '#features/identity/standing.ts';
import { createApp } from '#http/app.ts';
import { type Counters, createMemoryCounters } from '#platform/counters.ts';
import { createLimits, type LimitSettings } from '#platform/limits.ts';
import { createLog } from '#platform/log.ts';
import type { Loose } from '#test/features/room.ts';
import type { BridgeRoom } from './bridge-room.ts';

export const issuer = 'https://hub.example.net';
export type SentReset = Parameters<ResetMail>[1];
/** `bits` is the cost of bcrypt: 4 where nobody measures it. */
type Furnishing = {
  readonly clock?: () => number;
  readonly limits?: LimitSettings;
  readonly counters?: Counters;
  readonly cost?: number;
};
export type IdentityRoom = Awaited<ReturnType<typeof openIdentityRoom>>;
export type Told = { readonly status: number; readonly body: Loose; readonly headers: Headers };
/** One request through the whole door. */
export type Send = (
  method: string,
  path: string,
  how?: { readonly body?: unknown; readonly token?: string; readonly headers?: Readonly<Record<string, string>> },
) => Promise<Told>;

const unlimited: LimitSettings = { address: 0, user: 0, login: 0 };

/** Identity behind the real door, on a bridge of its own: what `openDoor` opens, without a socket. */
export async function openIdentityRoom(room: BridgeRoom, furnishing: Furnishing = {}) {
  const { clock = Date.now, limits: settings = unlimited, counters = createMemoryCounters(), cost = 4 } = furnishing;
  const { db, vault } = room;
  const keyDeps = { db, vault, clock };
  await ensureSigningKey(keyDeps, null);
  const keys = createKeyRing(() => readSigningKeys(keyDeps), clock);
  const accessTokens = createAccessTokens(keys, clock, issuer);
  const limits = createLimits(counters, settings, clock);
  const sent: SentReset[] = [];
  const going: Promise<void>[] = [];
  const deps: IdentityDeps = {
    db,
    clock,
    passwords: createPasswords(cost),
    accessTokens,
    throttle: createLoginThrottle(counters, limits.suspects, settings.login),
    vaultFor: async (tenantId) => (tenantId === null ? vault.installation : room.vaultOf(tenantId)),
    sendReset: async (_tx, reset) => {
      sent.push(reset);
    },
    later: (work) => {
      going.push(work());
    },
  };
  const app = createApp({
    config: { publicUrl: issuer, corsOrigins: ['https://console.example'], trustedProxies: ['127.0.0.1'] },
    version: '0.1.0',
    log: createLog('silent'),
    metrics: new Registry(),
    limits,
    receiver: async () => ({ accepted: false, why: 'bad_signature' }),
    readiness: async () => ({ ready: true, dependencies: {} }),
    authenticate: createAuthenticator(db, accessTokens, clock),
    rootRoutes: [{ path: '/', app: keySetRoutes(keys) }],
    publicRoutes: [{ path: '/', app: loginRoutes(deps) }],
    routes: [{ path: '/', app: userRoutes(deps) }],
  });

  /** From `address`, as a trusted proxy tells it. */
  const from =
    (address: string): Send =>
    async (method, path, { body, token, headers = {} } = {}) => {
      const init = {
        method,
        headers: {
          'X-Forwarded-For': address,
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      };
      const response = await app.request(path.startsWith('/.') ? path : `/api/v1/${path}`, init, {
        incoming: { socket: { remoteAddress: '127.0.0.1' } },
      });
      const text = await response.text();
      return { status: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) };
    };

  return {
    deps,
    app,
    keys,
    keyDeps,
    limits,
    counters,
    /** Reset messages so far, once all that was put off has been done. */
    resets: async () => {
      await Promise.all(going);
      return sent;
    },
    from,
    send: from('203.0.113.1'),
  };
}

/** The password that every user of these tests has, unless it was changed. */
export const password = 'correct horse';

/** A user of a tenant, past the doors. */
export async function addUser(
  { deps }: Pick<IdentityRoom, 'deps'>,
  tenantId: string | null,
  over: { readonly email?: string; readonly role?: string; readonly name?: string } = {},
): Promise<{ readonly id: string; readonly email: string }> {
  const { email = `u${Math.random().toString(36).slice(2)}@x.example`, role = 'admin', name = 'Ayu' } = over;
  const password_hash = await deps.passwords.hash(password);
  const id = randomUUID();
  const reseller_id = role === 'reseller' && tenantId !== null ? id : null;
  await deps.db.gate(async (tx) => {
    if (reseller_id !== null && tenantId !== null) {
      await tx.insertInto('resellers').values({ tenant_id: tenantId, id, name: email }).execute();
    }
    await tx
      .insertInto('users')
      .values({ id, tenant_id: tenantId, email, role, name, password_hash, reseller_id })
      .execute();
  });
  return { id, email };
}
