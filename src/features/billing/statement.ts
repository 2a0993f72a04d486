import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { growthPercent } from '#domain/growth.ts';
import { localDate } from '#domain/local-time.ts';
import { demand, type Who } from '#platform/caller.ts';
import { invalid, notFound } from '#platform/refusal.ts';
import { demandOwnLedger } from './listing.ts';
import { settingsOf } from './money-store.ts';
import type { Revenue, Statement, StatementQuery } from './payment-schema.ts';

type Row = {
  readonly on: string;
  readonly kind: string;
  readonly document: string | null;
  readonly source_id: string | null;
  readonly amount: bigint;
};

/** What was posted to a customer's account, in the order of the days and of the posting. */
const posted = (tx: Tx, tenantId: string, customerId: string) =>
  sql<Row>`
    select p.posted_on as on, p.kind, coalesce(i.number, m.reference) as document, p.source_id, e.amount
    from entries e
    join postings p on p.tenant_id = e.tenant_id and p.id = e.posting_id
    left join invoices i on i.tenant_id = p.tenant_id and i.id = p.source_id
    left join payments m on m.tenant_id = p.tenant_id and m.id = p.source_id
    where e.tenant_id = ${tenantId} and e.customer_id = ${customerId} and e.account = 'receivable'
    order by p.posted_on, p.posted_at, p.id, e.no`.execute(tx);

const sum = (rows: readonly Row[]): bigint => rows.reduce((all, { amount }) => all + amount, 0n);

/** What a customer was billed and has paid, with what was owed after each (spec L2): it is read off the books. */
export async function readStatement(tx: Tx, who: Who, customerId: string, query: StatementQuery): Promise<Statement> {
  demand(who.caller, 'invoices:read');
  const { tenantId } = who;
  const { from, to } = query;
  if (from !== undefined && to !== undefined && from > to) throw invalid('to', 'must not be before `from`');
  const customer = await tx
    .selectFrom('customers')
    .where('tenant_id', '=', tenantId)
    .where('id', '=', customerId)
    .select(['id', 'customer_code as code', 'name'])
    .executeTakeFirst();
  if (!customer) throw notFound('customer');
  await demandOwnLedger(tx, tenantId, 'ERPNext keeps the accounts of this ISP: see its General Ledger.');
  const { rows } = await posted(tx, tenantId, customerId);
  const opening = sum(rows.filter(({ on }) => from !== undefined && on < from));
  let balance = opening;
  const entries = rows
    .filter(({ on }) => (from === undefined || on >= from) && (to === undefined || on <= to))
    .map(({ amount, ...row }) => {
      balance += amount;
      return { ...row, amount: Number(amount), balance: Number(balance) };
    });
  return {
    customer,
    from: from ?? null,
    to: to ?? null,
    opening: Number(opening),
    entries,
    closing: Number(balance),
  };
}

const monthBefore = (month: string): string => {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return number === 1 ? `${year - 1}-12` : `${year}-${String(number - 1).padStart(2, '0')}`;
};
const monthAfter = (month: string): string => {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`;
};

/**
 * The sum of what was paid in a month of the tenant's calendar, for bills and for vouchers, and stands (P41): as the books
 * have it, by the day that it was paid on.
 */
async function paidIn(tx: Tx, tenantId: string, month: string): Promise<bigint> {
  const { rows } = await sql<{ paid: bigint }>`
    select coalesce(sum(e.amount), 0)::bigint as paid
    from postings p join entries e on e.tenant_id = p.tenant_id and e.posting_id = p.id and e.amount > 0
    where p.tenant_id = ${tenantId} and p.kind in ('payment', 'voucher') and p.reverses is null
      and p.posted_on >= ${`${month}-01`} and p.posted_on < ${`${monthAfter(month)}-01`}
      and not exists (select from postings b where b.tenant_id = p.tenant_id and b.reverses = p.id)`.execute(tx);
  return rows[0]?.paid ?? 0n;
}

/** Revenue of a month and its growth (spec V1, P41, P42); `now` in ms since 1970. */
export async function readRevenue(tx: Tx, who: Who, asked: string | undefined, now: number): Promise<Revenue> {
  demand(who.caller, 'payments:read');
  const { tenantId } = who;
  await demandOwnLedger(tx, tenantId, 'ERPNext keeps the accounts of this ISP: see its reports.');
  const { time_zone: zone } = await settingsOf(tx, tenantId);
  const month = asked ?? localDate(now, zone).slice(0, 7);
  const [paid, last] = [await paidIn(tx, tenantId, month), await paidIn(tx, tenantId, monthBefore(month))];
  return { month, this_month: Number(paid), last_month: Number(last), growth_percent: growthPercent(paid, last) };
}
