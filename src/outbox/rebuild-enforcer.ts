import { sql } from 'kysely';
import type { Database, Tx } from '#db/database.ts';
import type { Intent } from '#domain/intents.ts';
import { err, ok, type Result } from '#domain/result.ts';
import type { Claimed } from '#outbox/claim.ts';
import { isAccess, userOf } from '#outbox/dispatch-access.ts';
import { type Entry, entryWriter } from '#outbox/dispatch-entries.ts';
import type { TenantVault } from '#platform/secrets.ts';
import type { Enforcer, EnforcerFailure } from '#ports/enforcer/port.ts';

/** What was written: entries are the tenant's own, its groups and its routers; `waiting` are lines never written yet. */
export type Rebuilt = { readonly entries: number; readonly users: number; readonly waiting: number };

export type Rebuilding = {
  readonly db: Database;
  readonly vaultOf: (tenantId: string) => Promise<TenantVault>;
  /** The empty one that is to be filled. */
  readonly enforcer: Enforcer;
};

type Row<I> = { readonly id: bigint; readonly subscription_id: string | null; readonly intent: I } & {
  readonly generation: bigint;
  readonly correlation_id: string;
  readonly created_at: Date;
};

const claimedOf = <I extends Intent>(tenantId: string, row: Row<I>): Claimed & { readonly intent: I } => ({
  id: row.id,
  tenantId,
  subscriptionId: row.subscription_id,
  intent: row.intent,
  generation: row.generation,
  attempts: 1,
  correlationId: row.correlation_id,
  createdAt: row.created_at,
});

/** The last that was written of each group, router, removed router, and of the tenant itself, oldest first. */
const writtenEntries = (tx: Tx, tenantId: string) =>
  sql<Row<Entry>>`
    select * from (
      select distinct on (kind, key) id, subscription_id, intent, generation, correlation_id, created_at
      from outbox where tenant_id = ${tenantId} and state = 'done'
        and kind in ('tenant.apply', 'group.apply', 'nas.apply', 'nas.remove')
      order by kind, key, generation desc, id desc
    ) last order by generation, id`.execute(tx);

const usersAtOnce = 500;

/**
 * What was written of each line: the intent of its applied generation, not its newest decision. A cut that is held back,
 * or on its way, is not carried out by a rebuild.
 */
const writtenUsers = (tx: Tx, tenantId: string, after: string) =>
  sql<Row<Intent>>`
    select o.* from access a cross join lateral (
      select id, subscription_id, intent, generation, correlation_id, created_at from outbox
      where tenant_id = ${tenantId} and subscription_id = a.subscription_id and kind = 'access.apply'
        and generation = a.applied_generation and state = 'done' order by id desc limit 1
    ) o
    where a.tenant_id = ${tenantId} and a.subscription_id > ${after}::uuid
    order by a.subscription_id limit ${usersAtOnce}`.execute(tx);

async function countLines(tx: Tx, tenantId: string): Promise<number> {
  const { count } = await tx
    .selectFrom('subscriptions')
    .where('tenant_id', '=', tenantId)
    .select((eb) => eb.fn.countAll<bigint>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

type Answer<T> = Promise<Result<T, EnforcerFailure>>;

async function writeEntries({ db, vaultOf, enforcer }: Rebuilding, tenantId: string): Answer<number> {
  const { rows } = await db.look(tenantId, (tx) => writtenEntries(tx, tenantId));
  const write = entryWriter({ db, vaultOf }, enforcer);
  for (const row of rows) {
    const claimed = claimedOf(tenantId, row);
    const written = await write(claimed, claimed.intent);
    if (written !== null && !written.ok) return written;
  }
  return ok(rows.length);
}

async function writeUsers({ db, vaultOf, enforcer }: Rebuilding, tenantId: string): Answer<number> {
  const vault = await vaultOf(tenantId);
  let count = 0;
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const { rows } = await db.look(tenantId, (tx) => writtenUsers(tx, tenantId, after));
    const claimed = rows.map((row) => claimedOf(tenantId, row)).filter(isAccess);
    const applied = await enforcer.applyUsers(claimed.map((one) => userOf(one, vault)));
    if (!applied.ok) return applied;
    count += claimed.length;
    const last = claimed.at(-1);
    if (!last || rows.length < usersAtOnce) return ok(count);
    after = last.intent.subscriptionId;
  }
}

/**
 * Writes into an empty enforcer what stands at the tenant's own one, from the bridge alone (spec X6): what users stand on
 * first (law 7), each with the generation under which it was last written, so that the fences go on where they were.
 */
export async function rebuildEnforcer(rebuilding: Rebuilding, tenantId: string): Answer<Rebuilt> {
  const entries = await writeEntries(rebuilding, tenantId);
  if (!entries.ok) return err(entries.error);
  const users = await writeUsers(rebuilding, tenantId);
  if (!users.ok) return err(users.error);
  const lines = await rebuilding.db.look(tenantId, (tx) => countLines(tx, tenantId));
  return ok({ entries: entries.value, users: users.value, waiting: lines - users.value });
}
