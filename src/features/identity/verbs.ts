import { randomUUID } from 'node:crypto';
import type { Database, Tx } from '#db/database.ts';
import type { Clock } from '#platform/clock.ts';
import { notFound, Refusal } from '#platform/refusal.ts';
import type { Caller } from '#platform/routing.ts';
import { type AccessTokens, accessSeconds } from './access-tokens.ts';
import type { Passwords } from './passwords.ts';
import { endRefreshToken, type Holder, issueRefreshToken, spendRefreshToken } from './refresh-tokens.ts';
import { type Login, type NewUser, ownerRole, type Session, type User } from './schema.ts';
import { type Account, findByEmail, findById, insertUser, tenantExists } from './store.ts';

export type IdentityDeps = {
  readonly db: Database;
  readonly clock: Clock;
  readonly passwords: Passwords;
  readonly accessTokens: AccessTokens;
};

// One sentence for an unknown user, a wrong password and an unknown tenant (SEC-10).
const wrongLogin = 'The e-mail address, the password or the tenant is wrong.';
const badToken = 'The refresh token is not valid, or not valid any more. Log in again.';

const userOf = ({ id, tenant_id, email, name, role }: User): User => ({ id, tenant_id, email, name, role });

/** Only for somebody who has proved to be the user. */
function refuseDeactivated({ isActive, tenant }: Account): void {
  if (!isActive) throw new Refusal('FORBIDDEN', 'This user is deactivated.');
  if (tenant && !tenant.isActive) throw new Refusal('FORBIDDEN', 'This tenant is deactivated.');
}

async function sessionOf(deps: IdentityDeps, tx: Tx, account: Account, familyId: string): Promise<Session> {
  const caller: Caller = { userId: account.id, tenantId: account.tenant_id, role: account.role };
  return {
    access_token: await deps.accessTokens.issue(caller),
    refresh_token: await issueRefreshToken(tx, { ...caller, familyId }, deps.clock()),
    token_type: 'Bearer',
    expires_in: accessSeconds,
    user: userOf(account),
  };
}

/** Spec I1. The answer to a wrong login is the same, and takes as long, whatever was wrong. */
export async function logIn(deps: IdentityDeps, { email, password, tenant_id, subdomain }: Login): Promise<Session> {
  const at = { tenantId: tenant_id, subdomain };
  const account = await deps.db.gate((tx) => findByEmail(tx, email, at));
  const matches = await deps.passwords.matches(password, account?.passwordHash ?? null);
  if (!account || !matches) throw new Refusal('UNAUTHORIZED', wrongLogin);
  refuseDeactivated(account);
  return deps.db.gate((tx) => sessionOf(deps, tx, account, randomUUID()));
}

/** A new pair for a token that was not used yet; what a reuse ends is ended although the answer is a refusal. */
export async function refresh(deps: IdentityDeps, token: string): Promise<Session> {
  const now = deps.clock();
  const session = await deps.db.gate(async (tx) => {
    const holder: Holder | null = await spendRefreshToken(tx, token, now);
    const account = holder && (await findById(tx, holder.userId));
    if (!holder || !account) return null;
    refuseDeactivated(account);
    return sessionOf(deps, tx, account, holder.familyId);
  });
  if (!session) throw new Refusal('UNAUTHORIZED', badToken);
  return session;
}

export const logOut = (deps: IdentityDeps, token: string): Promise<void> =>
  deps.db.gate((tx) => endRefreshToken(tx, token, deps.clock()));

/** The tenant that a new user may be put into by this caller (spec I1: the owner makes admins, an admin the rest). */
function tenantFor(caller: Caller, { tenant_id, role }: NewUser): string {
  if (caller.role === ownerRole) {
    if (tenant_id === undefined) throw new Refusal('VALIDATION_ERROR', 'tenant_id: say whose user it is');
    if (role !== 'admin')
      throw new Refusal('FORBIDDEN', "A platform owner creates a tenant's admin; the admin creates the rest.");
    return tenant_id;
  }
  if (caller.role !== 'admin' || caller.tenantId === null)
    throw new Refusal('FORBIDDEN', 'Only an admin may create users.');
  if (tenant_id !== undefined && tenant_id !== caller.tenantId) {
    throw new Refusal('FORBIDDEN', 'An admin creates users in its own tenant only.');
  }
  return caller.tenantId;
}

export async function register(deps: IdentityDeps, caller: Caller, input: NewUser): Promise<User> {
  const tenantId = tenantFor(caller, input);
  const passwordHash = await deps.passwords.hash(input.password);
  const { email, name, role } = input;
  return deps.db.gate(async (tx) => {
    if (!(await tenantExists(tx, tenantId))) throw notFound('tenant');
    const user = await insertUser(tx, { tenant_id: tenantId, email, name, role }, passwordHash);
    if (!user) throw new Refusal('DUPLICATE_ENTRY', `This tenant has a user ${email} already.`, { field: 'email' });
    return user;
  });
}
