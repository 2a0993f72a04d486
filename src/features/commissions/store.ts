import { type Insertable, sql } from 'kysely';
import { z } from 'zod';
import type { Tx } from '#db/database.ts';
import { readPage } from '#db/page.ts';
import type { CommissionRulesTable } from '#db/tables/commissions.ts';
import type { CommissionRule } from '#domain/commission.ts';
import type { CommissionQuery, RuleQuery } from './schema.ts';

const StoredTiers = z.array(z.object({ from: z.int(), value: z.string().transform(BigInt) }));
export const readTiers = (stored: unknown) => StoredTiers.parse(stored);

const rules = (tx: Tx, tenantId: string) =>
  tx.selectFrom('commission_rules').where('tenant_id', '=', tenantId).selectAll();
export type RuleRow = Awaited<ReturnType<typeof rulesOf>>[number];
const rulesOf = (tx: Tx, tenantId: string) => rules(tx, tenantId).orderBy('id').execute();

/** All that ever were: what money earned under one that is over is known by it. */
export const readRules = async (tx: Tx, tenantId: string): Promise<readonly CommissionRule[]> =>
  (await rulesOf(tx, tenantId)).map((row) => ({
    id: row.id,
    resellerId: row.reseller_id,
    planId: row.service_plan_id,
    occasion: row.occasion,
    kind: row.kind,
    value: row.value,
    tiers: readTiers(row.tiers),
    validFrom: row.valid_from,
    validTo: row.valid_to,
  }));

export const findRule = (tx: Tx, tenantId: string, id: string) =>
  rules(tx, tenantId).where('id', '=', id).executeTakeFirst();

/** Undefined: there is one of the same particularity and day. */
export const insertRule = (tx: Tx, values: Insertable<CommissionRulesTable>) =>
  tx
    .insertInto('commission_rules')
    .values(values)
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst();

export const updateRule = (
  tx: Tx,
  tenantId: string,
  id: string,
  change: { valid_to?: string | null; notes?: string },
) =>
  tx
    .updateTable('commission_rules')
    .set(change)
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();

/** False: something was earned by it. */
export async function deleteRule(tx: Tx, tenantId: string, id: string): Promise<boolean> {
  const { rows } = await sql`
    delete from commission_rules r where tenant_id = ${tenantId} and id = ${id} and not exists (
      select from commissions c where c.tenant_id = r.tenant_id and c.rule_id = r.id) returning id`.execute(tx);
  return rows.length > 0;
}

export function listRules(tx: Tx, tenantId: string, { reseller_id, service_plan_id, occasion, ...page }: RuleQuery) {
  let found = rules(tx, tenantId);
  if (reseller_id !== undefined) found = found.where('reseller_id', '=', reseller_id);
  if (service_plan_id !== undefined) found = found.where('service_plan_id', '=', service_plan_id);
  if (occasion !== undefined) found = found.where('occasion', '=', occasion);
  return readPage(found.orderBy('created_at', 'desc').orderBy('id'), page);
}

export const exists = async (tx: Tx, table: 'resellers' | 'service_plans', tenantId: string, id: string) =>
  (await tx
    .selectFrom(table)
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .select('id')
    .executeTakeFirst()) !== undefined;

const commissions = (tx: Tx, tenantId: string) =>
  tx
    .selectFrom('commissions as m')
    .leftJoin('customers as c', (join) =>
      join.onRef('c.tenant_id', '=', 'm.tenant_id').onRef('c.id', '=', 'm.customer_id'),
    )
    .leftJoin('service_plans as p', (join) =>
      join.onRef('p.tenant_id', '=', 'm.tenant_id').onRef('p.id', '=', 'm.service_plan_id'),
    )
    .leftJoin('commission_payouts as o', (join) =>
      join.onRef('o.tenant_id', '=', 'm.tenant_id').onRef('o.id', '=', 'm.payout_id'),
    )
    .where('m.tenant_id', '=', tenantId)
    .select(['m.id', 'm.created_at', 'm.earned_on', 'm.reseller_id', 'm.source', 'm.customer_id'])
    .select(['c.name as customer_name', 'm.service_plan_id', 'p.name as service_plan_name', 'm.base', 'm.amount'])
    .select(['m.payout_id', 'o.state as payout_state']);

/** The latest first. */
export function listCommissions(
  tx: Tx,
  tenantId: string,
  { reseller_id, customer_id, payout_id, month, ...page }: CommissionQuery,
) {
  let found = commissions(tx, tenantId);
  if (reseller_id !== undefined) found = found.where('m.reseller_id', '=', reseller_id);
  if (customer_id !== undefined) found = found.where('m.customer_id', '=', customer_id);
  if (payout_id !== undefined) found = found.where('m.payout_id', '=', payout_id);
  if (month !== undefined)
    found = found.where('m.earned_on', '>=', `${month}-01`).where('m.earned_on', '<=', `${month}-31`);
  return readPage(found.orderBy('m.created_at', 'desc').orderBy('m.id'), page);
}
export type CommissionRow = Awaited<ReturnType<typeof listCommissions>>['data'][number];

/** What a reseller earned in a month (`YYYY-MM`), less what was taken back. */
export async function earnedIn(tx: Tx, tenantId: string, resellerId: string, month: string): Promise<bigint> {
  const { rows } = await sql<{ readonly earned: bigint }>`
    select coalesce(sum(amount), 0)::bigint as earned from commissions
    where tenant_id = ${tenantId} and reseller_id = ${resellerId} and earned_on between ${`${month}-01`} and ${`${month}-31`}`.execute(
    tx,
  );
  return rows[0]?.earned ?? 0n;
}

type Sums = { readonly owed: bigint; readonly paid: bigint };
type MonthRow = {
  readonly month: string;
  readonly earned: bigint;
  readonly taken_back: bigint;
  readonly paid: bigint;
};

/** What is owed to a reseller and was paid; and month by month from `from` (`YYYY-MM`) on, as far as there is anything. */
export async function sumsOf(tx: Tx, tenantId: string, resellerId: string, from: string, zone: string) {
  const sums = sql<Sums>`
    select coalesce(sum(m.amount) filter (where o.state is distinct from 'paid'), 0)::bigint as owed,
      coalesce(sum(m.amount) filter (where o.state = 'paid'), 0)::bigint as paid
    from commissions m left join commission_payouts o on o.tenant_id = m.tenant_id and o.id = m.payout_id
    where m.tenant_id = ${tenantId} and m.reseller_id = ${resellerId}`;
  const months = sql<MonthRow>`
    select month, sum(earned)::bigint as earned, sum(taken_back)::bigint as taken_back, sum(paid)::bigint as paid from (
      select left(earned_on, 7) as month, greatest(amount, 0) as earned, least(amount, 0) as taken_back, 0::bigint as paid
      from commissions
      where tenant_id = ${tenantId} and reseller_id = ${resellerId} and earned_on >= ${`${from}-01`}
      union all
      select to_char(paid_at at time zone ${zone}, 'YYYY-MM'), 0, 0, amount from commission_payouts
      where tenant_id = ${tenantId} and reseller_id = ${resellerId} and state = 'paid'
    ) moves where month >= ${from} group by month`;
  const [all, each] = await Promise.all([sums.execute(tx), months.execute(tx)]);
  return { ...(all.rows[0] ?? { owed: 0n, paid: 0n }), months: each.rows };
}
