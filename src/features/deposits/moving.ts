import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { Refusal } from '#platform/refusal.ts';
import { refusalNow } from './purse.ts';

/** In whose name a deposit moves. `by` null: nobody's, a gateway's word for example. `now` in ms since 1970. */
export type Mover = {
  readonly tenantId: string;
  readonly correlationId: string;
  readonly by: string | null;
  readonly now: number;
};

export type Deed = {
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
export type GivingBack = Deed & {
  readonly kind: 'reversal' | 'refund';
  /** The whole move that a reversal takes back, once; null for a part of one. */
  readonly reverses: string | null;
};

/** `balance`: what is left in the deposit. */
export type Moved = { readonly moveId: string; readonly balance: bigint };

/** The most that JSON numbers hold exactly. */
const most = 9_007_199_254_740_991n;

export function checkAmount(amount: bigint): void {
  if (amount <= 0n || amount > most) throw new Error('A deposit moves by an amount above zero.');
}

/** Writes the move that the row of `deposits` made: `changed` is the statement that changes it. */
export const moveBy = (
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

/** Pays a deposit out to its reseller: never below zero; no limit of the day stands against it. */
export async function payOutDeposit(tx: Tx, mover: Mover, deed: Deed): Promise<Moved> {
  const { resellerId, amount } = deed;
  checkAmount(amount);
  const changed = sql`
      update deposits set balance = balance - ${amount}, moves = moves + 1, updated_at = now()
      where tenant_id = ${mover.tenantId} and reseller_id = ${resellerId} and balance >= ${amount}`;
  const { rows } = await moveBy(mover, { ...deed, kind: 'payout' }, -amount, changed).execute(tx);
  if (rows[0]) return rows[0];
  throw await refusalNow(tx, { tenantId: mover.tenantId, today: '' }, deed);
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
