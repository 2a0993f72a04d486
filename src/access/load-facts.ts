import { sql } from 'kysely';
import { z } from 'zod';
import { loadLimits } from '#access/load-limits.ts';
import { loadOwnLedger, type OwnLedger } from '#access/load-own-ledger.ts';
import type { Tx } from '#db/database.ts';
import { decodeFact } from '#db/stored-fact.ts';
import { type AccessState, accessStates } from '#domain/access.ts';
import type { BillingMode } from '#domain/billing-period.ts';
import type { Invoice, LedgerFact, Receipt } from '#domain/facts.ts';
import { groupBy } from '#domain/group-by.ts';
import { noLimits } from '#domain/limits.ts';
import type { LedgerFacts, LineFacts, LineOfCustomer, Notice } from '#domain/line.ts';

/** A line as a decision needs it: its facts, and what its intents carry. */
export type LoadedLine = {
  readonly facts: LineFacts;
  readonly username: string;
  readonly passwordSealed: string;
  readonly ledgerCustomer: string | null;
  readonly decided: { readonly hash: string; readonly generation: bigint; readonly reason: unknown } | null;
};

const StoredReply = z.array(z.object({ attribute: z.string(), op: z.string(), value: z.string() }));
const isState = (text: string | null): text is AccessState => accessStates.some((state) => state === text);

type Row = {
  readonly id: string;
  readonly customer_id: string;
  readonly canonical_username: string;
  readonly password: string;
  readonly mac: string | null;
  readonly reply: unknown;
  readonly billing_mode: BillingMode;
  readonly installed_at: Date | null;
  readonly activated_at: Date | null;
  readonly suspended_at: Date | null;
  readonly suspend_reason: string | null;
  readonly terminated_at: Date | null;
  readonly erp_subscription: string | null;
  readonly plan_key: string;
  readonly erp_customer: string | null;
  readonly is_reachable: boolean;
  readonly has_erp: boolean;
  readonly promise_id: string | null;
  readonly promised_until: string | null;
  readonly promise_of: 'line' | 'customer' | null;
  readonly notices: Readonly<Record<string, Notice>> | null;
  readonly state: string | null;
  readonly hash: string | null;
  readonly generation: bigint | null;
  readonly reason: unknown;
};

const loadRows = (tx: Tx, tenantId: string, ids: readonly string[]) =>
  sql<Row>`
    select s.id, s.customer_id, s.canonical_username, s.password, s.mac, s.reply, s.billing_mode, s.installed_at,
      s.activated_at, s.suspended_at, s.suspend_reason, s.terminated_at, s.erp_subscription,
      p.key as plan_key, c.erp_customer, c.email is not null as is_reachable,
      exists (select from connections where tenant_id = ${tenantId} and system = 'erpnext') as has_erp, a.state, a.hash, a.generation, a.reason,
      pr.id as promise_id, pr.until as promised_until,
      case when pr.subscription_id is null then 'customer' else 'line' end as promise_of,
      (select jsonb_object_agg(n.invoice, jsonb_build_object('state', n.state, 'at', extract(epoch from n.at) * 1000))
        from cut_notices n where n.tenant_id = s.tenant_id and n.subscription_id = s.id) as notices
    from subscriptions s
    join service_plans p on p.tenant_id = s.tenant_id and p.id = s.service_plan_id
    join customers c on c.tenant_id = s.tenant_id and c.id = s.customer_id
    left join access a on a.tenant_id = s.tenant_id and a.subscription_id = s.id
    left join lateral (
      select id, until, subscription_id from promises
      where tenant_id = s.tenant_id and customer_id = s.customer_id and state = 'running'
        and (subscription_id is null or subscription_id = s.id)
      order by until desc, id limit 1) pr on true
    where s.tenant_id = ${tenantId} and s.id = any(${ids}::uuid[])`.execute(tx);

