import { type RawBuilder, sql } from 'kysely';
import type { AccountEntry } from './customer-account.ts';
import { ownAccount } from './own.ts';

// ERPNext moves a customer's account by Sales Invoices, Payment Entries and Journal Entries that are submitted; what was
// cancelled or deleted there never was. A customer that was renamed goes by its present name in all of them.

/** Of several customers here with one name there whoever is not deleted; else whoever was deleted last. */
const customers = (tenantId: string) => sql`(
  select c.id, c.erp_customer from customers c where c.tenant_id = ${tenantId} and c.erp_customer is not null
    and (c.deleted_at is null or not exists (
      select from customers o where o.tenant_id = c.tenant_id and o.erp_customer = c.erp_customer
        and (o.deleted_at is null or o.deleted_at > c.deleted_at))))`;

const isInForce = sql`not d.gone and (d.fact ->> 'submitted')::boolean`;

/** Documents that are in force, with the customer here that each is of (`owner`). */
const documents = (tenantId: string, doctype: 'Sales Invoice' | 'Payment Entry') => sql`(
  select d.*, c.id as owner from ledger_documents d join ${customers(tenantId)} c on c.erp_customer = d.customer
  where d.tenant_id = ${tenantId} and d.doctype = ${doctype} and ${isInForce}) as d`;

const money = (field: string) => sql`(d.fact ->> ${sql.lit(field)})::bigint`;
const day = (field: string) => sql`(d.fact ->> ${sql.lit(field)})`;
const issuedOn = sql`coalesce(d.fact ->> 'issuedOn', d.fact ->> 'dueDate')`;

type Part = {
  readonly on: RawBuilder<unknown>;
  readonly kind: RawBuilder<unknown>;
  readonly amount: RawBuilder<unknown>;
  readonly source?: RawBuilder<unknown>;
  readonly payment?: RawBuilder<unknown>;
  readonly due?: RawBuilder<unknown>;
  /** Orders what is of one day: what is owed before what is paid. */
  readonly rank: number;
};

/** The columns of an entry that is a document of ERPNext (`d`). */
const entryOf = ({
  on,
  kind,
  amount,
  source,
  payment,
  due,
  rank,
}: Part) => sql`select d.owner as customer_id, ${on} as "on",
  ${kind} as kind, ${kind} as what, false as is_back, d.name as number, null::text as reference,
  ${payment ?? sql`null::uuid`} as payment_id, ${source ?? sql`null::uuid`} as source_id, ${amount} as amount,
  ${due ?? on} as due, null::text as paired_on, false as on_its_way, ${sql.lit(rank)} as rank, null::timestamptz as at,
  d.name as id, 1 as no`;

const isReturn = sql`(d.fact ->> 'isReturn')::boolean`;

const bills = (tenantId: string) => sql`
  ${entryOf({
    on: issuedOn,
    kind: sql`case when ${isReturn} then 'credit_note' else 'invoice' end`,
    amount: sql`case when ${isReturn} then -abs(${money('total')}) else ${money('total')} end`,
    ...{ source: sql`d.id`, due: day('dueDate'), rank: 1 },
  })} from ${documents(tenantId, 'Sales Invoice')}`;

/** Money that came with a bill at the counter, and what of a bill was waived, are no documents of their own. */
const atOnce = (tenantId: string, field: 'paidAtOnce' | 'writtenOff', kind: 'payment' | 'write_off') => sql`
  ${entryOf({ on: issuedOn, kind: sql.lit(kind), amount: sql`-${money(field)}`, source: sql`d.id`, rank: 3 })}
  from ${documents(tenantId, 'Sales Invoice')} where d.fact ? ${sql.lit(field)}`;

/** The hub's payment that a Payment Entry is: by the name that the hub was told, or by the hub's id that the entry bears. */
const takenAs = (tenantId: string) => sql`lateral (select p.id from payments p
  where p.tenant_id = ${tenantId} and p.customer_id = d.owner and (p.erp_payment = d.name or p.id::text = d.fact ->> 'ref')
  limit 1) as t on true`;

