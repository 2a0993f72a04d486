import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { mapPage, orderOf, type Page, readPage } from '#db/page.ts';
import { resellerSeat } from './reseller-seat.ts';
import type { User, UserChange, UserQuery } from './schema.ts';
import { userColumns, userOf } from './store.ts';

function found(tx: Tx, tenantId: string, { search, role, is_active }: UserQuery) {
  let rows = tx.selectFrom('users').where('users.tenant_id', '=', tenantId);
  if (search) rows = rows.where(sql<boolean>`strpos(lower(users.name || ' ' || users.email), lower(${search})) > 0`);
  if (role) rows = rows.where('users.role', '=', role);
  if (is_active) rows = rows.where('users.is_active', '=', is_active === 'true');
  return rows;
}

export async function listUsers(tx: Tx, tenantId: string, query: UserQuery): Promise<Page<User>> {
  const { column, direction } = orderOf(query.sort);
  const rows = found(tx, tenantId, query)
    .select(userColumns)
    .orderBy(`users.${column}`, direction)
    .orderBy('users.id', direction);
  return mapPage(await readPage(rows, query), userOf);
}

export async function findUser(tx: Tx, tenantId: string, id: string): Promise<User | null> {
  const row = await tx
    .selectFrom('users')
    .where('users.tenant_id', '=', tenantId)
    .where('users.id', '=', id)
    .select(userColumns)
    .executeTakeFirst();
  return row ? userOf(row) : null;
}

/** The active admins, locked in one order: of two who demote each other at once, one waits and sees what is left. */
export async function lockActiveAdmins(tx: Tx, tenantId: string): Promise<readonly string[]> {
  const rows = await tx
    .selectFrom('users')
    .where('tenant_id', '=', tenantId)
    .where('role', '=', 'admin')
    .where('is_active', '=', true)
    .select('id')
    .orderBy('id')
    .forUpdate()
    .execute();
  return rows.map(({ id }) => id);
}

/** Writes what is given. */
export async function updateUser(tx: Tx, tenantId: string, user: User, change: UserChange): Promise<User> {
  const { name = user.name, role = user.role, is_active = user.is_active } = change;
  const isOfReseller = role === 'reseller';
  const resellerId = change.reseller_id ?? (isOfReseller ? user.reseller_id : null);
  const reseller_id = await resellerSeat(tx, tenantId, { id: user.id, name, role, resellerId });
  const erpEmployee = change.erp_employee === undefined ? user.erp_employee : change.erp_employee;
  const withoutTotp = change.has_totp === false && { totp_secret: null, totp_confirmed_at: null, totp_last_step: null };
  const row = await tx
    .updateTable('users')
    .set({ name, role, is_active, reseller_id, erp_employee: erpEmployee, ...withoutTotp })
    .where('users.tenant_id', '=', tenantId)
    .where('users.id', '=', user.id)
    .returning(userColumns)
    .executeTakeFirstOrThrow();
  return userOf(row);
}

export async function forgetRecoveryCodes(tx: Tx, tenantId: string, userId: string): Promise<void> {
  await tx.deleteFrom('recovery_codes').where('tenant_id', '=', tenantId).where('user_id', '=', userId).execute();
}
