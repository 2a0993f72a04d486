import { z } from 'zod';
import type { Tx } from '#db/database.ts';
import { decodeFact } from '#db/stored-fact.ts';
import { type AccessState, accessStates } from '#domain/access.ts';
import type { Invoice, LedgerFact, Receipt } from '#domain/facts.ts';
import { groupBy } from '#domain/group-by.ts';
import type { LedgerFacts, LineFacts, LineOfCustomer } from '#domain/line.ts';

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

function loadRows(tx: Tx, tenantId: string, ids: readonly string[]) {
  return tx
    .selectFrom('subscriptions as s')
    .innerJoin('service_plans as p', (join) =>
      join.onRef('p.tenant_id', '=', 's.tenant_id').onRef('p.id', '=', 's.service_plan_id'),
    )
    .innerJoin('customers as c', (join) =>
      join.onRef('c.tenant_id', '=', 's.tenant_id').onRef('c.id', '=', 's.customer_id'),
    )
    .leftJoin('access as a', (join) =>
      join.onRef('a.tenant_id', '=', 's.tenant_id').onRef('a.subscription_id', '=', 's.id'),
    )
    .where('s.tenant_id', '=', tenantId)
    .where('s.id', 'in', ids)
    .select([
      's.id',
      's.customer_id',
      's.canonical_username',
      's.password',
      's.mac',
      's.reply',
      's.billing_mode',
      's.installed_at',
      's.activated_at',
      's.suspended_at',
      's.suspend_reason',
      's.terminated_at',
      's.erp_subscription',
      'p.key as plan_key',
      'c.erp_customer',
      'a.state',
      'a.hash',
      'a.generation',
      'a.reason',
    ])
    .execute();
}

async function loadLines(
  tx: Tx,
  tenantId: string,
  customerIds: readonly string[],
): Promise<Map<string, LineOfCustomer[]>> {
  const rows = await tx
    .selectFrom('subscriptions as s')
    .innerJoin('service_plans as p', (join) =>
      join.onRef('p.tenant_id', '=', 's.tenant_id').onRef('p.id', '=', 's.service_plan_id'),
    )
    .where('s.tenant_id', '=', tenantId)
    .where('s.customer_id', 'in', customerIds)
    .where('s.terminated_at', 'is', null)
    .select(['s.customer_id', 's.id', 's.erp_subscription', 'p.erp_item'])
    .execute();
  return new Map(
    [...groupBy(rows, (row) => row.customer_id)].map(([customerId, some]) => [
      customerId,
      some.map((row) => ({ subscriptionId: row.id, ledgerSubscription: row.erp_subscription, item: row.erp_item })),
    ]),
  );
}

type CustomerDocuments = {
  readonly invoices: Invoice[];
  readonly receipts: Receipt[];
  readonly cancelled: Set<string>;
};

async function loadDocuments(
  tx: Tx,
  tenantId: string,
  customers: readonly string[],
): Promise<Map<string, CustomerDocuments>> {
  const rows = await tx
    .selectFrom('ledger_documents')
    .where('tenant_id', '=', tenantId)
    .where('customer', 'in', customers)
    .where('gone', '=', false)
    .where('fact', 'is not', null)
    .select(['customer', 'fact'])
    .execute();
  const found = new Map<string, CustomerDocuments>();
  for (const row of rows) {
    const customer = row.customer ?? '';
    const documents = found.get(customer) ?? { invoices: [], receipts: [], cancelled: new Set() };
    found.set(customer, documents);
    sortIn(documents, decodeFact(row.fact));
  }
  return found;
}

function sortIn(documents: CustomerDocuments, fact: LedgerFact): void {
  if (fact.kind === 'invoice') documents.invoices.push(fact);
  else if (fact.kind === 'receipt') documents.receipts.push(fact);
  else if (fact.kind === 'subscription' && fact.cancelled) documents.cancelled.add(fact.name);
}

type Readings = Map<string, { started: number | null; changed: number | null; settles: number | null }>;

async function loadReadings(tx: Tx, tenantId: string, customers: readonly string[]): Promise<Readings> {
  const rows = await tx
    .selectFrom('ledger_readings')
    .where('tenant_id', '=', tenantId)
    .where('customer', 'in', ['', ...customers])
    .selectAll()
    .execute();
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

/** Everything that decides about the lines `ids`, read in five statements whatever their number. */
export async function loadFacts(tx: Tx, tenantId: string, ids: readonly string[]): Promise<readonly LoadedLine[]> {
  const rows = await loadRows(tx, tenantId, ids);
  if (rows.length === 0) return [];
  const customers = [...new Set(rows.flatMap((row) => row.erp_customer ?? []))];
  const lines = await loadLines(tx, tenantId, [...new Set(rows.map((row) => row.customer_id))]);
  const documents =
    customers.length > 0 ? await loadDocuments(tx, tenantId, customers) : new Map<string, CustomerDocuments>();
  const readings: Readings = customers.length > 0 ? await loadReadings(tx, tenantId, customers) : new Map();

  return rows.map((row) => {
    const customer = row.erp_customer;
    const known = (customer !== null && documents.get(customer)) || none;
    const ledger: LedgerFacts | null =
      customer === null
        ? null
        : {
            invoices: known.invoices,
            receipts: known.receipts,
            readAt: readAt(readings, customer),
            settlesAt: readings.get(customer)?.settles ?? null,
          };
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
