import { sql } from 'kysely';
import { accountOf } from '#db/customer-account/customer-account.ts';
import type { Tx } from '#db/database.ts';

export type Buckets = {
  readonly not_due: bigint;
  readonly days_0_30: bigint;
  readonly days_31_60: bigint;
  readonly days_61_90: bigint;
  readonly over_90: bigint;
  readonly credit: bigint;
  readonly total: bigint;
};
type Account = Awaited<ReturnType<typeof accountOf>>;
export type AgingLine = Buckets & { readonly id: string; readonly code: string; readonly name: string };

/**
 * What each customer owes on a day, by how long it has been due. What was paid in or credited settles the oldest debits
 * first, as money that names no bill does; a posting and the one that takes it back are both left out. What is left is,
 * customer by customer, the sum of its account.
 */
const aged = (account: Account, asOf: string) => sql`
  with mine as (
    select customer_id, amount, id, no, due from ${account} a
    where "on" <= ${asOf} and (paired_on is null or paired_on > ${asOf})),
  owed as (
    select customer_id, due, amount,
      sum(amount) over (partition by customer_id order by due, id, no) as reached from mine where amount > 0),
  paid as (select customer_id, -sum(amount) as amount from mine where amount < 0 group by customer_id),
  open as (
    select o.customer_id, ${asOf}::date - o.due::date as age,
      greatest(least(o.amount, o.reached - coalesce(p.amount, 0)), 0) as amount
    from owed o left join paid p using (customer_id)),
  debts as (
    select customer_id, sum(amount) filter (where age < 0) as not_due, sum(amount) filter (where age between 0 and 30) as a,
      sum(amount) filter (where age between 31 and 60) as b, sum(amount) filter (where age between 61 and 90) as c,
      sum(amount) filter (where age > 90) as d from open group by customer_id),
  sums as (select customer_id, sum(amount) as total from mine group by customer_id having sum(amount) <> 0),
  lines as (
    select s.customer_id, coalesce(not_due, 0)::bigint as not_due, coalesce(a, 0)::bigint as days_0_30,
      coalesce(b, 0)::bigint as days_31_60, coalesce(c, 0)::bigint as days_61_90, coalesce(d, 0)::bigint as over_90,
      least(s.total, 0)::bigint as credit, s.total::bigint as total
    from sums s left join debts using (customer_id))`;

/** Customers that owe or have credit, whoever owes most first; `limit` null: all. */
export async function agingLines(
  tx: Tx,
  tenantId: string,
  asOf: string,
  { limit, offset }: { readonly limit: number | null; readonly offset: number },
): Promise<readonly AgingLine[]> {
  const { rows } = await sql<AgingLine>`
    ${aged(await accountOf(tx, tenantId), asOf)}
    select c.id, c.customer_code as code, c.name, not_due, days_0_30, days_31_60, days_61_90, over_90, credit, total
    from lines l join customers c on c.tenant_id = ${tenantId} and c.id = l.customer_id
    order by total desc, c.id limit ${limit} offset ${offset}`.execute(tx);
  return rows;
}

/** The sums over all customers, and how many these are. */
export async function agingTotals(
  tx: Tx,
  tenantId: string,
  asOf: string,
): Promise<Buckets & { readonly count: number }> {
  const sum = (column: string) => sql`coalesce(sum(${sql.ref(column)}), 0)::bigint as ${sql.ref(column)}`;
  const columns = ['not_due', 'days_0_30', 'days_31_60', 'days_61_90', 'over_90', 'credit', 'total'];
  const { rows } = await sql<Buckets & { readonly count: number }>`
    ${aged(await accountOf(tx, tenantId), asOf)} select ${sql.join(columns.map(sum))}, count(*)::int as count from lines`.execute(
    tx,
  );
  const [totals] = rows;
  if (!totals) throw new Error('An aggregate without groups answered no row.');
  return totals;
}
