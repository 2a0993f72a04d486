import { randomBytes } from 'node:crypto';
import { markLines } from '#access/mark-dirty.ts';
import type { Tx } from '#db/database.ts';
import { passwordFrom } from '#domain/password.ts';
import { notFound } from '#platform/refusal.ts';
import type { TenantVault } from '#platform/secrets.ts';
import { type Hand, tellByHand } from './by-hand.ts';
import { findLine, lockLine } from './store.ts';

/** Where a line's PPPoE password lies. */
const place = (subscriptionId: string) => ({ table: 'subscriptions', column: 'password', row: subscriptionId });

export const sealPassword = (vault: TenantVault, subscriptionId: string, password: string): string =>
  vault.seal(password, place(subscriptionId));

export function newPassword(): string {
  for (;;) {
    const password = passwordFrom(randomBytes(32));
    if (password !== null) return password;
  }
}

type Shown = { readonly username: string; readonly password: string };

async function lineOf(tx: Tx, hand: Hand, id: string) {
  const line = await findLine(tx, hand.tenantId, id);
  if (!line) throw notFound('subscription');
  return line;
}

/** Shows the password, and says in the timeline to whom. */
export async function revealPassword(tx: Tx, hand: Hand, id: string, vault: TenantVault): Promise<Shown> {
  const line = await lineOf(tx, hand, id);
  await tellByHand(tx, hand, id, 'The PPPoE password was shown', null);
  return { username: line.username, password: vault.open(line.password, place(id)) };
}

/** Gives the line a new password; the modem must be told it, or does not come back after its next disconnect. */
export async function rotatePassword(tx: Tx, hand: Hand, id: string, vault: TenantVault): Promise<Shown> {
  await lockLine(tx, hand.tenantId, id);
  const line = await lineOf(tx, hand, id);
  const password = newPassword();
  await tx
    .updateTable('subscriptions')
    .set({ password: sealPassword(vault, id, password), updated_at: new Date() })
    .where('tenant_id', '=', hand.tenantId)
    .where('id', '=', id)
    .execute();
  await tellByHand(tx, hand, id, 'The PPPoE password was replaced', null);
  await markLines(tx, { ...hand, cause: 'a new password' }, [id]);
  return { username: line.username, password };
}