/** The running promise that holds longest, and what was done about notices. */
const sparedBy = (row: Row): Pick<LineFacts, 'promise' | 'notices' | 'isReachable'> => ({
  promise:
    row.promise_id !== null && row.promised_until !== null && row.promise_of !== null
      ? { id: row.promise_id, until: row.promised_until, of: row.promise_of }
      : null,
  notices: new Map(Object.entries(row.notices ?? {})),
  isReachable: row.is_reachable,
});

/** The customers of the lines, and their names in the ledger. */
const customersOf = (tenantId: string, ids: readonly string[]) =>
  sql`select customer_id from subscriptions where tenant_id = ${tenantId} and id = any(${ids}::uuid[])`;
const debtorsOf = (tenantId: string, ids: readonly string[]) =>
  sql`select erp_customer from customers where tenant_id = ${tenantId} and id in (${customersOf(tenantId, ids)})`;

type LineRow = LineOfCustomer & { readonly customer: string };

async function loadLines(tx: Tx, tenantId: string, ids: readonly string[]): Promise<Map<string, LineOfCustomer[]>> {
  const { rows } = await sql<LineRow>`
    select s.customer_id as customer, s.id as "subscriptionId", coalesce(s.erp_subscription, s.id::text) as "ledgerSubscription", p.erp_item as item
    from subscriptions s join service_plans p on p.tenant_id = s.tenant_id and p.id = s.service_plan_id
    where s.tenant_id = ${tenantId} and s.customer_id in (${customersOf(tenantId, ids)}) and s.terminated_at is null`.execute(
    tx,
  );
  return groupBy(rows, (row) => row.customer);
}

type CustomerDocuments = {
  readonly invoices: Invoice[];
  readonly receipts: Receipt[];
  readonly cancelled: Set<string>;
};

/**
 * What is settled decides nothing, however many years of it there are, but for whether a prepaid line was ever paid: so
 * paid bills come for those only that were never served.
 */
const decides = sql`case d.fact ->> 'kind'
  when 'invoice' then d.fact ->> 'outstanding' <> '0' or exists (
    select from customers c join subscriptions s on s.tenant_id = c.tenant_id and s.customer_id = c.id
    where c.tenant_id = d.tenant_id and c.erp_customer = d.customer and s.billing_mode = 'prepaid' and s.activated_at is null)
  when 'receipt' then d.fact ->> 'unallocated' <> '0'
  when 'subscription' then (d.fact ->> 'cancelled')::boolean
end`;

async function loadDocuments(
  tx: Tx,
  tenantId: string,
  ids: readonly string[],
): Promise<Map<string, CustomerDocuments>> {
  const { rows } = await sql<{ customer: string; fact: unknown }>`
    select d.customer, d.fact from ledger_documents d
    where d.tenant_id = ${tenantId} and d.customer in (${debtorsOf(tenantId, ids)}) and not d.gone and ${decides}`.execute(
    tx,
  );
  const found = new Map<string, CustomerDocuments>();
  for (const { customer, fact } of rows) {
    const documents = found.get(customer) ?? { invoices: [], receipts: [], cancelled: new Set() };
    found.set(customer, documents);
    sortIn(documents, decodeFact(fact));
  }
  return found;
}

function sortIn(documents: CustomerDocuments, fact: LedgerFact): void {
  if (fact.kind === 'invoice') documents.invoices.push(fact);
  else if (fact.kind === 'receipt') documents.receipts.push(fact);
  else if (fact.kind === 'subscription' && fact.cancelled) documents.cancelled.add(fact.name);
}

type Readings = Map<string, { started: number | null; changed: number | null; settles: number | null }>;

type ReadingRow = {
  readonly customer: string;
  readonly started_at: Date | null;
  readonly changed_at: Date | null;
  readonly settles_at: Date | null;
};

