import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { Refusal } from '#platform/refusal.ts';

/** When it is spent: `now` in ms since 1970, `today` in the tenant's calendar. */
export type SpentAt = { readonly tenantId: string; readonly now: number; readonly today: string };

/** What a deposit holds, and has spent on its last day of spending; `limit` null: none of a day. */
export type Purse = {
  readonly balance: bigint;
  readonly limit: bigint | null;
  readonly spent: bigint;
  readonly spentOn: string | null;
};

const emptyPurse: Purse = { balance: 0n, limit: null, spent: 0n, spentOn: null };

/** What these resellers' deposits hold now; they are not locked, so `spendDeposits` has the last word. */
export async function readPurses(
  tx: Tx,
  tenantId: string,
  resellerIds: readonly string[],
): Promise<ReadonlyMap<string, Purse>> {
  const { rows } = await sql<Purse & { readonly reseller: string }>`
    select reseller_id as reseller, balance, daily_limit as "limit", spent, spent_on as "spentOn" from deposits
    where tenant_id = ${tenantId} and reseller_id = any(${[...new Set(resellerIds)]}::uuid[])`.execute(tx);
  const found = new Map(rows.map(({ reseller, ...purse }): [string, Purse] => [reseller, purse]));
  return new Map(resellerIds.map((id) => [id, found.get(id) ?? emptyPurse]));
}

const spentOf = ({ spent, spentOn }: Purse, today: string): bigint => (spentOn === today ? spent : 0n);

/** What is left of it after an amount was taken. */
export const purseAfter = (purse: Purse, amount: bigint, today: string): Purse => ({
  ...purse,
  balance: purse.balance - amount,
  spent: spentOf(purse, today) + amount,
  spentOn: today,
});

/** Why a deposit does not cover an amount; null: it does. */
export function spendRefusal(purse: Purse, amount: bigint, today: string): Refusal | null {
  const { balance, limit } = purse;
  const spent = spentOf(purse, today);
  if (balance < amount) {
    const told = `The deposit holds ${balance}, and this takes ${amount}: top it up first.`;
    const details = { reason: 'deposit_too_low', balance: Number(balance), amount: Number(amount) };
    return new Refusal('CONFLICT', told, details);
  }
  if (limit === null || spent + amount <= limit) return null;
  const left = limit > spent ? limit - spent : 0n;
  const told = `Of today's limit of ${limit} ${left} is left, and this takes ${amount}: go on tomorrow, or ask for more.`;
  return new Refusal('CONFLICT', told, { reason: 'daily_limit', limit: Number(limit), spent_today: Number(spent) });
}

/** Why a conditional UPDATE took nothing from a deposit. */
export async function refusalNow(
  tx: Tx,
  { tenantId, today }: Pick<SpentAt, 'tenantId' | 'today'>,
  { resellerId, amount }: { readonly resellerId: string; readonly amount: bigint },
): Promise<Refusal> {
  const purse = (await readPurses(tx, tenantId, [resellerId])).get(resellerId) ?? emptyPurse;
  return (
    spendRefusal(purse, amount, today) ?? new Refusal('CONFLICT', 'The deposit was topped up this moment: try again.')
  );
}
