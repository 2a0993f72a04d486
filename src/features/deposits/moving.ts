import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { settingsOf } from '#db/settings-of.ts';
import { localDate } from '#domain/local-time.ts';
import { Refusal } from '#platform/refusal.ts';

/** In whose name a deposit moves. `by` null: nobody's, a gateway's word for example. `now` in ms since 1970. */
export type Mover = {
  readonly tenantId: string;
  readonly correlationId: string;
  readonly by: string | null;
  readonly now: number;
};

type Deed = {
  readonly resellerId: string;
  /** Minor units, above zero whichever way it goes. */
  readonly amount: bigint;
  /**
   * The posting in the books, written before: its one entry on `deposits` names the reseller and this amount, a debit for
   * what is spent and a credit for what comes in. The database refuses a move without it, and it without a move.
   */
  readonly postingId: string;
  /** The payment, sale, request or payout that it is of. */
  readonly sourceId: string;
  /** One move of this tenant; a second one fails, so whoever may be repeated has a row of its own that says so first. */
  readonly idemKey: string;
  readonly memo: string;
};
/** `day`: today in the tenant's calendar, where the caller knows it; left out, it is looked up. */
export type Spending = Deed & { readonly kind: 'payment' | 'vouchers'; readonly day?: string };
export type GivingBack = Deed & {
  readonly kind: 'reversal' | 'refund';
  /** The whole move that a reversal takes back, once; null for a part of one. */
  readonly reverses: string | null;
};

/** `balance`: what is left in the deposit. */
export type Moved = { readonly moveId: string; readonly balance: bigint };

/** The most that JSON numbers hold exactly. */
const most = 9_007_199_254_740_991n;

async function todayOf(tx: Tx, { tenantId, now }: Mover): Promise<string> {
  return localDate(now, (await settingsOf(tx, tenantId)).time_zone);
}

function checkAmount(amount: bigint): void {
  if (amount <= 0n || amount > most) throw new Error('A deposit moves by an amount above zero.');
}

/** Writes the move that the row of `deposits` made: `changed` is the statement that changes it. */
const moveBy = (
  mover: Mover,
  deed: Omit<Deed, 'amount'> & { readonly kind: string; readonly reverses?: string | null },
  amount: bigint,
  changed: ReturnType<typeof sql>,
) => sql<Moved>`
    with changed as (${changed} returning moves, balance)
    insert into deposit_moves (tenant_id, reseller_id, no, kind, amount, balance, posting_id, source_id, idem_key, reverses,
      memo, moved_by, correlation_id, moved_at)
    select ${mover.tenantId}, ${deed.resellerId}, moves, ${deed.kind}, ${amount}, balance, ${deed.postingId}, ${deed.sourceId},
      ${deed.idemKey}, ${deed.reverses ?? null}, ${deed.memo}, ${mover.by}, ${mover.correlationId}, ${new Date(mover.now)}
    from changed
    returning id as "moveId", balance`;

async function refuseSpending(tx: Tx, mover: Mover, { resellerId, amount }: Deed, today: string): Promise<never> {
  const row = await tx
    .selectFrom('deposits')
    .where('tenant_id', '=', mover.tenantId)
    .where('reseller_id', '=', resellerId)
    .select(['balance', 'daily_limit', 'spent', 'spent_on'])
    .executeTakeFirst();
  const balance = row?.balance ?? 0n;
  const spent = row?.spent_on === today ? row.spent : 0n;
  const limit = row?.daily_limit ?? null;
  if (balance >= amount && limit !== null) {
    const left = limit > spent ? limit - spent : 0n;
    const told = `Of today's limit of ${limit} ${left} is left, and this takes ${amount}: go on tomorrow, or ask for more.`;
    throw new Refusal('CONFLICT', told, { reason: 'daily_limit', limit: Number(limit), spent_today: Number(spent) });
  }
  const told = `The deposit holds ${balance}, and this takes ${amount}: top it up first.`;
  throw new Refusal('CONFLICT', told, { reason: 'deposit_too_low', balance: Number(balance), amount: Number(amount) });
}