async function loadReadings(tx: Tx, tenantId: string, ids: readonly string[]): Promise<Readings> {
  const { rows } = await sql<ReadingRow>`
    select customer, started_at, changed_at, settles_at from ledger_readings
    where tenant_id = ${tenantId} and customer in (select '' union all ${debtorsOf(tenantId, ids)}
      union all select customer_id::text from subscriptions where tenant_id = ${tenantId} and id = any(${ids}::uuid[]))`.execute(
    tx,
  );
  const ms = (at: Date | null): number | null => at?.getTime() ?? null;
  return new Map(
    rows.map((row) => [
      row.customer,
      { started: ms(row.started_at), changed: ms(row.changed_at), settles: ms(row.settles_at) },
    ]),
  );
}

/** The newest reading that covers the customer, unless one of its documents was found changed after it began. */
function readAt(readings: Readings, customer: string): number | null {
  const own = readings.get(customer);
  const newest = Math.max(own?.started ?? 0, readings.get('')?.started ?? 0);
  return newest >= (own?.changed ?? 0) && newest > 0 ? newest : null;
}

const none: CustomerDocuments = { invoices: [], receipts: [], cancelled: new Set() };

/**
 * What is known of the customer's money: by the ledger elsewhere that it is a customer of, by the hub's own, or (null) by
 * none. Money that the hub took for the other ledger, and that it does not show yet, counts beside what it says; a tenant
 * that has left ERPNext goes by its own bills alone.
 */
function ledgerOf(
  row: Row,
  known: CustomerDocuments,
  own: OwnLedger | undefined,
  readings: Readings,
): LedgerFacts | null {
  const elsewhere = row.erp_customer !== null && (row.has_erp || own?.isKept !== true) ? row.erp_customer : null;
  if (elsewhere === null) {
    const settlesAt = readings.get(row.customer_id)?.settles ?? null;
    return own ? { invoices: own.invoices, receipts: own.receipts, readAt: 'now', settlesAt } : null;
  }
  return {
    invoices: known.invoices,
    receipts: own ? [...known.receipts, ...own.receipts] : known.receipts,
    readAt: readAt(readings, elsewhere),
    settlesAt: readings.get(elsewhere)?.settles ?? null,
  };
}

/** Everything that decides about the lines `ids`, read in six statements whatever their number. */
export async function loadFacts(tx: Tx, tenantId: string, ids: readonly string[]): Promise<readonly LoadedLine[]> {
  const [{ rows }, lines, documents, readings, limits, own] = await Promise.all([
    loadRows(tx, tenantId, ids),
    loadLines(tx, tenantId, ids),
    loadDocuments(tx, tenantId, ids),
    loadReadings(tx, tenantId, ids),
    loadLimits(tx, tenantId, ids),
    loadOwnLedger(tx, tenantId, ids, customersOf(tenantId, ids)),
  ]);
  return rows.map((row) => {
    const customer = row.erp_customer;
    const known = (customer !== null && documents.get(customer)) || none;
    const ledger = ledgerOf(row, known, own.get(row.customer_id), readings);
    return {
      facts: {
        tenantId,
        subscriptionId: row.id,
        planKey: row.plan_key,
        billingMode: row.billing_mode,
        mac: row.mac,
        reply: StoredReply.parse(row.reply),
        installed: row.installed_at !== null,
        activatedBefore: row.activated_at !== null,
        hold: row.suspended_at === null ? null : { reason: row.suspend_reason ?? '' },
        terminated:
          row.terminated_at !== null || (row.erp_subscription !== null && known.cancelled.has(row.erp_subscription)),
        present: isState(row.state) ? row.state : null,
        lines: lines.get(row.customer_id) ?? [],
        ledger,
        ...sparedBy(row),
        limits: limits.get(row.id) ?? noLimits,
      },
      username: row.canonical_username,
      passwordSealed: row.password,
      ledgerCustomer: customer,
      decided:
        row.hash === null || row.generation === null
          ? null
          : { hash: row.hash, generation: row.generation, reason: row.reason },
    };
  });
}
