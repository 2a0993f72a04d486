import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { type Page, readPage } from '#db/page.ts';
import type { HoldState } from '#db/tables/safety.ts';
import type { HoldQuery } from './schema.ts';

export type HoldRow = {
  readonly id: string;
  readonly state: HoldState;
  readonly since: Date;
  readonly evidence: unknown;
  readonly note: string | null;
  readonly asked_by: string | null;
  readonly released_by: string | null;
  readonly released_at: Date | null;
  readonly ended_at: Date | null;
  readonly held: number;
  readonly released: number;
  readonly cut: number;
  readonly spared: number;
};

const counted = <State extends string>(state: State) =>
  sql<number>`(select count(*)::int from held_lines l
    where l.tenant_id = h.tenant_id and l.hold_id = h.id and l.state = ${state})`.as(state);

const holds = (tx: Tx, tenantId: string) =>
  tx
    .selectFrom('holds as h')
    .where('h.tenant_id', '=', tenantId)
    .select(['h.id', 'h.state', 'h.since', 'h.evidence', 'h.note', 'h.asked_by', 'h.released_by', 'h.released_at'])
    .select(['h.ended_at', counted('held'), counted('released'), counted('cut'), counted('spared')]);

/** The newest first. */
export function listHolds(tx: Tx, tenantId: string, query: HoldQuery): Promise<Page<HoldRow>> {
  let rows = holds(tx, tenantId);
  if (query.state) rows = rows.where('h.state', '=', query.state);
  return readPage(rows.orderBy('h.since', 'desc').orderBy('h.id'), query);
}

/** One hold, locked; undefined: the tenant has no such. */
export const lockHold = (tx: Tx, tenantId: string, id: string): Promise<HoldRow | undefined> =>
  holds(tx, tenantId).where('h.id', '=', id).forUpdate('h').executeTakeFirst();

export type HoldChange = {
  readonly state?: HoldState;
  readonly note?: string | null;
  readonly wave?: number;
  readonly asked_by?: string | null;
  readonly released_by?: string | null;
  readonly released_at?: Date | null;
  readonly ended_at?: Date | null;
  readonly told_at?: Date | null;
};
export const changeHold = (tx: Tx, tenantId: string, id: string, change: HoldChange) =>
  tx.updateTable('holds').set(change).where('tenant_id', '=', tenantId).where('id', '=', id).execute();

/** Lines that a release has cut wait again; answers their ids. */
export async function holdAgain(tx: Tx, tenantId: string, id: string): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    update held_lines set state = 'held' where tenant_id = ${tenantId} and hold_id = ${id} and state in ('cut', 'released')
    returning subscription_id as id`.execute(tx);
  return rows.map((row) => row.id);
}

/** Who else could release, and how many lines are online. */
export async function readPeers(tx: Tx, tenantId: string, userId: string) {
  const { rows } = await sql<{ others: number; active: number }>`
    select
      (select count(*)::int from users
        where tenant_id = ${tenantId} and role = 'admin' and is_active and id <> ${userId}) as others,
      (select count(*)::int from access where tenant_id = ${tenantId} and state = 'active') as active`.execute(tx);
  return rows[0] ?? { others: 0, active: 0 };
}

/** Lines that only a kill switch keeps online. */
export async function stoppedLines(tx: Tx, tenantId: string): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    select subscription_id as id from access
    where tenant_id = ${tenantId} and reason ->> 'code' = 'cuts_stopped'`.execute(tx);
  return rows.map((row) => row.id);
}

export type Named = { readonly id: string; readonly customer_id: string; readonly code: string; readonly name: string };

/** Whose lines they are. */
export async function customersOf(
  tx: Tx,
  tenantId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Named>> {
  const { rows } = await sql<Named>`
    select s.id, c.id as customer_id, c.customer_code as code, c.name from subscriptions s
    join customers c on c.tenant_id = s.tenant_id and c.id = s.customer_id
    where s.tenant_id = ${tenantId} and s.id = any(${ids}::uuid[])`.execute(tx);
  return new Map(rows.map((row) => [row.id, row]));
}
