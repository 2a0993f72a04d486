import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { orderOf, type Page, readPage } from '#db/page.ts';
import type { NasTable } from '#db/tables.ts';
import type { NasChange, NasQuery, NewNas } from './schema.ts';

const columns = [
  'id',
  'name',
  'address',
  'coa_address',
  'coa_port',
  'type',
  'sign_coa',
  'require_message_authenticator',
  'last_answer_at',
  'last_silence_at',
  'orders_per_second',
  'silences',
  'deaf_since',
  'next_try_at',
  'heard_from',
  'created_at',
] as const;

/** A row without its secret, which no list or answer needs. */
export type NasRow = Awaited<ReturnType<typeof insertNas>>;

export function insertNas(
  tx: Tx,
  row: Omit<NewNas, 'secret'> & Pick<NasTable, 'tenant_id' | 'radius_db' | 'secret'> & { readonly id: string },
) {
  return tx.insertInto('nas').values(row).returning(columns).executeTakeFirstOrThrow();
}

const one = (tx: Tx, tenantId: string, id: string) =>
  tx.selectFrom('nas').where('tenant_id', '=', tenantId).where('id', '=', id);

export const findNas = (tx: Tx, tenantId: string, id: string) =>
  one(tx, tenantId, id).select(columns).executeTakeFirst();

/** A row with its sealed secret, locked: what a change is made from. */
export const lockNas = (tx: Tx, tenantId: string, id: string) =>
  one(tx, tenantId, id)
    .select([...columns, 'secret'])
    .forUpdate()
    .executeTakeFirst();

/** A row with its sealed secret, as its script needs it. */
export const findSecret = (tx: Tx, tenantId: string, id: string) =>
  one(tx, tenantId, id).select(['name', 'address', 'coa_port', 'secret']).executeTakeFirst();

/** How many routers the tenant has beside this one. */
export async function countOthers(tx: Tx, tenantId: string, id: string): Promise<number> {
  const query = tx.selectFrom('nas').where('tenant_id', '=', tenantId).where('id', '<>', id);
  const { others } = await query.select((eb) => eb.fn.countAll<bigint>().as('others')).executeTakeFirstOrThrow();
  return Number(others);
}

/** How many intents wait for each of these routers. */
export async function countWaiting(
  tx: Tx,
  tenantId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (ids.length === 0) return new Map();
  const rows = await tx
    .selectFrom('outbox')
    .where('tenant_id', '=', tenantId)
    .where('state', '=', 'ready')
    .where('nas_id', 'in', ids)
    .groupBy('nas_id')
    .select(['nas_id', (eb) => eb.fn.countAll<bigint>().as('waiting')])
    .execute();
  return new Map(rows.map(({ nas_id: id, waiting }) => [id ?? '', Number(waiting)]));
}

/** What waits for a silent router is tried at once: somebody has just changed how it is reached. */
export async function askAtOnce(tx: Tx, tenantId: string, id: string): Promise<void> {
  await tx
    .updateTable('nas')
    .set({ next_try_at: null })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .execute();
  await tx
    .updateTable('outbox')
    .set({ next_at: sql<Date>`now()` })
    .where('tenant_id', '=', tenantId)
    .where('nas_id', '=', id)
    .where('state', '=', 'ready')
    .execute();
}

/** How many lines name the router. */
export async function countLines(tx: Tx, tenantId: string, id: string): Promise<number> {
  const { lines } = await tx
    .selectFrom('subscriptions')
    .where('tenant_id', '=', tenantId)
    .where('router_id', '=', id)
    .select((eb) => eb.fn.countAll<bigint>().as('lines'))
    .executeTakeFirstOrThrow();
  return Number(lines);
}

export async function deleteNas(tx: Tx, tenantId: string, id: string): Promise<void> {
  await tx.deleteFrom('nas').where('tenant_id', '=', tenantId).where('id', '=', id).execute();
}

export function updateNas(tx: Tx, tenantId: string, id: string, change: NasChange): Promise<NasRow> {
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  return (
    tx
      .updateTable('nas')
      // Setting a column to itself keeps an empty change a valid statement.
      .set((eb) => ({ name: eb.ref('name'), ...given }))
      .where('tenant_id', '=', tenantId)
      .where('id', '=', id)
      .returning(columns)
      .executeTakeFirstOrThrow()
  );
}

const found = (tx: Tx, tenantId: string, search: string | undefined) => {
  const all = tx.selectFrom('nas').where('tenant_id', '=', tenantId);
  if (!search) return all;
  return all.where(sql<boolean>`strpos(lower(name || ' ' || host(address)), lower(${search})) > 0`);
};

export function listNas(tx: Tx, tenantId: string, query: NasQuery): Promise<Page<NasRow>> {
  const { column, direction } = orderOf(query.sort);
  const rows = found(tx, tenantId, query.search).select(columns);
  return readPage(rows.orderBy(column, direction).orderBy('id', direction), query);
}