/**
 * Refuses at once what the deposit would not cover now, before work is done for it. `spendDeposit` has the last word.
 */
export async function expectDeposit(tx: Tx, mover: Mover, deed: Pick<Deed, 'resellerId' | 'amount'>): Promise<void> {
  const { rows } = await sql`
    select from deposits where tenant_id = ${mover.tenantId} and reseller_id = ${deed.resellerId}
      and balance >= ${deed.amount}`.execute(tx);
  if (rows.length > 0) return;
  await refuseSpending(tx, mover, { ...deed, postingId: '', sourceId: '', idemKey: '', memo: '' }, '');
}

/**
 * Takes from a reseller's deposit, never below zero and never above its limit of the day (spec S2): one conditional UPDATE,
 * whose row is the lock. Called last in the caller's transaction, so that the row is held for no longer than the commit.
 * Throws CONFLICT with `details.reason` `deposit_too_low` or `daily_limit`.
 */
export async function spendDeposit(tx: Tx, mover: Mover, spending: Spending): Promise<Moved> {
  const { resellerId, amount } = spending;
  checkAmount(amount);
  const today = spending.day ?? (await todayOf(tx, mover));
  const spent = sql`case when spent_on = ${today} then spent else 0 end + ${amount}`;
  const changed = sql`
      update deposits set balance = balance - ${amount}, moves = moves + 1, spent = ${spent}, spent_on = ${today},
        updated_at = now()
      where tenant_id = ${mover.tenantId} and reseller_id = ${resellerId} and balance >= ${amount}
        and (daily_limit is null or ${spent} <= daily_limit)`;
  const { rows } = await moveBy(mover, spending, -amount, changed).execute(tx);
  return rows[0] ?? refuseSpending(tx, mover, spending, today);
}

/** Pays a deposit out to its reseller: never below zero; no limit of the day stands against it. */
export async function payOutDeposit(tx: Tx, mover: Mover, deed: Deed): Promise<Moved> {
  const { resellerId, amount } = deed;
  checkAmount(amount);
  const changed = sql`
      update deposits set balance = balance - ${amount}, moves = moves + 1, updated_at = now()
      where tenant_id = ${mover.tenantId} and reseller_id = ${resellerId} and balance >= ${amount}`;
  const { rows } = await moveBy(mover, { ...deed, kind: 'payout' }, -amount, changed).execute(tx);
  return rows[0] ?? refuseSpending(tx, mover, deed, '');
}

async function add(tx: Tx, mover: Mover, deed: Deed & Parameters<typeof moveBy>[1]): Promise<Moved> {
  const { resellerId, amount } = deed;
  checkAmount(amount);
  const changed = sql`
      insert into deposits as d (tenant_id, reseller_id, balance, moves)
      values (${mover.tenantId}, ${resellerId}, ${amount}, 1)
      on conflict (tenant_id, reseller_id) do update set balance = d.balance + excluded.balance, moves = d.moves + 1,
        low_told_at = case when d.balance + excluded.balance < d.low_mark then d.low_told_at end, updated_at = now()
      where d.balance + excluded.balance <= ${most}`;
  const { rows } = await moveBy(mover, deed, amount, changed).execute(tx);
  if (rows[0]) return rows[0];
  throw new Refusal('CONFLICT', `A deposit holds at most ${most}.`, { reason: 'deposit_too_high' });
}

/** Adds what came in: a top-up, or a commission that is paid into the deposit. Throws CONFLICT above 2^53 - 1. */
export const creditDeposit = (tx: Tx, mover: Mover, deed: Deed & { readonly kind: 'top_up' | 'commission' }) =>
  add(tx, mover, deed);

/** Gives back what was spent: the whole of a move (`reversal`, once), or a part of it (`refund`). */
export const returnToDeposit = (tx: Tx, mover: Mover, back: GivingBack): Promise<Moved> => add(tx, mover, back);
