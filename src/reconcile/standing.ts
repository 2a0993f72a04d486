import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import type { Tx } from '#db/database.ts';
import type { AttributeRow } from '#domain/access.ts';

const Rows = z.array(z.object({ attribute: z.string(), op: z.string(), value: z.string() }));
const Desired = z.object({ group: z.string(), mac: z.string().nullable(), reply: Rows });
const GroupIntent = z.object({ group: z.string(), check: Rows, reply: Rows });

/** What stands of a line, as its enforcer was told and has confirmed. */
export type StandingLine = {
  readonly id: string;
  readonly username: string;
  readonly passwordSealed: string;
  readonly generation: bigint;
  readonly appliedAt: Date;
  readonly group: string;
  readonly mac: string | null;
  readonly reply: readonly AttributeRow[];
};

export type StandingGroup = {
  readonly group: string;
  readonly check: readonly AttributeRow[];
  readonly reply: readonly AttributeRow[];
  readonly generation: bigint;
};

/**
 * Nothing about the line is under way: its newest decision is confirmed, or was refused by the target, which has seen a
 * newer one than the bridge knows; and it is not to be decided about. `s` is its row of subscriptions, `a` of access.
 */
export const isSettled = sql`a.hash <> '' and (a.applied_generation = a.generation or exists (
    select from outbox o where o.tenant_id = s.tenant_id and o.subscription_id = s.id and o.kind = 'access.apply'
      and o.generation = a.generation and o.state = 'superseded'))
  and not exists (select from dirty_lines d where d.tenant_id = s.tenant_id and d.subscription_id = s.id)`;

type Row = {
  readonly id: string;
  readonly canonical_username: string;
  readonly password: string;
  readonly desired: unknown;
  readonly generation: bigint;
  readonly applied_at: Date | null;
  readonly decided_at: Date;
};

function lineOf(row: Row): StandingLine {
  const { group, mac, reply } = Desired.parse(row.desired);
  return {
    id: row.id,
    username: row.canonical_username,
    passwordSealed: row.password,
    generation: row.generation,
    appliedAt: row.applied_at ?? row.decided_at,
    group,
    mac,
    reply,
  };
}

/**
 * A connection keeps the plan of a statement from when its tables were small; a sweep over a hundred thousand lines must
 * not be read by that one. To the end of the transaction.
 */
export const planAnew = (tx: Tx): Promise<unknown> => sql`set local plan_cache_mode = force_custom_plan`.execute(tx);

async function readLines(tx: Tx, tenantId: string, which: RawBuilder<unknown>): Promise<readonly StandingLine[]> {
  await planAnew(tx);
  const { rows } = await sql<Row>`
    select s.id, s.canonical_username, s.password, a.desired, a.generation, a.applied_at, a.decided_at
    from subscriptions s join access a on a.tenant_id = s.tenant_id and a.subscription_id = s.id
    where s.tenant_id = ${tenantId} and ${isSettled} and ${which}`.execute(tx);
  return rows.map(lineOf);
}

/** Those of these lines that are at rest. */
export const linesOf = (tx: Tx, tenantId: string, ids: readonly string[]): Promise<readonly StandingLine[]> =>
  readLines(tx, tenantId, sql`s.id = any(${[...ids]}::uuid[])`);

/** Those of these usernames that are lines at rest. */
export const linesNamed = (tx: Tx, tenantId: string, usernames: readonly string[]): Promise<readonly StandingLine[]> =>
  readLines(tx, tenantId, sql`s.canonical_username collate "C" = any(${[...usernames]})`);

/** Which of these lines stand as they did: who changed meanwhile is somebody else's work. */
export async function stillStanding(
  tx: Tx,
  tenantId: string,
  lines: readonly { readonly id: string; readonly generation: bigint }[],
): Promise<ReadonlySet<string>> {
  const ids = lines.map(({ id }) => id);
  const { rows } = await sql<{ id: string; generation: bigint }>`
    select s.id, a.generation from subscriptions s
    join access a on a.tenant_id = s.tenant_id and a.subscription_id = s.id
    where s.tenant_id = ${tenantId} and s.id = any(${ids}::uuid[]) and ${isSettled}`.execute(tx);
  const generations = new Map(rows.map(({ id, generation }) => [id, generation]));
  return new Set(lines.filter(({ id, generation }) => generations.get(id) === generation).map(({ id }) => id));
}

/**
 * Usernames of these that a line has, at rest or not. Joined, so that each is looked up: compared with a list of thousands,
 * a hundred thousand lines take seconds.
 */
export async function knownNames(tx: Tx, tenantId: string, usernames: readonly string[]): Promise<ReadonlySet<string>> {
  await planAnew(tx);
  const { rows } = await sql<{ name: string }>`
    select n.name from unnest(${[...usernames]}::text[]) as n (name)
    join subscriptions s on s.tenant_id = ${tenantId} and s.canonical_username collate "C" = n.name`.execute(tx);
  return new Set(rows.map(({ name }) => name));
}

/** The newest that was said of each group, where it is written: plans, isolir, terminated. */
export async function standingGroups(tx: Tx, tenantId: string): Promise<readonly StandingGroup[]> {
  const { rows } = await sql<{ intent: unknown; generation: bigint; state: string }>`
    select distinct on (key) intent, generation, state from outbox
    where tenant_id = ${tenantId} and kind = 'group.apply' and state <> 'superseded'
    order by key, generation desc`.execute(tx);
  return rows.flatMap(({ intent, generation, state }): readonly StandingGroup[] =>
    state === 'done' ? [{ ...GroupIntent.parse(intent), generation }] : [],
  );
}

/** Those of these usernames whose sessions somebody is sending away already. */
export async function dropsUnderWay(
  tx: Tx,
  tenantId: string,
  usernames: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ key: string }>`
    select key from outbox where tenant_id = ${tenantId} and kind = 'sessions.drop' and key = any(${[...usernames]})
      and state in ('ready', 'running')`.execute(tx);
  return new Set(rows.map(({ key }) => key));
}
