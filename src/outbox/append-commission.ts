import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { insertRows } from '#db/insert-rows.ts';
import { appendIntents, urgency } from '#outbox/append.ts';
import { correlationId } from '#platform/log.ts';

type Owner = { readonly customer_id: string };

const settleOf = async (
  tx: Tx,
  tenantId: string,
  owners: readonly Owner[],
  correlationOf?: (customerId: string) => string,
): Promise<void> => {
  const ids = [...new Set(owners.map(({ customer_id }) => customer_id))];
  if (ids.length === 0) return;
  const under = correlationId();
  await appendIntents(
    tx,
    tenantId,
    ids.map((customerId) => ({
      intent: { kind: 'commission.settle', customerId },
      key: customerId,
      subscriptionId: null,
      generation: 0n,
      urgency: urgency.other,
      correlationId: correlationOf?.(customerId) ?? under,
    })),
  );
};

/**
 * Has the commission of payments of the hub's own ledger be looked at, in the transaction that changes what they are or
 * settle. Whose they are is noted now: the reseller that the customer has since before the payment was made (spec S3).
 */
export async function appendCommission(tx: Tx, tenantId: string, paymentIds: readonly string[]): Promise<void> {
  if (paymentIds.length === 0) return;
  const { rows } = await sql<Owner>`
    with paid as materialized (
      select p.id::text as source, p.customer_id, case when greatest(p.payment_date, p.created_at) >= c.reseller_since
        then c.reseller_id end as reseller_id
      from payments p join customers c on c.tenant_id = p.tenant_id and c.id = p.customer_id
      where p.tenant_id = ${tenantId} and p.id = any(${[...new Set(paymentIds)]}::uuid[])),
    noted as (
      insert into commission_sources (tenant_id, kind, source, reseller_id, customer_id)
      select ${tenantId}, 'payment', source, reseller_id, customer_id from paid where reseller_id is not null
      order by source on conflict do nothing)
    select customer_id from paid where reseller_id is not null or exists (select from commission_sources s
      where s.tenant_id = ${tenantId} and s.kind = 'payment' and s.source = paid.source)`.execute(tx);
  await settleOf(tx, tenantId, rows);
}

/** A payment of a reseller's own customer, which is locked. */
type OwnPayment = {
  readonly paymentId: string;
  readonly resellerId: string;
  readonly customerId: string;
  readonly correlationId: string;
};

/** The same for payments that are being written, of which it is known whose customers made them. */
export async function appendCommissionOfOwn(tx: Tx, tenantId: string, payments: readonly OwnPayment[]): Promise<void> {
  const correlations = new Map(payments.map(({ customerId, correlationId: id }) => [customerId, id]));
  await Promise.all([
    insertRows(
      tx,
      'commission_sources',
      payments.map(({ paymentId, resellerId, customerId }) => ({
        ...{
          tenant_id: tenantId,
          kind: 'payment',
          source: paymentId,
          reseller_id: resellerId,
          customer_id: customerId,
        },
      })),
    ),
    settleOf(
      tx,
      tenantId,
      payments.map(({ customerId }) => ({ customer_id: customerId })),
      (customerId) => correlations.get(customerId) ?? '',
    ),
  ]);
}

/** A Payment Entry of ERPNext that was found to have changed; null: when it was paid is not known. */
export type ChangedEntry = { readonly name: string; readonly customer: string; readonly paidOn: string | null };

/** The same for Payment Entries of ERPNext, in the transaction that records them. Of an undated one nothing is earned. */
export async function appendCommissionOfEntries(
  tx: Tx,
  tenantId: string,
  entries: readonly ChangedEntry[],
): Promise<void> {
  if (entries.length === 0) return;
  const { rows } = await sql<Owner>`
    with paid as materialized (
      select e.name as source, c.id as customer_id, case when e."paidOn"::date
        >= (c.reseller_since at time zone coalesce(t.settings ->> 'time_zone', 'Asia/Jakarta'))::date
        then c.reseller_id end as reseller_id
      from jsonb_to_recordset(${JSON.stringify(entries)}::jsonb) as e (name text, customer text, "paidOn" text)
      join customers c on c.tenant_id = ${tenantId} and c.erp_customer = e.customer
      join tenants t on t.id = c.tenant_id),
    noted as (
      insert into commission_sources (tenant_id, kind, source, reseller_id, customer_id)
      select ${tenantId}, 'entry', source, reseller_id, customer_id from paid where reseller_id is not null
      order by source on conflict do nothing)
    select customer_id from paid where reseller_id is not null or exists (select from commission_sources s
      where s.tenant_id = ${tenantId} and s.kind = 'entry' and s.source = paid.source)`.execute(tx);
  await settleOf(tx, tenantId, rows);
}
