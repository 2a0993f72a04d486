import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { groupBy } from '#domain/group-by.ts';
import { checkAmount, type Deed, type Moved, type Mover, moveBy } from './moving.ts';
import { refusalNow, type SpentAt } from './purse.ts';

/** What is spent, and in whose name. */
export type Spending = Deed &
  Pick<Mover, 'by' | 'correlationId'> & {
    readonly kind: 'payment' | 'vouchers';
  };

/** In the order of their ids, so that two who take from several never wait for each other. */
const lockDeposits = (tx: Tx, tenantId: string, resellerIds: readonly string[]) =>
  sql`
    select from deposits where tenant_id = ${tenantId} and reseller_id = any(${resellerIds}::uuid[])
    order by reseller_id for no key update`.execute(tx);

/** What will have been spent today. */
const spentWith = (today: string, amount: RawBuilder<unknown>) =>
  sql`case when d.spent_on = ${today} then d.spent else 0 end + ${amount}`;

/** One alone is most often asked for by a request, whose statements are planned each time: it has a plain one. */
async function takeOne(tx: Tx, { tenantId, now, today }: SpentAt, spending: Spending): Promise<Moved | undefined> {
  const { resellerId, amount, by, correlationId } = spending;
  const spent = spentWith(today, sql`${amount}::bigint`);
  const changed = sql`
      update deposits d set balance = d.balance - ${amount}, moves = d.moves + 1, spent = ${spent}, spent_on = ${today},
        updated_at = now()
      where d.tenant_id = ${tenantId} and d.reseller_id = ${resellerId} and d.balance >= ${amount}
        and (d.daily_limit is null or ${spent} <= d.daily_limit)`;
  return (await moveBy({ tenantId, correlationId, by, now }, spending, -amount, changed).execute(tx)).rows[0];
}

const takeTogether = (tx: Tx, { tenantId, now, today }: SpentAt, rows: string) => {
  const spent = spentWith(today, sql`s.amount`);
  return sql<Moved & { readonly no: number }>`
    with asked as materialized (
      select * from jsonb_to_recordset(${rows}::jsonb) as a (no int, "resellerId" uuid, amount bigint, kind text,
        "postingId" uuid, "sourceId" uuid, "idemKey" text, memo text, by uuid, "correlationId" text)),
    sums as (select "resellerId", sum(amount)::bigint as amount, count(*) as moves from asked group by 1),
    changed as (
      update deposits d set balance = d.balance - s.amount, moves = d.moves + s.moves, spent = ${spent},
        spent_on = ${today}, updated_at = now()
      from sums s
      where d.tenant_id = ${tenantId} and d.reseller_id = s."resellerId" and d.balance >= s.amount
        and (d.daily_limit is null or ${spent} <= d.daily_limit)
      returning d.reseller_id, d.balance + s.amount as balance, d.moves - s.moves as moves),
    moved as (
      insert into deposit_moves (tenant_id, reseller_id, no, kind, amount, balance, posting_id, source_id, idem_key, memo,
        moved_by, correlation_id, moved_at)
      select ${tenantId}, c.reseller_id, c.moves + row_number() over each, a.kind, -a.amount,
        c.balance - sum(a.amount) over each, a."postingId", a."sourceId", a."idemKey", a.memo, a.by, a."correlationId",
        ${new Date(now)}
      from asked a join changed c on c.reseller_id = a."resellerId"
      window each as (partition by a."resellerId" order by a.no)
      returning id, balance, posting_id)
    select a.no, m.id as "moveId", m.balance from moved m join asked a on a."postingId" = m.posting_id`.execute(tx);
};

/** Some of several that were to be spent together are not covered any more: each is to be tried by itself. */
export class NotCovered extends Error {}

/**
 * Takes from deposits, each with its move: one conditional UPDATE is lock, limit of the day and debit for all that is
 * spent together, and refuses what would go below zero. Called as the last of a transaction, since those who spend from
 * one deposit wait for each other here. Of one deposit all that is asked is taken or nothing. Throws a Refusal for one,
 * NotCovered for several; answers in the order of asking.
 */
export async function spendDeposits(tx: Tx, at: SpentAt, spendings: readonly Spending[]): Promise<readonly Moved[]> {
  for (const { amount } of spendings) checkAmount(amount);
  const [first, another] = spendings;
  if (first && !another) {
    const moved = await takeOne(tx, at, first);
    if (moved) return [moved];
    throw await refusalNow(tx, at, first);
  }
  const resellers = [...groupBy(spendings, ({ resellerId }) => resellerId).keys()].sort();
  const rows = spendings.map(
    ({ resellerId, amount, kind, postingId, sourceId, idemKey, memo, by, correlationId }, no) => ({
      ...{ no, resellerId, amount: amount.toString(), kind, postingId, sourceId, idemKey, memo, by, correlationId },
    }),
  );
  // Begun together they run in this order, on one way to the database.
  const locked = resellers.length > 1 ? lockDeposits(tx, at.tenantId, resellers) : null;
  const [moved] = await Promise.all([takeTogether(tx, at, JSON.stringify(rows)), locked]);
  const byNo = new Map(moved.rows.map(({ no, moveId, balance }) => [no, { moveId, balance }]));
  if (spendings.some((_one, no) => !byNo.has(no)))
    throw new NotCovered('A deposit does not cover what was asked of it together.');
  return spendings.map((_one, no) => byNo.get(no) as Moved);
}
