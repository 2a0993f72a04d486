import { demand } from '#platform/caller.ts';
import { Refusal } from '#platform/refusal.ts';
import type { Asking, IdentityDeps } from './identity-deps.ts';
import type { User } from './schema.ts';
import { type Account, findById } from './store.ts';

/** The caller's own account; a key has none. */
export async function ownAccount({ db }: Pick<IdentityDeps, 'db'>, { caller }: Asking): Promise<Account> {
  demand(caller, 'self:write');
  if (caller.scopes) throw new Refusal('FORBIDDEN', 'A key has no account: log in as a user.');
  const account = await db.gateOnce((tx) => findById(tx, caller.userId));
  if (!account) throw new Refusal('UNAUTHORIZED', 'There is no such user any more.');
  return account;
}

/** Who the caller is, as it stands now. */
export async function aboutMe(deps: IdentityDeps, asking: Asking): Promise<User> {
  const { passwordHash, epoch, totpSecret, tenant, ...user } = await ownAccount(deps, asking);
  return user;
}

const wrongPassword = 'The password is wrong.';

/** Refuses whoever does not know the account's password: a token alone, left open somewhere, changes no secret. */
export async function demandPassword(
  deps: IdentityDeps,
  { address }: Asking,
  account: Account,
  password: string,
): Promise<void> {
  const isRight = await deps.throttle.tried<boolean>(address, account.email, async () => {
    const value = await deps.passwords.matches(password, account.passwordHash);
    return { outcome: value ? 'right' : 'wrong', value };
  });
  if (!isRight) throw new Refusal('FORBIDDEN', wrongPassword);
}
