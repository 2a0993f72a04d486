import { sql } from 'kysely';
import { z } from 'zod';
import { type ChangedSession, readChanged } from '#db/changed-sessions.ts';
import type { Tx } from '#db/database.ts';
import type { AttributeRow } from '#domain/access.ts';
import { groupBy } from '#domain/group-by.ts';
import type { Session } from '#ports/enforcer/port.ts';

/** What was written, and when it was confirmed, by the bridge's clock. */
export type Written = { readonly generation: bigint; readonly at: Date };
/** Rows that a group held from then on. */
export type Version = Written & { readonly reply: readonly AttributeRow[] };
/** What a line had of its own from then on, as text: equal text, equal rows. */
export type Own = Written & { readonly own: string };

/** The decision that stands of a line. */
export type StandingAccess = {
  readonly generation: bigint;
  readonly applied_generation: bigint | null;
  readonly applied_at: Date | null;
  readonly state: string;
  readonly group: string;
  /** Code of the reason that the decision was told with. */
  readonly reason: string;
};

/** All that tells what the sessions of one line run under, and what they should. Lists are by generation. */
export type History = {
  readonly access: StandingAccess | null;
  readonly versions: ReadonlyMap<string, readonly Version[]>;
  readonly own: readonly Own[];
  readonly changed: ReadonlyMap<string, ChangedSession>;
};

const Rows = z.array(z.object({ attribute: z.string(), op: z.string(), value: z.string() }));

export const readAccess = (tx: Tx, tenantId: string, subscriptionId: string) =>
  sql<StandingAccess>`
    select generation, applied_generation, applied_at, state, desired->>'group' as "group", reason->>'code' as reason from access
    where tenant_id = ${tenantId} and subscription_id = ${subscriptionId}`.execute(tx);

export async function readVersions(tx: Tx, tenantId: string, groups: readonly string[]): Promise<History['versions']> {
  const { rows } = await sql<Written & { readonly key: string; readonly reply: unknown }>`
    select key, generation, finished_at as at, intent->'reply' as reply from outbox
    where tenant_id = ${tenantId} and kind = 'group.apply' and state = 'done' and key = any(${[...new Set(groups)]})
    order by generation`.execute(tx);
  return groupBy(
    rows.map(({ key, generation, at, reply }) => ({ key, generation, at, reply: Rows.parse(reply) })),
    ({ key }) => key,
  );
}

/** A line that changes its modem every day for years has no more to tell than its last hundred decisions. */
const ownMax = 100;

const readOwn = (tx: Tx, tenantId: string, subscriptionId: string) =>
  sql<Own>`
    select * from (
      select generation, finished_at as at, concat(intent->'desired'->'reply', intent->'desired'->'mac') as own from outbox
      where tenant_id = ${tenantId} and subscription_id = ${subscriptionId} and kind = 'access.apply' and state = 'done'
      order by generation desc limit ${ownMax}) last
    order by generation`.execute(tx);

export async function readHistory(
  tx: Tx,
  tenantId: string,
  subscriptionId: string,
  groups: readonly string[],
  sessions: readonly Session[],
): Promise<History> {
  const ids = sessions.map(({ uniqueId }) => uniqueId);
  const [access, changed, own] = await Promise.all([
    readAccess(tx, tenantId, subscriptionId),
    readChanged(tx, tenantId, ids),
    readOwn(tx, tenantId, subscriptionId),
  ]);
  const told = [...changed.values()].map(({ group_name: group }) => group);
  const held = sessions.flatMap(({ group }) => group ?? []);
  const versions = await readVersions(tx, tenantId, [...groups, ...told, ...held]);
  return { access: access.rows[0] ?? null, versions, own: own.rows, changed };
}

/** Clocks of the bridge and of the RADIUS database may differ, and a login reads its rows before its start is recorded. */
const slackMs = 60_000;

/** Those that may have been in force when a session began. */
export function inForceAt<W extends Written>(written: readonly W[], began: Date | null): readonly W[] {
  return written.filter((_one, i) => {
    const next = written[i + 1];
    return next === undefined || began === null || next.at.getTime() > began.getTime() - slackMs;
  });
}
