import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { decodeFact } from '#db/stored-fact.ts';
import { divided, type PaidPart } from '#domain/commission.ts';
import { localDate } from '#domain/local-time.ts';
import { lesser } from '#domain/money.ts';

/** A bill, or what is left of one, that some money settles. */
type SettledBill = PaidPart & { readonly bill: string; readonly planId: string | null };

/** Some money of a customer as it is now; what was taken back, or settles nothing yet, settles no bills. */
type Money = { readonly paidOn: string; readonly bills: readonly SettledBill[] };

type Allocated = {
  readonly source: string;
  readonly paid_at: Date | null;
  readonly bill: string | null;
  readonly paid: bigint | null;
  readonly net: bigint | null;
  readonly total: bigint | null;
  readonly plan: string | null;
};

/** Payments of the hub's own ledger: what of them settles which bill. */
async function ownMoney(
  tx: Tx,
  tenantId: string,
  ids: readonly string[],
  zone: string,
): Promise<ReadonlyMap<string, Money>> {
  const { rows } = await sql<Allocated>`
    select p.id::text as source, p.payment_date as paid_at, i.id as bill, a.amount as paid, i.net, i.total,
      s.service_plan_id as plan
    from payments p
    left join allocations a on a.tenant_id = p.tenant_id and a.payment_id = p.id and p.status = 'paid'
    left join invoices i on i.tenant_id = a.tenant_id and i.id = a.invoice_id
    left join subscriptions s on s.tenant_id = i.tenant_id and s.id = i.subscription_id
    where p.tenant_id = ${tenantId} and p.id = any(${ids}::uuid[])
    order by p.id, i.id`.execute(tx);
  const found = new Map<string, { readonly paidOn: string; readonly bills: SettledBill[] }>();
  for (const { source, paid_at, bill, paid, net, total, plan } of rows) {
    const money = found.get(source) ?? { paidOn: localDate(paid_at?.getTime() ?? 0, zone), bills: [] };
    found.set(source, money);
    if (bill === null || paid === null || net === null || total === null) continue;
    const same = money.bills.findIndex((one) => one.bill === bill);
    const before = money.bills[same];
    if (before) money.bills[same] = { ...before, paid: before.paid + paid };
    else money.bills.push({ bill, paid, net, total, planId: plan });
  }
  return found;
}

type Known = { readonly name: string; readonly total: bigint; readonly plan: string | null };

/** Bills of ERPNext that the hub knows, with the plan of the line that each is of. */
async function knownBills(tx: Tx, tenantId: string, names: readonly string[]): Promise<ReadonlyMap<string, Known>> {
  const { rows } = await sql<{ name: string; total: string; plan: string | null }>`
    select d.name, d.fact ->> 'total' as total, coalesce(
      (select s.service_plan_id from subscriptions s where s.tenant_id = d.tenant_id
        and s.erp_subscription = d.fact ->> 'subscription' order by s.created_at, s.id limit 1),
      (select p.id from service_plans p where p.tenant_id = d.tenant_id and p.erp_item = d.fact -> 'items' ->> 0
        order by p.created_at, p.id limit 1)) as plan
    from ledger_documents d
    where d.tenant_id = ${tenantId} and d.doctype = 'Sales Invoice' and d.name = any(${names}) and d.fact is not null`.execute(
    tx,
  );
  return new Map(rows.map(({ name, total, plan }) => [name, { name, total: BigInt(total), plan }]));
}

/**
 * Payment Entries of ERPNext. It says which bills one pays, and how much of it is left, but not how much goes to which bill:
 * that is divided by their totals. Nor does a mirrored bill tell its tax: there the price is all of it.
 */
async function ledgerMoney(tx: Tx, tenantId: string, names: readonly string[]): Promise<ReadonlyMap<string, Money>> {
  const rows = await tx
    .selectFrom('ledger_documents')
    .where('tenant_id', '=', tenantId)
    .where('doctype', '=', 'Payment Entry')
    .where('name', 'in', names)
    .where('gone', '=', false)
    .where('fact', 'is not', null)
    .select(['name', 'fact'])
    .execute();
  const receipts = rows.flatMap(({ fact }) => {
    const receipt = decodeFact(fact);
    return receipt.kind === 'receipt' ? receipt : [];
  });
  const bills = await knownBills(tx, tenantId, [...new Set(receipts.flatMap(({ pays }) => pays))]);
  return new Map(
    receipts.map((receipt): [string, Money] => {
      const { name, submitted, amount = 0n, unallocated, pays, paidOn = '' } = receipt;
      const settled = submitted ? amount - unallocated : 0n;
      if (settled <= 0n) return [name, { paidOn, bills: [] }];
      const known = pays.map((bill) => bills.get(bill) ?? { name: bill, total: settled, plan: null });
      const parts = divided(
        settled,
        known.filter(({ total }) => total > 0n),
      ).filter(({ paid }) => paid > 0n);
      return [
        name,
        {
          paidOn,
          bills: parts.map(({ name: bill, total, plan, paid }) => {
            const part = lesser(paid, total);
            return { bill, paid: part, net: total, total, planId: plan };
          }),
        },
      ];
    }),
  );
}

type SourceRow = { readonly kind: 'payment' | 'entry'; readonly source: string };

/** What the sources of one customer are now, in the tenant's calendar. */
export async function moneyOf(
  tx: Tx,
  tenantId: string,
  sources: readonly SourceRow[],
  zone: string,
): Promise<(row: SourceRow) => Money | null> {
  const of = (kind: SourceRow['kind']): readonly string[] =>
    sources.filter((row) => row.kind === kind).map(({ source }) => source);
  const [payments, entries] = [of('payment'), of('entry')];
  const own = payments.length > 0 ? await ownMoney(tx, tenantId, payments, zone) : new Map<string, Money>();
  const ledgers = entries.length > 0 ? await ledgerMoney(tx, tenantId, entries) : new Map<string, Money>();
  return ({ kind, source }) => (kind === 'payment' ? own : ledgers).get(source) ?? null;
}

/** The oldest money of a customer that settles a bill, whether it is anybody's to earn of or not; null: none does. */
export async function firstMoney(tx: Tx, tenantId: string, customerId: string): Promise<string | null> {
  const { rows } = await sql<{ source: string }>`
    select source from (
      select id::text as source, payment_date as at from payments
      where tenant_id = ${tenantId} and customer_id = ${customerId} and status = 'paid' and allocated > 0
      union all
      select d.name, (d.fact ->> 'paidOn')::date::timestamptz from ledger_documents d
      join customers c on c.tenant_id = d.tenant_id and c.erp_customer = d.customer
      where d.tenant_id = ${tenantId} and c.id = ${customerId} and d.doctype = 'Payment Entry' and not d.gone
        and (d.fact ->> 'submitted')::boolean and (d.fact ->> 'amount')::numeric > (d.fact ->> 'unallocated')::numeric
    ) money order by at, source limit 1`.execute(tx);
  return rows[0]?.source ?? null;
}
