import { randomBytes } from 'node:crypto';
import { markLines } from '#access/mark-dirty.ts';
import { record } from '#audit/record.ts';
import type { Tx } from '#db/database.ts';
import { passwordFrom } from '#domain/password.ts';
import { demand, type Who } from '#platform/caller.ts';
import { notFound } from '#platform/refusal.ts';
import type { TenantVault } from '#platform/secrets.ts';
import { tellByHand } from './by-hand.ts';
import { sightOf } from './sight.ts';
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

async function lineOf(tx: Tx, who: Who, id: string) {
  demand(who.caller, 'subscriptions:reveal');
  const line = await findLine(tx, sightOf(who), id);
  if (!line) throw notFound('subscription');
  return line;
}

/** Shows the password; the audit log and the timeline say to whom. */
export async function revealPassword(tx: Tx, who: Who, id: string, vault: TenantVault): Promise<Shown> {
  const line = await lineOf(tx, who, id);
  await record(tx, who, { action: 'reveal', entity: 'subscription', id });
  await tellByHand(tx, who, id, 'The PPPoE password was shown', null);
  return { username: line.username, password: vault.open(line.password, place(id)) };
}

/** Gives the line a new password; the modem must be told it, or does not come back after its next disconnect. */
export async function rotatePassword(tx: Tx, who: Who, id: string, vault: TenantVault): Promise<Shown> {
  demand(who.caller, 'subscriptions:write');
  await lockLine(tx, who.tenantId, id);
  const line = await lineOf(tx, who, id);
  const password = newPassword();
  const sealed = sealPassword(vault, id, password);
  await tx
    .updateTable('subscriptions')
    .set({ password: sealed, updated_at: new Date() })
    .where('tenant_id', '=', who.tenantId)
    .where('id', '=', id)
    .execute();
  const [before, after] = [{ password: line.password }, { password: sealed }];
  await record(tx, who, { action: 'update', entity: 'subscription', id, before, after });
  await tellByHand(tx, who, id, 'The PPPoE password was replaced', null);
  const { tenantId, correlationId } = who;
  await markLines(tx, { tenantId, correlationId, cause: 'a new password' }, [id]);
  return { username: line.username, password };
}
