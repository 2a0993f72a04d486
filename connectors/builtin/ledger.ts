import { sql } from 'kysely';
import type { Database, Tx } from '#db/database.ts';
import type { LedgerCustomer, LedgerPlan } from '#domain/facts.ts';
import { err, ok, type Result } from '#domain/result.ts';
import type { Fetched, Ledger, LedgerCheck, LedgerFailure, Reading } from '#ports/ledger/port.ts';
import { isOpen, type Kept, named, openOf, readLines, readMoney, type Which } from './documents.ts';

const rejected = (detail: string): Result<never, LedgerFailure> => err({ reason: 'rejected', detail });

async function readCustomer(tx: Tx, tenantId: string, id: string): Promise<Kept<LedgerCustomer> | null> {
  const row = await tx
    .selectFrom('customers')
    .where('tenant_id', '=', tenantId)
    .where(sql<boolean>`id::text = ${id}`)
    .selectAll()
    .executeTakeFirst();
  if (!row) return null;
  const { name, phone, email, address, deleted_at, updated_at } = row;
  return {
    version: { doctype: 'Customer', name: id, modified: updated_at.toISOString() },
    fact: { kind: 'customer', name: id, customerName: name, phone, email, address, disabled: deleted_at !== null },
  };
}

async function readPlan(tx: Tx, tenantId: string, id: string): Promise<Kept<LedgerPlan> | null> {
  const row = await tx
    .selectFrom('service_plans')
    .where('tenant_id', '=', tenantId)
    .where(sql<boolean>`id::text = ${id}`)
    .selectAll()
    .executeTakeFirst();
  if (!row) return null;
  return {
    version: { doctype: 'Subscription Plan', name: id, modified: row.updated_at.toISOString() },
    fact: { kind: 'plan', name: id, item: row.name, cost: row.price },
  };
}

type Finder = (tx: Tx, tenantId: string, name: string) => Promise<Fetched | null>;

/** The hub's own documents under the words that ERPNext has for theirs: whoever asks cannot tell which it is. */
const finders: Readonly<Record<string, Finder>> = {
  'Sales Invoice': async (tx, tenantId, name) => (await readMoney(tx, tenantId, named(name))).invoices[0] ?? null,
  'Payment Entry': async (tx, tenantId, name) => (await readMoney(tx, tenantId, named(name))).receipts[0] ?? null,
  Subscription: async (tx, tenantId, name) => (await readLines(tx, tenantId, name))[0] ?? null,
  Customer: readCustomer,
  'Subscription Plan': readPlan,
};

/** What the books say that customers owe, less what the documents say: nothing, if all is well. */
async function differenceOf(tx: Tx, tenantId: string): Promise<bigint> {
  const { rows } = await sql<{ difference: bigint }>`
    select (coalesce((select sum(amount) from entries where tenant_id = ${tenantId} and account = 'receivable'), 0)
      - coalesce((select sum(case kind when 'invoice' then total else -total end) from invoices
          where tenant_id = ${tenantId} and cancelled_at is null), 0)
      + coalesce((select sum(amount - refunded) from payments
          where tenant_id = ${tenantId} and status = 'paid' and posting_id is not null), 0))::bigint as difference`.execute(
    tx,
  );
  return rows[0]?.difference ?? 0n;
}

async function check(tx: Tx, tenantId: string): Promise<LedgerCheck> {
  const { rows } = await sql<{ zone: string | null }>`
    select settings ->> 'time_zone' as zone from tenants where id = ${tenantId}`.execute(tx);
  const difference = await differenceOf(tx, tenantId);
  const note = `What customers owe in the books and by their documents differs by ${difference}.`;
  const timeZone = rows[0]?.zone ?? 'Asia/Jakarta';
  return { user: 'the hub itself', version: 'built-in 1', timeZone, notes: difference === 0n ? [] : [note] };
}

/**
 * The hub's own ledger as the port has it (spec chapter 6). Decisions read the same tables in their own transaction; this
 * is for whoever asks a ledger without knowing which one it is. `now`: when a reading began.
 */
export function createBuiltinLedger(db: Pick<Database, 'look'>, tenantId: string, now: () => Date): Ledger {
  /** Whatever fails there is the hub's database, which is away. */
  async function asking<T>(work: (tx: Tx) => Promise<Result<T, LedgerFailure>>): Promise<Result<T, LedgerFailure>> {
    try {
      return await db.look(tenantId, work);
    } catch (error) {
      return err({ reason: 'unreachable', detail: error instanceof Error ? error.message : String(error) });
    }
  }
  const reading = (which: Which): Promise<Result<Reading, LedgerFailure>> => {
    const startedAt = now();
    return asking(async (tx) => ok({ startedAt, ...(await readMoney(tx, tenantId, which)) }));
  };
  return {
    fetch: (doctype, name) =>
      asking(async (tx) => {
        const find = finders[doctype];
        return find ? ok(await find(tx, tenantId, name)) : rejected(`the hub has no use for ${doctype}`);
      }),
    readCustomer: (customer) => reading(openOf(customer)),
    readAll: () => reading(isOpen),
    subscriptions: () => asking(async (tx) => ok(await readLines(tx, tenantId, null))),
    writeUsername: (subscription, username) =>
      asking(async (tx) => {
        const [line] = await readLines(tx, tenantId, subscription);
        if (!line) return rejected(`There is no subscription ${subscription}.`);
        return line.fact.username === username
          ? ok('unchanged')
          : rejected('A line of the hub has its name from the hub.');
      }),
    createCustomer: ({ hubRef }) =>
      asking(async (tx) =>
        (await readCustomer(tx, tenantId, hubRef)) ? ok(hubRef) : rejected(`There is no customer ${hubRef}.`),
      ),
    test: () => asking(async (tx) => ok(await check(tx, tenantId))),
  };
}
