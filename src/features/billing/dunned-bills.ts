import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import type { LedgerKind } from '#db/ledger-kind.ts';
import type { DunningStep } from '#domain/dunning.ts';
import { stepKey } from '#domain/dunning-steps.ts';
import type { LocalDate } from '#domain/facts.ts';

/** An unpaid bill of either ledger, by its name there; amounts in minor units. */
export type Dunned = {
  readonly ledger: LedgerKind;
  readonly invoice: string;
  readonly issuedOn: LocalDate | null;
  readonly dueDate: LocalDate;
  readonly outstanding: bigint;
  readonly isFee: boolean;
  readonly subscriptionId: string | null;
  readonly dueDay: number | null;
  readonly customerId: string;
  readonly name: string;
  readonly email: string | null;
};

/** Bills of the hub's own, and those of ERPNext as they were read last. */
const unpaid = (tenantId: string) => sql`
  select 'builtin' as ledger, i.number as invoice, i.issued_on, i.due_date, i.outstanding, i.reason = 'fee' as is_fee,
    i.subscription_id, c.id as customer_id, c.name, c.email
  from invoices i join customers c on c.tenant_id = i.tenant_id and c.id = i.customer_id
  where i.tenant_id = ${tenantId} and i.kind = 'invoice' and i.cancelled_at is null and i.settled < i.total
    and c.erp_customer is null and c.deleted_at is null
  union all
  select 'erpnext', d.name, d.fact ->> 'issuedOn', d.fact ->> 'dueDate', (d.fact ->> 'outstanding')::bigint, false,
    s.id, c.id, c.name, c.email
  from ledger_documents d
  join customers c on c.tenant_id = d.tenant_id and c.erp_customer = d.customer and c.deleted_at is null
  left join subscriptions s on s.tenant_id = d.tenant_id and s.erp_subscription = d.fact ->> 'subscription'
  where d.tenant_id = ${tenantId} and d.doctype = 'Sales Invoice' and not d.gone
    and (d.fact ->> 'submitted')::boolean and not (d.fact ->> 'isReturn')::boolean
    and (d.fact ->> 'outstanding')::bigint > 0
    and exists (select from connections n where n.tenant_id = d.tenant_id and n.system = 'erpnext')`;

/** Somebody has promised to pay, and is left alone until then (spec X8). */
const isPromised = (today: LocalDate) => sql<boolean>`exists (
  select from promises p where p.tenant_id = d.tenant_id and p.customer_id = b.customer_id and p.state = 'running'
    and p.until >= ${today} and (p.subscription_id is null or p.subscription_id = b.subscription_id))`;

/** The order in which bills are gone through. */
export type Place = Pick<Dunned, 'ledger' | 'invoice'>;

type Asked = {
  /** Reminders among them: only where they may be sent now. */
  readonly steps: readonly DunningStep[];
  readonly today: LocalDate;
  readonly after: Place | null;
  readonly limit: number;
};

/** Unpaid bills for which the day of a step has come that was not done about them; the next ones after `after`. */
export async function billsToDun(
  tx: Tx,
  tenantId: string,
  { steps, today, after, limit }: Asked,
): Promise<readonly Dunned[]> {
  const wanted = JSON.stringify(steps.map((step) => ({ ...step, key: stepKey(step) })));
  const { rows } = await sql<Dunned>`
    select b.ledger, b.invoice, b.issued_on as "issuedOn", b.due_date as "dueDate", b.outstanding, b.is_fee as "isFee",
      b.subscription_id as "subscriptionId", b.customer_id as "customerId", b.name, b.email,
      (select s.due_day from subscriptions s where s.tenant_id = ${tenantId} and s.id = b.subscription_id) as "dueDay"
    from (${unpaid(tenantId)}) b cross join (select ${tenantId}::uuid as tenant_id) d
    where (b.ledger, b.invoice) > (${after?.ledger ?? ''}, ${after?.invoice ?? ''}) and not ${isPromised(today)}
      and exists (
        select from jsonb_to_recordset(${wanted}::jsonb) as w (key text, kind text, "from" text, days int)
        where (case w."from" when 'issue' then b.issued_on else b.due_date end)::date + w.days
            between coalesce(b.issued_on, '0001-01-01')::date and ${today}::date
          and case w.kind when 'message' then b.email is not null else b.ledger = 'builtin' and not b.is_fee end
          and not exists (select from dunning_steps o
            where o.tenant_id = ${tenantId} and o.ledger = b.ledger and o.invoice = b.invoice and o.step = w.key))
    order by b.ledger, b.invoice limit ${limit}`.execute(tx);
  return rows;
}

/** What is still open of own bills, by number; read under their customers' locks. */
export async function stillOpen(
  tx: Tx,
  tenantId: string,
  numbers: readonly string[],
): Promise<ReadonlyMap<string, bigint>> {
  const { rows } = await sql<{ number: string; outstanding: bigint }>`
    select number, outstanding from invoices
    where tenant_id = ${tenantId} and number = any(${numbers}::text[]) and cancelled_at is null and settled < total`.execute(
    tx,
  );
  return new Map(rows.map(({ number, outstanding }) => [number, outstanding]));
}
