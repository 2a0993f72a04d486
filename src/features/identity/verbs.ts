import { randomUUID } from 'node:crypto';
import { record } from '#audit/record.ts';
import type { Tx } from '#db/database.ts';
import { type Caller, demand } from '#platform/caller.ts';
import { invalid, notFound, Refusal } from '#platform/refusal.ts';
import { accessSeconds } from './access-tokens.ts';
import { type Asking, type IdentityDeps, inNameOf, type Visit } from './identity-deps.ts';
import type { Tried } from './login-throttle.ts';
import { endRefreshToken, type Holder, issueRefreshToken, spendRefreshToken } from './refresh-tokens.ts';
import { resellerSeat } from './reseller-seat.ts';
import { type Login, type NewUser, ownerRole, type Session, type User } from './schema.ts';
import { takesSecondFactor } from './second-factor.ts';
import { type Account, endTokens, findByEmail, findById, insertUser, noteLogin, tenantExists } from './store.ts';

// One sentence for an unknown user, a wrong password and an unknown tenant (SEC-10).
const wrongLogin = 'The e-mail address, the password or the tenant is wrong.';
const badToken = 'The refresh token is not valid, or not valid any more. Log in again.';

/** Only for somebody who has proved to be the user. */
function refuseDeactivated({ is_active, resellerIsActive, tenant }: Account): void {
  if (!is_active) throw new Refusal('FORBIDDEN', 'This user is deactivated.');
  if (!resellerIsActive) throw new Refusal('FORBIDDEN', 'This reseller is deactivated.');
  if (tenant && !tenant.isActive) throw new Refusal('FORBIDDEN', 'This tenant is deactivated.');
}

type Begun = { readonly familyId: string; readonly beganAt?: Date };

/** A new pair for `account`, in a gate's transaction. Without `begun` a new session begins. */
export async function sessionOf(
  deps: IdentityDeps,
  tx: Tx,
  account: Account,
  visit: Visit,
  begun: Begun = { familyId: randomUUID() },
): Promise<Session> {
  const { passwordHash, epoch, totpSecret, resellerIsActive, tenant, ...user } = account;
  const caller = { userId: user.id, tenantId: user.tenant_id, role: user.role, sessionId: begun.familyId };
  return {
    access_token: await deps.accessTokens.issue(caller, epoch),
    refresh_token: await issueRefreshToken(tx, { ...caller, ...begun, epoch }, visit, deps.clock()),
    token_type: 'Bearer',
    expires_in: accessSeconds,
    user,
  };
}

type Proof = { readonly account: Account } | { readonly refusal: Refusal };

const asked = { otp_required: true };
const refused = (outcome: 'wrong' | 'unfinished', message: string, details?: typeof asked): Tried<Proof> => ({
  outcome,
  value: { refusal: new Refusal('UNAUTHORIZED', message, details) },
});

/** Who logs in, or why not. A second factor is asked for, and told of, only after the right password. */
async function prove(deps: IdentityDeps, { email, password, otp, ...at }: Login): Promise<Tried<Proof>> {
  const account = await deps.db.gateOnce((tx) => findByEmail(tx, email, at));
  const matches = await deps.passwords.matches(password, account?.passwordHash ?? null);
  if (!account || !matches) return refused('wrong', wrongLogin);
  const { id, tenant_id, totpSecret } = account;
  if (totpSecret === null) return { outcome: 'right', value: { account } };
  if (otp === undefined) return refused('unfinished', 'Send the code of the authenticator as otp as well.', asked);
  const factor = { id, tenant_id, sealed: totpSecret };
  const isRight = await deps.db.gate((tx) => takesSecondFactor(deps, tx, factor, otp));
  return isRight
    ? { outcome: 'right', value: { account } }
    : refused('wrong', 'The code is wrong, or was used before.', asked);
}

