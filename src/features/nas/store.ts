import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
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

export async function updateNas(tx: Tx, tenantId: string, id: string, change: NasChange): Promise<NasRow | null> {
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  const row = await tx
    .updateTable('nas')
    // Setting a column to itself keeps an empty change a valid statement.
    .set((eb) => ({ name: eb.ref('name'), ...given }))
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .returning(columns)
    .executeTakeFirst();
  return row ?? null;
}

const found = (tx: Tx, tenantId: string, search: string | undefined) => {
  const all = tx.selectFrom('nas').where('tenant_id', '=', tenantId);
  if (!search) return all;
  return all.where(sql<boolean>`strpos(lower(name || ' ' || host(address)), lower(${search})) > 0`);
};

export async function listNas(
  tx: Tx,
  tenantId: string,
  { page, page_size, search, sort }: NasQuery,
): Promise<{ rows: NasRow[]; total: number }> {
  const { total } = await found(tx, tenantId, search)
    .select((eb) => eb.fn.countAll<bigint>().as('total'))
    .executeTakeFirstOrThrow();
  const rows = await found(tx, tenantId, search)
    .select(columns)
    .orderBy(sort.endsWith('name') ? 'name' : 'created_at', sort.startsWith('-') ? 'desc' : 'asc')
    .orderBy('id')
    .limit(page_size)
    .offset((page - 1) * page_size)
    .execute();
  return { rows, total: Number(total) };
}
