import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { ownerRole, type User } from './schema.ts';

/** A user with what decides whether it may come in. */
export type Account = User & {
  readonly passwordHash: string;
  /** Tokens that say another one are ended. */
  readonly epoch: number;
  /** Sealed; null: no second factor, or one that is not confirmed yet. */
  readonly totpSecret: string | null;
  /** False: it sells for a reseller that has been deactivated. */
  readonly resellerIsActive: boolean;
  /** Null: a platform owner, who has none. */
  readonly tenant: { readonly subdomain: string; readonly isActive: boolean; readonly settings: unknown } | null;
};

/** What an answer tells of a user. */
export const userColumns = [
  'users.id',
  'users.tenant_id',
  'users.email',
  'users.name',
  'users.role',
  'users.is_active',
  'users.totp_confirmed_at',
  'users.erp_employee',
  'users.reseller_id',
  'users.last_login_at',
  'users.created_at',
] as const;

type UserRow = Omit<User, 'has_totp' | 'last_login_at' | 'created_at'> & {
  readonly totp_confirmed_at: Date | null;
  readonly last_login_at: Date | null;
  readonly created_at: Date;
};

export const userOf = (row: UserRow): User => ({
  id: row.id,
  tenant_id: row.tenant_id,
  email: row.email,
  name: row.name,
  role: row.role,
  is_active: row.is_active,
  has_totp: row.totp_confirmed_at !== null,
  erp_employee: row.erp_employee,
  reseller_id: row.reseller_id,
  last_login_at: row.last_login_at?.toISOString() ?? null,
  created_at: row.created_at.toISOString(),
});

const accounts = (tx: Tx) =>
  tx
    .selectFrom('users')
    .leftJoin('tenants as t', 't.id', 'users.tenant_id')
    .leftJoin('resellers as s', (join) =>
      join.onRef('s.tenant_id', '=', 'users.tenant_id').onRef('s.id', '=', 'users.reseller_id'),
    )
    .select(userColumns)
    .select(['users.password_hash', 'users.token_epoch', 'users.totp_secret'])
    .select(['t.subdomain', 't.settings', 't.is_active as tenant_is_active', 's.is_active as reseller_is_active']);

type Row = Awaited<ReturnType<ReturnType<typeof accounts>['executeTakeFirstOrThrow']>>;

function accountOf(row: Row): Account {
  const { subdomain, tenant_is_active, reseller_is_active, settings } = row;
  return {
    ...userOf(row),
    passwordHash: row.password_hash,
    epoch: row.token_epoch,
    totpSecret: row.totp_confirmed_at === null ? null : row.totp_secret,
    resellerIsActive: reseller_is_active !== false,
    tenant: subdomain === null ? null : { subdomain, settings, isActive: tenant_is_active === true },
  };
}

/** How a login names its tenant; `undefined` in both: a platform owner. */
export type At = { readonly tenant_id?: string | undefined; readonly subdomain?: string | undefined };

export async function findByEmail(tx: Tx, email: string, { tenant_id, subdomain }: At): Promise<Account | null> {
  let query = accounts(tx).where('users.email', '=', email);
  if (tenant_id !== undefined) query = query.where('users.tenant_id', '=', tenant_id);
  if (subdomain !== undefined) query = query.where('t.subdomain', '=', subdomain);
  if (tenant_id === undefined && subdomain === undefined) query = query.where('users.tenant_id', 'is', null);
  const row = await query.executeTakeFirst();
  return row ? accountOf(row) : null;
}

export async function findById(tx: Tx, userId: string): Promise<Account | null> {
  const row = await accounts(tx).where('users.id', '=', userId).executeTakeFirst();
  return row ? accountOf(row) : null;
}

/** The same, while the session has not been ended. */
export async function findInSession(tx: Tx, userId: string, sessionId: string): Promise<Account | null> {
  const row = await accounts(tx)
    .where('users.id', '=', userId)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('refresh_tokens as r')
            .where('r.family_id', '=', sessionId)
            .where('r.revoked_at', 'is not', null)
            .select('r.id'),
        ),
      ),
    )
    .executeTakeFirst();
  return row ? accountOf(row) : null;
}

export async function tenantExists(tx: Tx, tenantId: string): Promise<boolean> {
  return (await tx.selectFrom('tenants').where('id', '=', tenantId).select('id').executeTakeFirst()) !== undefined;
}

export async function ownerExists(tx: Tx): Promise<boolean> {
  const row = await tx.selectFrom('users').where('role', '=', ownerRole).select('id').limit(1).executeTakeFirst();
  return row !== undefined;
}

type NewRow = Pick<User, 'tenant_id' | 'email' | 'name' | 'role'> & Partial<Pick<User, 'id' | 'reseller_id'>>;

/** Null: the e-mail address is taken in this tenant. */
export async function insertUser(tx: Tx, user: NewRow, passwordHash: string): Promise<User | null> {
  const row = await tx
    .insertInto('users')
    .values({ ...user, password_hash: passwordHash })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'email']).doNothing())
    .returning(userColumns)
    .executeTakeFirst();
  return row ? userOf(row) : null;
}

export async function noteLogin(tx: Tx, userId: string, now: number): Promise<void> {
  await tx
    .updateTable('users')
    .set({ last_login_at: new Date(now) })
    .where('id', '=', userId)
    .execute();
}

/** Ends every token that the user has; answers the epoch of those that come now. */
export async function endTokens(tx: Tx, userId: string): Promise<number> {
  const { token_epoch } = await tx
    .updateTable('users')
    .set({ token_epoch: sql`token_epoch + 1` })
    .where('id', '=', userId)
    .returning('token_epoch')
    .executeTakeFirstOrThrow();
  return token_epoch;
}

/** Another password; every token that the user has is ended with the old one. */
export async function replacePassword(tx: Tx, userId: string, passwordHash: string): Promise<number> {
  await tx.updateTable('users').set({ password_hash: passwordHash }).where('id', '=', userId).execute();
  return endTokens(tx, userId);
}
