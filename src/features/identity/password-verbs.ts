import { createHash, randomBytes } from 'node:crypto';
import { record } from '#audit/record.ts';
import type { Tx } from '#db/database.ts';
import { Refusal } from '#platform/refusal.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';
import { type Asking, type IdentityDeps, inNameOf, type Visit } from './identity-deps.ts';
import { demandPassword, ownAccount } from './own-account.ts';
import type { PasswordChange, Reset, ResetRequest, Session } from './schema.ts';
import { type Account, findByEmail, findById, replacePassword } from './store.ts';
import { sessionOf } from './verbs.ts';

const resetMinutes = 60;
/** So many messages an hour reach one mailbox, whoever asks for them. */
const resetsAnHour = 3;

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();
const passwordChanged = (id: string) =>
  ({ action: 'update', entity: 'user', id, before: { password: 'old' }, after: { password: 'new' } }) as const;

/** Another password for the caller. Ends all its sessions, and answers a new one. */
export async function changePassword(deps: IdentityDeps, asking: Asking, change: PasswordChange): Promise<Session> {
  const account = await ownAccount(deps, asking);
  await demandPassword(deps, asking, account, change.old_password);
  const passwordHash = await deps.passwords.hash(change.new_password);
  return deps.db.gate(async (tx) => {
    const epoch = await replacePassword(tx, account.id, passwordHash);
    await record(tx, { ...asking, tenantId: account.tenant_id }, passwordChanged(account.id));
    return sessionOf(deps, tx, { ...account, epoch }, asking);
  });
}

async function hasEnough(tx: Tx, tenantId: string, userId: string, now: number): Promise<boolean> {
  const { count } = await tx
    .selectFrom('password_resets')
    .where('tenant_id', '=', tenantId)
    .where('user_id', '=', userId)
    .where('created_at', '>', new Date(now - 3_600_000))
    .select((eb) => eb.fn.countAll<bigint>().as('count'))
    .executeTakeFirstOrThrow();
  return count >= resetsAnHour;
}

async function sendReset(deps: IdentityDeps, { correlationId }: Visit, account: Account): Promise<void> {
  const { id: userId, tenant_id: tenantId, tenant, email, name } = account;
  if (tenantId === null || !tenant?.isActive || !account.is_active) return;
  const now = deps.clock();
  const token = randomBytes(32).toString('base64url');
  const { language } = readTenantSettings(tenant.settings);
  await deps.db.tenant(tenantId, async (tx) => {
    if (await hasEnough(tx, tenantId, userId, now)) return;
    await tx
      .insertInto('password_resets')
      .values({
        tenant_id: tenantId,
        user_id: userId,
        token_hash: hashOf(token),
        created_at: new Date(now),
        expires_at: new Date(now + resetMinutes * 60_000),
      })
      .execute();
    const told = { tenantId, userId, email, name, token, language, correlationId, minutes: resetMinutes };
    await deps.sendReset(tx, told);
  });
}

/**
 * Sends a message with a token for a new password, to a tenant's active user. Whoever asks learns nothing: the answer
 * does not wait for what becomes of it, and is the same for an address that nobody has.
 */
export async function askReset(deps: IdentityDeps, visit: Visit, { email, ...at }: ResetRequest): Promise<void> {
  deps.later(async () => {
    const account = await deps.db.gateOnce((tx) => findByEmail(tx, email, at));
    if (account) await sendReset(deps, visit, account);
  });
}

/** Uses a token up and answers whose it was; null: unknown, used, or older than an hour. */
async function spend(tx: Tx, token: string, now: number): Promise<string | null> {
  const spent = await tx
    .updateTable('password_resets')
    .set({ used_at: new Date(now) })
    .where('token_hash', '=', hashOf(token))
    .where('used_at', 'is', null)
    .where('expires_at', '>', new Date(now))
    .returning('user_id')
    .executeTakeFirst();
  return spent?.user_id ?? null;
}

/** What other tokens were asked for opens nothing any more. */
const spendOthers = (tx: Tx, userId: string, now: number) =>
  tx
    .updateTable('password_resets')
    .set({ used_at: new Date(now) })
    .where('user_id', '=', userId)
    .where('used_at', 'is', null)
    .execute();

/** Sets another password for whoever has the token; ends all sessions of the user. */
export async function confirmReset(deps: IdentityDeps, visit: Visit, { token, password }: Reset): Promise<void> {
  const now = deps.clock();
  const isKnown = await deps.db.gate((tx) =>
    tx.selectFrom('password_resets').where('token_hash', '=', hashOf(token)).select('id').executeTakeFirst(),
  );
  // Nobody keeps the hashing busy with tokens that are none.
  const passwordHash = isKnown && (await deps.passwords.hash(password));
  const isDone = await deps.db.gate(async (tx) => {
    const userId = passwordHash ? await spend(tx, token, now) : null;
    const account = userId === null ? null : await findById(tx, userId);
    if (!account?.is_active || !passwordHash) return false;
    await spendOthers(tx, account.id, now);
    await replacePassword(tx, account.id, passwordHash);
    await record(tx, inNameOf(visit, account), passwordChanged(account.id));
    return true;
  });
  if (!isDone)
    throw new Refusal('UNAUTHORIZED', 'This token is not valid, or not valid any more. Ask for another one.');
}