const receipts = (tenantId: string) => sql`
  ${entryOf({
    on: day('paidOn'),
    kind: sql`'payment'`,
    amount: sql`-coalesce(${money('credited')}, ${money('amount')})`,
    ...{ source: sql`coalesce(t.id, d.id)`, payment: sql`t.id`, rank: 4 },
  })} from ${documents(tenantId, 'Payment Entry')} left join ${takenAs(tenantId)}
  where d.fact ->> 'kind' = 'receipt' and d.fact ? 'amount' and d.fact ? 'paidOn'`;

const refunds = (tenantId: string) => sql`
  ${entryOf({ on: day('paidOn'), kind: sql`'refund'`, amount: money('amount'), rank: 5 })}
  from ${documents(tenantId, 'Payment Entry')} where d.fact ->> 'kind' = 'refund'`;

const journals = (tenantId: string) => sql`
  ${entryOf({ on: day('postedOn'), kind: sql`'journal'`, amount: sql`d.moved`, rank: 2 })}
  from (select d.*, c.id as owner, (m.move ->> 'amount')::bigint as moved from ledger_documents d
    cross join lateral jsonb_array_elements(d.fact -> 'moves') as m (move)
    join ${customers(tenantId)} c on c.erp_customer = m.move ->> 'customer'
    where d.tenant_id = ${tenantId} and d.doctype = 'Journal Entry' and ${isInForce} and d.fact ? 'postedOn') as d
  where d.moved <> 0`;

/** What is held of a payment's entry (`d`) counts; a draft that was seen before it was submitted says nothing. */
const isSeen = sql`(d.gone or (d.fact ->> 'submitted')::boolean or (d.fact ->> 'cancelled')::boolean
  or d.fetched_at > p.updated_at)`;

/**
 * Money that the hub took and ERPNext was not yet seen to have. Once it was, its own document counts, whatever became of that
 * there.
 */
const isOnItsWay = (tenantId: string) => sql`p.status = 'paid' and p.payment_date is not null and p.posting_id is null
  and not exists (select from ledger_documents d where d.tenant_id = ${tenantId} and d.doctype = 'Payment Entry'
    and d.name = p.erp_payment and ${isSeen})
  and not exists (select from customers c join ledger_documents d on d.tenant_id = c.tenant_id and d.customer = c.erp_customer
    where c.tenant_id = ${tenantId} and c.id = p.customer_id and d.doctype = 'Payment Entry' and p.erp_payment is null
      and d.fact ->> 'ref' = p.id::text and ((d.fact ->> 'submitted')::boolean or (d.fact ->> 'cancelled')::boolean))`;

/** A payment (`p`) that ERPNext had, and has cancelled or deleted. */
export const isTakenBackThere = sql<boolean>`exists (select from ledger_documents d where d.tenant_id = p.tenant_id
  and d.doctype = 'Payment Entry' and d.name = p.erp_payment and ${isSeen} and (d.gone or not (d.fact ->> 'submitted')::boolean))`;

const taken = (tenantId: string, zone: string) => sql`
  select p.customer_id, to_char(p.payment_date at time zone ${zone}, 'YYYY-MM-DD'), 'payment', 'payment', false, null,
    p.reference, p.id, p.id, -p.amount, to_char(p.payment_date at time zone ${zone}, 'YYYY-MM-DD'), null, true, 6,
    p.created_at, p.id::text, 1
  from payments p where p.tenant_id = ${tenantId} and ${isOnItsWay(tenantId)}`;

/** Bills in the hub go on counting for a customer who is none of ERPNext's. */
const notThere = (tenantId: string) => sql`
  select o.* from ${ownAccount(tenantId)} o
  where exists (select from customers c where c.tenant_id = ${tenantId} and c.id = o.customer_id and c.erp_customer is null)`;

/** Customers' accounts as the hub last saw them in ERPNext, with what is on its way there (spec L1). */
export const mirroredAccount = (tenantId: string, zone: string): RawBuilder<AccountEntry> =>
  sql<AccountEntry>`(${sql.join(
    [
      bills(tenantId),
      atOnce(tenantId, 'paidAtOnce', 'payment'),
      atOnce(tenantId, 'writtenOff', 'write_off'),
      receipts(tenantId),
      refunds(tenantId),
      journals(tenantId),
      taken(tenantId, zone),
      notThere(tenantId),
    ],
    sql` union all `,
  )})`;