/** Spec I1, I2. The answer to a wrong login is the same, and takes as long, whatever was wrong. */
export async function logIn(deps: IdentityDeps, visit: Visit, login: Login): Promise<Session> {
  const proof = await deps.throttle.tried(visit.address, login.email, () => prove(deps, login));
  if ('refusal' in proof) throw proof.refusal;
  const { account } = proof;
  refuseDeactivated(account);
  const now = deps.clock();
  return deps.db.gate(async (tx) => {
    await noteLogin(tx, account.id, now);
    await record(tx, inNameOf(visit, account), { action: 'login', entity: 'user', id: account.id });
    const last_login_at = new Date(now).toISOString();
    return sessionOf(deps, tx, { ...account, last_login_at }, visit);
  });
}

/** A new pair for a token that was not used yet; what a reuse ends is ended although the answer is a refusal. */
export async function refresh(deps: IdentityDeps, visit: Visit, token: string): Promise<Session> {
  const now = deps.clock();
  const session = await deps.db.gate(async (tx) => {
    const holder: Holder | null = await spendRefreshToken(tx, token, now);
    const account = holder && (await findById(tx, holder.userId));
    if (!holder || !account) return null;
    refuseDeactivated(account);
    return holder.epoch === account.epoch ? sessionOf(deps, tx, account, visit, holder) : null;
  });
  if (!session) throw new Refusal('UNAUTHORIZED', badToken);
  return session;
}

export const logOut = (deps: IdentityDeps, visit: Visit, token: string): Promise<void> =>
  deps.db.gate(async (tx) => {
    const userId = await endRefreshToken(tx, token, deps.clock());
    const account = userId === null ? null : await findById(tx, userId);
    if (account) await record(tx, inNameOf(visit, account), { action: 'logout', entity: 'user', id: account.id });
  });

/** Ends every session of the caller, this one too. */
export async function logOutEverywhere(deps: IdentityDeps, { caller, ...visit }: Asking): Promise<void> {
  demand(caller, 'self:write');
  await deps.db.gate(async (tx) => {
    await endTokens(tx, caller.userId);
    const who = { ...visit, caller, tenantId: caller.tenantId };
    await record(tx, who, { action: 'logout', entity: 'user', id: caller.userId });
  });
}

/** The tenant that a new user may be put into by this caller (spec I1: the owner makes admins, an admin the rest). */
function tenantFor(caller: Caller, { tenant_id, role }: NewUser): string {
  if (caller.role === ownerRole) {
    if (tenant_id === undefined) throw invalid('tenant_id', 'tenant_id: say whose user it is');
    if (role !== 'admin')
      throw new Refusal('FORBIDDEN', "A platform owner creates a tenant's admin; the admin creates the rest.");
    return tenant_id;
  }
  if (caller.tenantId === null) throw new Refusal('FORBIDDEN', 'Only an admin may create users.');
  if (tenant_id !== undefined && tenant_id !== caller.tenantId) {
    throw new Refusal('FORBIDDEN', 'An admin creates users in its own tenant only.');
  }
  return caller.tenantId;
}

export async function register(deps: IdentityDeps, asking: Asking, input: NewUser): Promise<User> {
  demand(asking.caller, 'users:write');
  const tenantId = tenantFor(asking.caller, input);
  const passwordHash = await deps.passwords.hash(input.password);
  const { email, name, role } = input;
  return deps.db.gate(async (tx) => {
    if (!(await tenantExists(tx, tenantId))) throw notFound('tenant');
    const id = randomUUID();
    const reseller_id = await resellerSeat(tx, tenantId, { id, name, role, resellerId: input.reseller_id ?? null });
    const user = await insertUser(tx, { id, tenant_id: tenantId, email, name, role, reseller_id }, passwordHash);
    if (!user) throw new Refusal('DUPLICATE_ENTRY', `This tenant has a user ${email} already.`, { field: 'email' });
    const after = { email, name, role, reseller_id, is_active: user.is_active };
    await record(tx, { ...asking, tenantId }, { action: 'create', entity: 'user', id: user.id, after });
    return user;
  });
}
