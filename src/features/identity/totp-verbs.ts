import { record } from '#audit/record.ts';
import type { Tx } from '#db/database.ts';
import { invalid, Refusal } from '#platform/refusal.ts';
import { type Asking, type IdentityDeps, ownRows } from './identity-deps.ts';
import { demandPassword, ownAccount } from './own-account.ts';
import type { TotpRemoval, TotpSecret } from './schema.ts';
import { takesSecondFactor, takesTotp, totpPlace } from './second-factor.ts';
import type { Account } from './store.ts';
import { newRecoveryCodes, newTotpSecret, recoveryHash, totpUrl } from './totp.ts';

type Standing = boolean | 'waits for its first code';

const factorChanged = (id: string, before: Standing, after: Standing) =>
  ({
    action: 'update',
    entity: 'user',
    id,
    before: { second_factor: before },
    after: { second_factor: after },
  }) as const;

/** Draws a secret for the caller's authenticator. It is asked for at the login only once a code has confirmed it. */
export async function drawTotp(deps: IdentityDeps, asking: Asking): Promise<TotpSecret> {
  const { id, tenant_id, email, totpSecret } = await ownAccount(deps, asking);
  if (totpSecret !== null) throw new Refusal('CONFLICT', 'There is a second factor already: remove it first.');
  const secret = newTotpSecret();
  const sealed = (await deps.vaultFor(tenant_id)).seal(secret, totpPlace(id));
  await ownRows(deps, tenant_id, async (tx) => {
    await tx
      .updateTable('users')
      .set({ totp_secret: sealed, totp_last_step: null })
      .where('id', '=', id)
      .where('totp_confirmed_at', 'is', null)
      .execute();
    await record(tx, { ...asking, tenantId: tenant_id }, factorChanged(id, false, 'waits for its first code'));
  });
  return { secret, url: totpUrl(secret, email) };
}

async function writeRecoveryCodes(tx: Tx, { id, tenant_id }: Account): Promise<readonly string[]> {
  const codes = newRecoveryCodes();
  await tx.deleteFrom('recovery_codes').where('user_id', '=', id).execute();
  await tx
    .insertInto('recovery_codes')
    .values(codes.map((code) => ({ tenant_id, user_id: id, code_hash: recoveryHash(id, code) })))
    .execute();
  return codes;
}

/** The first code of the authenticator: from now on each login asks for one. Answers the recovery codes, this once. */
export async function confirmTotp(deps: IdentityDeps, asking: Asking, code: string): Promise<readonly string[]> {
  const account = await ownAccount(deps, asking);
  const { id, tenant_id } = account;
  return ownRows(deps, tenant_id, async (tx) => {
    const drawn = await tx
      .selectFrom('users')
      .where('id', '=', id)
      .where('totp_confirmed_at', 'is', null)
      .select('totp_secret')
      .forUpdate()
      .executeTakeFirst();
    const sealed = drawn?.totp_secret;
    if (!sealed) throw new Refusal('CONFLICT', 'There is no secret that waits for a code: ask for one first.');
    if (!(await takesTotp(deps, tx, { id, tenant_id, sealed }, code))) throw invalid('code', 'code: is wrong');
    await tx
      .updateTable('users')
      .set({ totp_confirmed_at: new Date(deps.clock()) })
      .where('id', '=', id)
      .execute();
    await record(tx, { ...asking, tenantId: tenant_id }, factorChanged(id, false, true));
    return writeRecoveryCodes(tx, account);
  });
}

async function demandCode(deps: IdentityDeps, { address }: Asking, account: Account, code: string): Promise<void> {
  const factor = { id: account.id, tenant_id: account.tenant_id, sealed: account.totpSecret ?? '' };
  const isRight = await deps.throttle.tried<boolean>(address, account.email, async () => {
    const value = await deps.db.gate((tx) => takesSecondFactor(deps, tx, factor, code));
    return { outcome: value ? 'right' : 'wrong', value };
  });
  if (!isRight) throw new Refusal('FORBIDDEN', 'The code is wrong, or was used before.');
}

/** No second factor any more, for whoever proves with the password or a code to be the user and no found token. */
export async function removeTotp(deps: IdentityDeps, asking: Asking, { password, code }: TotpRemoval): Promise<void> {
  const account = await ownAccount(deps, asking);
  if (password !== undefined) await demandPassword(deps, asking, account, password);
  else if (account.totpSecret !== null) await demandCode(deps, asking, account, code ?? '');
  const { id, tenant_id } = account;
  await ownRows(deps, tenant_id, async (tx) => {
    await tx
      .updateTable('users')
      .set({ totp_secret: null, totp_confirmed_at: null, totp_last_step: null })
      .where('id', '=', id)
      .execute();
    await tx.deleteFrom('recovery_codes').where('user_id', '=', id).execute();
    await record(tx, { ...asking, tenantId: tenant_id }, factorChanged(id, account.totpSecret !== null, false));
  });
}
