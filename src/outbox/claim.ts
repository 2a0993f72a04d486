import { sql } from 'kysely';
import type { Database, Tx } from '#db/database.ts';
import type { Intent, IntentKind } from '#domain/intents.ts';
import { backOffMs, giveUpAfterMs } from '#domain/retry.ts';

/** An intent that this process has leased. */
export type Claimed = {
  readonly id: bigint;
  readonly tenantId: string;
  readonly subscriptionId: string | null;
  readonly intent: Intent;
  readonly generation: bigint;
  readonly attempts: number;
  readonly correlationId: string;
  readonly createdAt: Date;
};

/** Of which tenants intents are claimed, beside `c`, the outbox. */
const claimable = sql`join tenants t on t.id = c.tenant_id
  and (t.is_active or (t.deletion_asked_at is not null and c.kind = 'tenant.remove'))`;

/**
 * Leases ready intents of active tenants, the most urgent first, and what a dead worker left behind. The intents of a
 * deactivated tenant wait: nobody is cut off by the deactivation (spec T2). Of one that is being deleted, only its removal
 * goes out. `except`: tenants of whom none is claimed.
 */
export const claimIntents = (
  db: Database,
  kinds: readonly IntentKind[],
  leaseMs: number,
  limit: number,
  except: ReadonlySet<string> = new Set(),
): Promise<readonly Claimed[]> =>
  db.claim(async (tx) => {
    const others = except.size === 0 ? sql`` : sql`and c.tenant_id <> all(${[...except]}::uuid[])`;
    const { rows } = await sql<{
      id: bigint;
      tenant_id: string;
      subscription_id: string | null;
      intent: Intent;
      generation: bigint;
      attempts: number;
      correlation_id: string;
      created_at: Date;
    }>`
      with due as materialized (
        select id from (
          select ready.* from unnest(${kinds}::text[]) as k (kind) cross join lateral (
            select c.id, c.urgency, c.next_at from outbox c ${claimable}
            where c.kind = k.kind and c.state = 'ready' and c.next_at <= now() ${others}
            order by c.urgency, c.next_at, c.id limit ${limit} for update of c skip locked
          ) ready
          union all
          select lost.* from (
            select c.id, c.urgency, c.next_at from outbox c ${claimable}
            where c.kind = any(${kinds}) and c.state = 'running' and c.locked_until < now() ${others}
            order by c.urgency, c.next_at, c.id limit ${limit} for update of c skip locked
          ) lost
        ) waiting order by urgency, next_at, id limit ${limit}
      )
      update outbox o set state = 'running', locked_until = now() + ${leaseMs} * interval '1 ms', attempts = o.attempts + 1
      from due where o.id = due.id
      returning o.id, o.tenant_id, o.subscription_id, o.intent, o.generation, o.attempts, o.correlation_id, o.created_at`.execute(
      tx,
    );
    return rows
      .map((row) => ({
        id: row.id,
        tenantId: row.tenant_id,
        subscriptionId: row.subscription_id,
        intent: row.intent,
        generation: row.generation,
        attempts: row.attempts,
        correlationId: row.correlation_id,
        createdAt: row.created_at,
      }))
      .sort((a, b) => (a.id < b.id ? -1 : 1));
  });

/** Keeps the leases of intents while `work` goes on: a slow router is not asked twice, a dead worker's are free soon. */
export async function withLease<T>(
  db: Database,
  claimed: readonly Claimed[],
  leaseMs: number,
  work: () => Promise<T>,
): Promise<T> {
  const ids = claimed.map(({ id }) => id);
  const renew = (): Promise<unknown> =>
    db.claim((tx) =>
      tx
        .updateTable('outbox')
        .set({ locked_until: sql<Date>`now() + ${leaseMs} * interval '1 ms'` })
        .where('id', 'in', ids)
        .where('state', '=', 'running')
        .execute(),
    );
  // A renewal that fails is the next one's business; without any the lease ends, as it should.
  const timer = setInterval(() => renew().catch(() => undefined), leaseMs / 3);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

/**
 * What became of an intent. `later` waits without having failed, and without an attempt where it was not even tried;
 * `capMs` bounds the back-off of `retry`, `waitMs` is there instead of it. `nasId`: the router that it waits for.
 */
export type Verdict =
  | { readonly state: 'done' | 'superseded' }
  | { readonly state: 'dead'; readonly error: string }
  | {
      readonly state: 'retry';
      readonly error: string;
      readonly capMs?: number;
      readonly waitMs?: number;
      readonly nasId?: string;
    }
  | {
      readonly state: 'later';
      readonly error: string;
      readonly waitMs: number;
      readonly isUntried?: boolean;
      readonly nasId?: string;
    };

/**
 * Writes the verdict, in the transaction of whatever follows from it (law 5). False: the lease ended while its owner was
 * paused, and another has taken the intent up; what follows is the other's to write (REL-22).
 */
export async function settleIntent(tx: Tx, claimed: Claimed, verdict: Verdict): Promise<boolean> {
  const age = Date.now() - claimed.createdAt.getTime();
  const isDead = verdict.state === 'dead' || (verdict.state === 'retry' && age > giveUpAfterMs);
  const capMs = verdict.state === 'retry' ? verdict.capMs : undefined;
  const fixed = 'waitMs' in verdict ? verdict.waitMs : undefined;
  const waitMs = fixed ?? backOffMs(claimed.attempts, Math.random(), capMs);
  const nasId = 'nasId' in verdict ? (verdict.nasId ?? null) : null;
  const isUntried = verdict.state === 'later' && verdict.isUntried === true;
  const error = 'error' in verdict ? verdict.error : null;
  const waits = !isDead && (verdict.state === 'retry' || verdict.state === 'later');
  // Each claim counts one more: the count is the lease's name.
  const mine = sql`where id = ${claimed.id} and state = 'running' and attempts = ${claimed.attempts}`;
  const { numAffectedRows } = await (waits
    ? sql`update outbox set state = 'ready', locked_until = null, error = ${error},
        next_at = now() + ${waitMs} * interval '1 ms', nas_id = ${nasId}, attempts = attempts - ${isUntried ? 1 : 0} ${mine}`
    : sql`update outbox set state = ${isDead ? 'dead' : verdict.state === 'superseded' ? 'superseded' : 'done'},
        locked_until = null, error = ${error}, finished_at = ${new Date()} ${mine}`
  ).execute(tx);
  return numAffectedRows === 1n;
}

/** `settleIntent` for many in one statement. False: another has taken some of them up. */
export async function settleAlike(
  tx: Tx,
  some: readonly Claimed[],
  state: Extract<Verdict['state'], 'done' | 'superseded'>,
): Promise<boolean> {
  if (some.length === 0) return true;
  const ids = some.map(({ id }) => id.toString());
  const { numAffectedRows } = await sql`
    update outbox o set state = ${state}, locked_until = null, error = null, finished_at = ${new Date()}
    from unnest(${ids}::bigint[], ${some.map(({ attempts }) => attempts)}::int[]) as c (id, attempts)
    where o.id = c.id and o.state = 'running' and o.attempts = c.attempts`.execute(tx);
  return numAffectedRows === BigInt(some.length);
}
