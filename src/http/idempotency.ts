import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Context, MiddlewareHandler } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Database } from '#db/database.ts';
import { type Claim, underClaim } from '#db/idempotency.ts';
import { claimKey, freeKey, type KeyOwner, keepAnswer, type StoredKey } from '#db/idempotency-keys.ts';
import type { Log } from '#platform/log.ts';
import { invalid, Refusal } from '#platform/refusal.ts';
import type { RouteEnv } from '#platform/routing.ts';
import type { TenantVault, Vault } from '#platform/secrets.ts';

export type IdempotencyDeps = {
  readonly db: Database;
  readonly log: Log;
  readonly vault: Vault;
  readonly vaultOf: (tenantId: string) => Promise<TenantVault>;
  /** How long a second request waits for the first one's answer. */
  readonly patienceMs?: number;
};

type Env = Context<RouteEnv>;
type Reply = { readonly status: number; readonly text: string };
/** What a try in this process came to; null: it had no answer to keep. */
type Running = { readonly fingerprint: Buffer; readonly reply: Promise<Reply | null> };

export const keyHeader = 'Idempotency-Key';
const printable = /^[\x21-\x7e]{1,255}$/;

/** Whether a request may carry a key: whatever a POST does, but for logging in and what belongs to it. */
export const takesKey = (method: string, path: string): boolean =>
  method.toUpperCase() === 'POST' && path.startsWith('/api/v1/') && !path.startsWith('/api/v1/auth/');

async function fingerprintOf(c: Env): Promise<Buffer> {
  const { pathname, search } = new URL(c.req.url);
  const body = Buffer.from(await c.req.arrayBuffer());
  return createHash('sha256').update(`${c.req.method} ${pathname}${search}\n`).update(body).digest();
}

function ownerOf(c: Env, key: string): KeyOwner {
  if (!printable.test(key)) throw invalid(keyHeader, 'must be 1 to 255 printable ASCII characters without a space');
  const { tenantId, userId } = c.get('caller');
  return { tenantId, actorId: userId, key };
}

const place = (id: string) => ({ table: 'idempotency_keys', column: 'answer', row: id });

function replay(c: Env, { status, text }: Reply): Response {
  c.header('Idempotent-Replayed', 'true');
  if (text === '') return c.body(null, status as 204);
  return c.body(text, status as ContentfulStatusCode, { 'Content-Type': 'application/json' });
}

function refuseOther(mine: Buffer, theirs: Buffer): void {
  if (mine.equals(theirs)) return;
  throw new Refusal('CONFLICT', `This ${keyHeader} was sent before, with another request.`, { header: keyHeader });
}

function refuseRunning(c: Env): never {
  c.header('Retry-After', '2');
  throw new Refusal('CONFLICT', `The request with this ${keyHeader} is still being worked on.`, { header: keyHeader });
}

function refuseDone(stored: StoredKey): never {
  const message =
    'This was done, and its answer was lost. Look for what it made; the audit log names it under this correlation id.';
  throw new Refusal('CONFLICT', message, { header: keyHeader, correlation_id: stored.correlation_id });
}

const isClaim = (found: Claim | StoredKey): found is Claim => 'holder' in found;

/**
 * Makes a request with an Idempotency-Key have its effect once (REL-17): the same key with the same request is answered
 * as the first time, with `Idempotent-Replayed: true`; with another one, 409. Keys are each user's own, and kept for a
 * month. A request that is refused, or rolled back, leaves its key free.
 */
export function idempotency(deps: IdempotencyDeps): MiddlewareHandler<RouteEnv> {
  const { db, log, patienceMs = 10_000 } = deps;
  const running = new Map<string, Running>();
  const vaultOf = async ({ tenantId }: { readonly tenantId: string | null }): Promise<TenantVault> =>
    tenantId === null ? deps.vault.installation : deps.vaultOf(tenantId);

  /** What the key answers, once it does; null: it is free. */
  async function answerOf(stored: StoredKey, owner: KeyOwner): Promise<Reply | null> {
    if (stored.state === 'done') refuseDone(stored);
    if (stored.state === 'running' || stored.status === null || stored.answer === null) return null;
    return { status: stored.status, text: (await vaultOf(owner)).open(stored.answer, place(stored.id)) };
  }

  /** Lets the request run under its claim, and keeps what it was answered. */
  async function run(c: Env, claim: Claim, next: () => Promise<void>): Promise<Reply | null> {
    await underClaim(claim, next);
    if (!c.res.ok) {
      await freeKey(db, claim);
      return null;
    }
    const reply = { status: c.res.status, text: await c.res.clone().text() };
    await keepAnswer(db, claim, reply.status, (await vaultOf(claim)).seal(reply.text, place(claim.id)));
    return reply;
  }

  /** What went wrong in keeping the key changes nothing about the answer: it was given, or its error was. */
  async function runAndTell(c: Env, claim: Claim, next: () => Promise<void>): Promise<Reply | null> {
    try {
      return await run(c, claim, next);
    } catch (error) {
      log.warn('an idempotency key could not be settled', {
        error,
        next: 'the same request is told so, or runs again',
      });
      return null;
    }
  }

  /** One look: this request runs, or is answered as another was; null: look again. */
  async function look(
    c: Env,
    owner: KeyOwner,
    fingerprint: Buffer,
    next: () => Promise<void>,
  ): Promise<Response | true | null> {
    const name = `${owner.tenantId} ${owner.actorId} ${owner.key}`;
    const other = running.get(name);
    if (other) {
      refuseOther(fingerprint, other.fingerprint);
      const reply = await other.reply;
      return reply && replay(c, reply);
    }
    let settle = (_reply: Reply | null): void => undefined;
    running.set(name, {
      fingerprint,
      reply: new Promise((resolve) => {
        settle = resolve;
      }),
    });
    let mine: Reply | null = null;
    try {
      const request = `${c.req.method} ${c.req.path}`;
      const found = await claimKey(db, owner, { request, fingerprint, correlationId: c.get('correlationId') });
      if (!found) return null;
      if (isClaim(found)) {
        mine = await runAndTell(c, found, next);
        return true;
      }
      refuseOther(fingerprint, found.fingerprint);
      mine = await answerOf(found, owner);
      return mine && replay(c, mine);
    } finally {
      running.delete(name);
      settle(mine);
    }
  }

  return async (c, next) => {
    const key = c.req.header(keyHeader);
    if (key === undefined || !takesKey(c.req.method, c.req.path)) return next();
    const owner = ownerOf(c, key);
    const fingerprint = await fingerprintOf(c);
    const limit = performance.now() + patienceMs;
    for (let waitMs = 50; ; waitMs = Math.min(2 * waitMs, 500)) {
      const answer = await look(c, owner, fingerprint, next);
      if (answer === true) return;
      if (answer) return answer;
      if (performance.now() > limit) refuseRunning(c);
      await sleep(waitMs);
    }
  };
}
