import type { Tx } from '#db/database.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { isTotpCode, recoveryHash, totpStep } from './totp.ts';

export const totpPlace = (userId: string) => ({ table: 'users', column: 'totp_secret', row: userId });

type Factor = { readonly id: string; readonly tenant_id: string | null; readonly sealed: string };
type Deps = Pick<IdentityDeps, 'clock' | 'vaultFor'>;

/** Takes a step for used, and all before it; false: somebody was faster, with the same code. */
async function useStep(tx: Tx, userId: string, step: number): Promise<boolean> {
  const used = await tx
    .updateTable('users')
    .set({ totp_last_step: step })
    .where('id', '=', userId)
    .where((is) => is.or([is('totp_last_step', 'is', null), is('totp_last_step', '<', step)]))
    .returning('id')
    .executeTakeFirst();
  return used !== undefined;
}

/** Whether a code of the authenticator is right and was not used before; it is now. */
export async function takesTotp({ clock, vaultFor }: Deps, tx: Tx, factor: Factor, code: string): Promise<boolean> {
  if (!isTotpCode(code)) return false;
  const secret = (await vaultFor(factor.tenant_id)).open(factor.sealed, totpPlace(factor.id));
  const step = totpStep(secret, code, clock());
  return step !== null && useStep(tx, factor.id, step);
}

async function takesRecoveryCode(tx: Tx, userId: string, code: string, now: number): Promise<boolean> {
  const used = await tx
    .updateTable('recovery_codes')
    .set({ used_at: new Date(now) })
    .where('user_id', '=', userId)
    .where('code_hash', '=', recoveryHash(userId, code))
    .where('used_at', 'is', null)
    .returning('id')
    .executeTakeFirst();
  return used !== undefined;
}

/** Whether `code` lets the user in: one of the authenticator, or a recovery code. Either is good once. In a gate's transaction. */
export const takesSecondFactor = async (deps: Deps, tx: Tx, factor: Factor, code: string): Promise<boolean> =>
  isTotpCode(code) ? takesTotp(deps, tx, factor, code) : takesRecoveryCode(tx, factor.id, code, deps.clock());
