import { sql } from 'kysely';
import type { RadiusConnection, RadiusDatabase, RadiusTransaction } from './database.ts';

export type FenceKind = 'user' | 'group' | 'nas' | 'tenant';
export type FenceClaim = { readonly name: string; readonly generation: bigint };

export type Fence = {
  readonly generation: bigint;
  /** When rows behind this fence last changed, by the database's clock. */
  readonly appliedAt: Date;
};

type FenceRow = { readonly name: string; readonly gen: string; readonly applied: string };

/** The fences of `names` as they stand; one that the hub never wrote has none. */
export async function readFences(
  connection: RadiusConnection,
  database: RadiusDatabase,
  kind: FenceKind,
  names: readonly string[],
): Promise<ReadonlyMap<string, Fence>> {
  const { rows } = await sql<FenceRow>`
    select name, gen, ${database.flavor.epochMs('applied_at')} as applied
    from hub_fence where kind = ${kind} and name in (${sql.join(names)})`.execute(connection);
  return new Map(
    rows.map((row) => [row.name, { generation: BigInt(row.gen), appliedAt: new Date(Number(row.applied)) }]),
  );
}

/**
 * Law 2. Raises the fences to the claims where they are not higher already, and answers them as they stand: who finds
 * its own generation there may write, who finds a higher one is late and must not. The rows stay locked until the
 * transaction ends, so writers of one name come one after the other. `claims`: one per name, names ascending.
 */
export async function raiseFences(
  transaction: RadiusTransaction,
  database: RadiusDatabase,
  kind: FenceKind,
  claims: readonly FenceClaim[],
): Promise<ReadonlyMap<string, Fence>> {
  const { flavor } = database;
  const values = claims.map(({ name, generation }) => sql`(${kind}, ${name}, ${String(generation)}, ${flavor.now})`);
  await sql`
    insert into hub_fence (kind, name, gen, applied_at) values ${sql.join(values)}
    ${flavor.keepLarger(['kind', 'name'], 'hub_fence', 'gen')}`.execute(transaction);
  const names = claims.map(({ name }) => name);
  return readFences(transaction, database, kind, names);
}

/** Notes that rows behind these fences changed just now; the last statement of a transaction that changed any. */
export async function stampFences(
  transaction: RadiusTransaction,
  database: RadiusDatabase,
  kind: FenceKind,
  names: readonly string[],
): Promise<void> {
  if (names.length === 0) return;
  await sql`
    update hub_fence set applied_at = ${database.flavor.now}
    where kind = ${kind} and name in (${sql.join(names)})`.execute(transaction);
}

/** The database's clock, in milliseconds since 1970. */
export async function databaseNow(database: RadiusDatabase): Promise<Date> {
  const { rows } = await sql<{ now: string }>`select ${database.flavor.nowMs} as now`.execute(database.connection);
  return new Date(Number(rows[0]?.now));
}
