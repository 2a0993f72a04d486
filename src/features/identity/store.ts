import type { Tx } from '#db/database.ts';
import type { User } from './schema.ts';

/** A user with what decides whether it may come in. */
export type Account = User & {
  readonly passwordHash: string;
  readonly isActive: boolean;
  /** Null: a platform owner, who has none. */
  readonly tenant: { readonly subdomain: string; readonly isActive: boolean } | null;
};

const accounts = (tx: Tx) =>
  tx
    .selectFrom('users as u')
    .leftJoin('tenants as t', 't.id', 'u.tenant_id')
    .select(['u.id', 'u.tenant_id', 'u.email', 'u.name', 'u.role', 'u.password_hash', 'u.is_active'])
    .select(['t.subdomain', 't.is_active as tenant_is_active']);

type Row = Awaited<ReturnType<ReturnType<typeof accounts>['executeTakeFirstOrThrow']>>;

function accountOf({ subdomain, tenant_is_active, password_hash, is_active, ...user }: Row): Account {
  const tenant = subdomain === null ? null : { subdomain, isActive: tenant_is_active === true };
  return { ...user, passwordHash: password_hash, isActive: is_active, tenant };
}

/** `undefined` in both: a platform owner. */
export async function findByEmail(
  tx: Tx,
  email: string,
  at: { readonly tenantId?: string | undefined; readonly subdomain?: string | undefined },
): Promise<Account | null> {
  let query = accounts(tx).where('u.email', '=', email);
  if (at.tenantId !== undefined) query = query.where('u.tenant_id', '=', at.tenantId);
  if (at.subdomain !== undefined) query = query.where('t.subdomain', '=', at.subdomain);
  if (at.tenantId === undefined && at.subdomain === undefined) query = query.where('u.tenant_id', 'is', null);
  const row = await query.executeTakeFirst();
  return row ? accountOf(row) : null;
}

export async function findById(tx: Tx, userId: string): Promise<Account | null> {
  const row = await accounts(tx).where('u.id', '=', userId).executeTakeFirst();
  return row ? accountOf(row) : null;
}

export async function tenantExists(tx: Tx, tenantId: string): Promise<boolean> {
  return (await tx.selectFrom('tenants').where('id', '=', tenantId).select('id').executeTakeFirst()) !== undefined;
}

export async function ownerExists(tx: Tx): Promise<boolean> {
  const row = await tx.selectFrom('users').where('tenant_id', 'is', null).select('id').limit(1).executeTakeFirst();
  return row !== undefined;
}

/** Null: the e-mail address is taken in this tenant. */
export async function insertUser(tx: Tx, user: Omit<User, 'id'>, passwordHash: string): Promise<User | null> {
  const row = await tx
    .insertInto('users')
    .values({ ...user, password_hash: passwordHash })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'email']).doNothing())
    .returning(['id', 'tenant_id', 'email', 'name', 'role'])
    .executeTakeFirst();
  return row ?? null;
}
