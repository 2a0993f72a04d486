import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { mapPage, orderOf, type Page, readPage } from '#db/page.ts';
import type { Caller } from '#platform/caller.ts';
import { type ApiKey, type ApiKeyQuery, scopesIn } from './key-schema.ts';

const columns = [
  'id',
  'name',
  'hint',
  'scopes',
  'created_by',
  'created_at',
  'expires_at',
  'last_used_at',
  'last_used_address',
  'revoked_at',
  'reseller_id',
] as const;

type Row = Awaited<ReturnType<typeof insertRow>>;

const keyOf = (row: Row): ApiKey => ({
  ...row,
  scopes: [...scopesIn(row.scopes)],
  created_at: row.created_at.toISOString(),
  expires_at: row.expires_at?.toISOString() ?? null,
  last_used_at: row.last_used_at?.toISOString() ?? null,
  revoked_at: row.revoked_at?.toISOString() ?? null,
});

type NewRow = {
  readonly tenant_id: string;
  readonly name: string;
  readonly hint: string;
  readonly key_hash: Buffer;
  readonly scopes: string;
  readonly created_by: string;
  readonly created_at: Date;
  readonly expires_at: Date | null;
  readonly reseller_id: string | null;
};

const insertRow = (tx: Tx, row: NewRow) =>
  tx.insertInto('api_keys').values(row).returning(columns).executeTakeFirstOrThrow();

export const insertKey = async (tx: Tx, row: NewRow): Promise<ApiKey> => keyOf(await insertRow(tx, row));

function found(tx: Tx, tenantId: string, { search, is_revoked }: ApiKeyQuery) {
  let rows = tx.selectFrom('api_keys').where('tenant_id', '=', tenantId);
  if (search) rows = rows.where(sql<boolean>`strpos(lower(name), lower(${search})) > 0`);
  if (is_revoked) rows = rows.where('revoked_at', is_revoked === 'true' ? 'is not' : 'is', null);
  return rows;
}

export async function listKeys(tx: Tx, tenantId: string, query: ApiKeyQuery): Promise<Page<ApiKey>> {
  const { column, direction } = orderOf(query.sort);
  const rows = found(tx, tenantId, query).select(columns).orderBy(column, direction).orderBy('id', direction);
  return mapPage(await readPage(rows, query), keyOf);
}

/** Null: there is none. One that was revoked before stays revoked since then. */
export async function revokeKey(tx: Tx, tenantId: string, id: string, now: Date): Promise<ApiKey | null> {
  const row = await tx
    .updateTable('api_keys')
    .set({ revoked_at: sql<Date>`coalesce(revoked_at, ${now})` })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .returning(columns)
    .executeTakeFirst();
  return row ? keyOf(row) : null;
}

/** Whose key it is, and that it was used now and from where; null: unknown, revoked, expired, or of a tenant or reseller that is off. */
export async function useKey(
  tx: Tx,
  keyHash: Buffer,
  address: string,
  now: Date,
): Promise<{ readonly caller: Caller; readonly subdomain: string } | null> {
  const row = await tx
    .updateTable('api_keys as k')
    .from('tenants as t')
    .set({ last_used_at: now, last_used_address: address })
    .whereRef('t.id', '=', 'k.tenant_id')
    .where('t.is_active', '=', true)
    .where('k.key_hash', '=', keyHash)
    .where('k.revoked_at', 'is', null)
    .where((is) => is.or([is('k.expires_at', 'is', null), is('k.expires_at', '>', now)]))
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('resellers as s')
            .whereRef('s.tenant_id', '=', 'k.tenant_id')
            .whereRef('s.id', '=', 'k.reseller_id')
            .where('s.is_active', '=', false)
            .select('s.id'),
        ),
      ),
    )
    .returning(['k.id', 'k.tenant_id', 'k.scopes', 'k.reseller_id', 't.subdomain'])
    .executeTakeFirst();
  if (!row) return null;
  const { reseller_id: resellerId } = row;
  const caller = {
    ...{ userId: row.id, tenantId: row.tenant_id, role: 'api_key', scopes: scopesIn(row.scopes) },
    ...(resellerId !== null && { resellerId }),
  };
  return { caller, subdomain: row.subdomain };
}
