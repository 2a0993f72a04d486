import { record } from '#audit/record.ts';
import type { Tx } from '#db/database.ts';
import { demand, type Who } from '#platform/caller.ts';
import { notFound, Refusal } from '#platform/refusal.ts';
import type { IdentityDeps } from './identity-deps.ts';
import type { User, UserChange, UserQuery } from './schema.ts';
import { endTokens } from './store.ts';
import { findUser, forgetRecoveryCodes, listUsers, lockActiveAdmins, updateUser } from './user-store.ts';

type Deps = Pick<IdentityDeps, 'db'>;

export async function findUsers({ db }: Deps, who: Who, query: UserQuery) {
  demand(who.caller, 'users:read');
  return db.tenant(who.tenantId, (tx) => listUsers(tx, who.tenantId, query));
}

export async function getUser({ db }: Deps, who: Who, id: string): Promise<User> {
  demand(who.caller, 'users:read');
  const user = await db.tenant(who.tenantId, (tx) => findUser(tx, who.tenantId, id));
  if (!user) throw notFound('user');
  return user;
}

const isActiveAdmin = ({ role, is_active }: Pick<User, 'role' | 'is_active'>): boolean => role === 'admin' && is_active;

/** Nobody could let anybody in again: refused. */
async function demandAnotherAdmin(tx: Tx, tenantId: string, id: string): Promise<void> {
  const others = (await lockActiveAdmins(tx, tenantId)).filter((admin) => admin !== id);
  if (others.length === 0) {
    throw new Refusal('CONFLICT', 'This is the only active admin: make another user an admin first.', { user_id: id });
  }
}

const told = ({ name, role, reseller_id, is_active, has_totp, erp_employee }: User) => ({
  ...{ name, role, reseller_id, is_active, erp_employee },
  second_factor: has_totp,
});

const isEmployeeTwin = (error: unknown): boolean =>
  error instanceof Error && 'constraint' in error && error.constraint === 'users_erp_employee';

/** Whoever gets another role, is deactivated or loses the second factor is logged out everywhere (SEC-13). */
export function changeUser({ db }: Deps, who: Who, id: string, change: UserChange): Promise<User> {
  const { tenantId, caller } = who;
  demand(caller, 'users:write');
  return db.tenant(tenantId, async (tx) => {
    const before = await findUser(tx, tenantId, id);
    if (!before) throw notFound('user');
    if (isActiveAdmin(before) && !isActiveAdmin({ ...before, ...given(change) })) {
      await demandAnotherAdmin(tx, tenantId, id);
    }
    const after = await updateUser(tx, tenantId, before, change).catch((error: unknown) => {
      if (!isEmployeeTwin(error)) throw error;
      const message = `Another user is the employee ${change.erp_employee}.`;
      throw new Refusal('DUPLICATE_ENTRY', message, { field: 'erp_employee' });
    });
    if (change.has_totp === false) await forgetRecoveryCodes(tx, tenantId, id);
    const isOther =
      before.role !== after.role ||
      before.reseller_id !== after.reseller_id ||
      before.is_active !== after.is_active ||
      before.has_totp !== after.has_totp;
    if (isOther) await endTokens(tx, id);
    await record(tx, who, { action: 'update', entity: 'user', id, before: told(before), after: told(after) });
    return after;
  });
}

/** What a change leaves alone is not in it. */
const given = ({ role, is_active }: UserChange): Partial<Pick<User, 'role' | 'is_active'>> => ({
  ...(role !== undefined && { role }),
  ...(is_active !== undefined && { is_active }),
});
