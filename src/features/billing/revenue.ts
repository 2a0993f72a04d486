import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { ledgerKind } from '#db/ledger-kind.ts';
import { growthPercent } from '#domain/growth.ts';
import { localDate } from '#domain/local-time.ts';
import { demand, type Who } from '#platform/caller.ts';
import { mirroredMoney } from './mirrored.ts';
import { settingsOf } from './money-store.ts';
import type { Revenue } from './payment-schema.ts';

const monthBefore = (month: string): string => {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return number === 1 ? `${year - 1}-12` : `${year}-${String(number - 1).padStart(2, '0')}`;
};
const monthAfter = (month: string): string => {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`;
};

const paidOf = async (tx: Tx, query: ReturnType<typeof sql<{ paid: bigint }>>): Promise<bigint> =>
  (await query.execute(tx)).rows[0]?.paid ?? 0n;

/**
 * The sum of what was paid in a month of the tenant's calendar, for bills and for vouchers, and stands (P41): as the books
 * have it, by the day that it was paid on.
 */
const paidInBooks = (tx: Tx, tenantId: string, month: string): Promise<bigint> =>
  paidOf(
    tx,
    sql`
      select coalesce(sum(e.amount), 0)::bigint as paid
      from postings p join entries e on e.tenant_id = p.tenant_id and e.posting_id = p.id and e.amount > 0
      where p.tenant_id = ${tenantId} and p.kind in ('payment', 'voucher') and p.reverses is null
        and p.posted_on >= ${`${month}-01`} and p.posted_on < ${`${monthAfter(month)}-01`}
        and not exists (select from postings b where b.tenant_id = p.tenant_id and b.reverses = p.id)`,
  );

const ofCustomers = (tenantId: string) => sql`(
  select c.erp_customer from customers c where c.tenant_id = ${tenantId} and c.deleted_at is null)`;
const inForce = (tenantId: string) =>
  sql`d.tenant_id = ${tenantId} and not d.gone and (d.fact ->> 'submitted')::boolean`;

/**
 * The same as the mirror of ERPNext has it, by the posting dates there: Payment Entries, bank and cash entries in the journal,
 * money that came with a bill at the counter; and what only the hub knows: money that is on its way there, and vouchers, on
 * the day on which they were redeemed.
 */
const paidInMirror = (tx: Tx, tenantId: string, month: string, zone: string): Promise<bigint> => {
  const isInMonth = (day: ReturnType<typeof sql>) =>
    sql`${day} >= ${`${month}-01`} and ${day} < ${`${monthAfter(month)}-01`}`;
  const dayOf = (at: string) => sql`to_char(${sql.ref(at)} at time zone ${zone}, 'YYYY-MM-DD')`;
  return paidOf(
    tx,
    sql`
      select coalesce(sum(amount), 0)::bigint as paid from (
        select p.amount from ${mirroredMoney(tenantId, zone)} p
        where p.status = 'paid' and ${isInMonth(dayOf('p.payment_date'))}
        union all
        select -(m.move ->> 'amount')::bigint from ledger_documents d
          cross join lateral jsonb_array_elements(d.fact -> 'moves') as m (move)
        where ${inForce(tenantId)} and d.doctype = 'Journal Entry' and (d.fact ->> 'isMoney')::boolean
          and (m.move ->> 'amount')::bigint < 0 and m.move ->> 'customer' in ${ofCustomers(tenantId)}
          and ${isInMonth(sql`(d.fact ->> 'postedOn')`)}
        union all
        select (d.fact ->> 'paidAtOnce')::bigint from ledger_documents d
        where ${inForce(tenantId)} and d.doctype = 'Sales Invoice' and (d.fact ->> 'paidAtOnce')::bigint > 0
          and d.customer in ${ofCustomers(tenantId)} and ${isInMonth(sql`coalesce(d.fact ->> 'issuedOn', d.fact ->> 'dueDate')`)}
        union all
        select b.price from vouchers v join voucher_batches b on b.tenant_id = v.tenant_id and b.id = v.batch_id
        where v.tenant_id = ${tenantId} and v.state = 'redeemed' and ${isInMonth(dayOf('v.redeemed_at'))}) as paid`,
  );
};

/** Revenue of a month and its growth (spec V1, P41, P42); `now` in ms since 1970. */
export async function readRevenue(tx: Tx, who: Who, asked: string | undefined, now: number): Promise<Revenue> {
  demand(who.caller, 'payments:read');
  const { tenantId } = who;
  const [kind, { time_zone: zone }] = await Promise.all([ledgerKind(tx, tenantId), settingsOf(tx, tenantId)]);
  const paidIn = (month: string): Promise<bigint> =>
    kind === 'erpnext' ? paidInMirror(tx, tenantId, month, zone) : paidInBooks(tx, tenantId, month);
  const month = asked ?? localDate(now, zone).slice(0, 7);
  const [paid, last] = [await paidIn(month), await paidIn(monthBefore(month))];
  return { month, this_month: Number(paid), last_month: Number(last), growth_percent: growthPercent(paid, last) };
}
