import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Tx } from '#db/database.ts';
import { underReseller } from '#platform/reseller-scope.ts';
import { createTestBridge, type TestBridge } from '#test/setup/bridge.ts';
import { gapsOfScope, nobodysToResellers, openToResellers } from './reseller-scope-gaps.ts';
import { tablesOfTenants } from './tenancy-findings.ts';
import { addRows } from './tenant-rows.ts';

const tenant = randomUUID();
/** Where rows stand: of the reseller who asks, and of everybody else. */
type Rows = { readonly mine: readonly string[]; readonly theirs: readonly string[] };

/** Where a reseller's own rows must be there for it: without them it could not do its work. */
const own = `
  customers leads users api_keys resellers reseller_plans subscriptions invoices payments customer_positions customer_terms
  ledger_invoices promises work_orders access bridge_links timeline dirty_lines wakes usage_days usage_sessions
  invoice_lines allocations refunds work_order_events work_order_photos password_resets recovery_codes ledger_documents
  ledger_readings outbox messages`
  .trim()
  .split(/\s+/);

let bridge: TestBridge;
let one: string;
let rows: ReadonlyMap<string, Rows>;

const place = (name = '') => `${name}tableoid::text || ${name}ctid::text`;

async function placesIn(tables: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>();
  for (const table of tables) {
    const sold = table in nobodysToResellers ? 'and reseller_id is not null' : '';
    const all = await bridge.look<{ at: string }>(
      `select ${place()} as at from ${table} where tenant_id = $1 ${sold}`,
      [tenant],
    );
    found.set(
      table,
      all.map(({ at }) => at),
    );
  }
  return found;
}

beforeAll(async () => {
  bridge = await createTestBridge(inject('postgresUrl'));
  await bridge.look(`insert into tenants (id, name, subdomain, data_key) values ($1, 'Alfa', 'alfa', '-')`, [tenant]);
  const tables = await tablesOfTenants(bridge.look);
  await addRows(bridge.look, tenant, 'reseller');
  [one = ''] = (await bridge.look<{ id: string }>('select id from resellers')).map(({ id }) => id);
  const mine = await placesIn(tables);
  await addRows(bridge.look, tenant, 'reseller');
  await addRows(bridge.look, tenant);
  const all = await placesIn(tables);
  rows = new Map(
    tables.map((table) => {
      const own = mine.get(table) ?? [];
      return [table, { mine: own, theirs: (all.get(table) ?? []).filter((at) => !own.includes(at)) }];
    }),
  );
});
afterAll(() => bridge.close());

class Undone extends Error {}

/** What a request of the reseller's comes to, none of which stays; null: it is refused. */
async function asked<T>(work: (tx: Tx) => Promise<T>): Promise<T | null> {
  let answer: T | null = null;
  const request = underReseller(one, () =>
    bridge.db.tenant(tenant, async (tx) => {
      answer = await work(tx);
      throw new Undone();
    }),
  );
  await request.catch((error: unknown) => {
    if (error instanceof Undone) return;
    if (!(error instanceof Error && 'code' in error && error.code === '42501')) throw error;
  });
  return answer;
}

const seen = async (table: string): Promise<readonly string[] | null> =>
  asked(async (tx) => (await sql.raw<{ at: string }>(`select ${place()} as at from ${table}`).execute(tx)).rows).then(
    (found) => found?.map(({ at }) => at) ?? null,
  );

const touched = async (text: string): Promise<number> =>
  Number((await asked(async (tx) => (await sql.raw(text).execute(tx)).numAffectedRows)) ?? 0n);

const literals = (texts: readonly string[]): string => `array[${texts.map((text) => `'${text}'`).join(', ')}]::text[]`;

const isOpen = (table: string, verb: string): boolean =>
  openToResellers[table]?.verbs.split(' ').includes(verb) ?? false;

/** A column that a request may change; none: it may change none. */
async function changeable(table: string): Promise<string | undefined> {
  const [column] = await bridge.look<{ name: string }>(
    `select quote_ident(attname) as name from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped
       and attidentity = '' and attgenerated = '' and has_column_privilege('hub_app', attrelid, attname, 'UPDATE') limit 1`,
    [table],
  );
  return column?.name;
}

/** Writes the rows of others once more, as if they were the asker's. */
async function copied(table: string, theirs: readonly string[]): Promise<number> {
  const [whole] = await bridge.look<{ names: string; it: unknown }>(
    `select (select string_agg(quote_ident(attname), ', ') from pg_attribute
         where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = '') as names,
       (select to_jsonb(t) from ${table} t where ${place('t.')} = any ($2) limit 1) as it`,
    [table, theirs],
  );
  const record = `jsonb_populate_record(null::${table}, '${JSON.stringify(whole?.it).replaceAll("'", "''")}')`;
  return touched(
    `insert into ${table} (${whole?.names}) overriding system value select ${whole?.names} from ${record}`,
  );
}

describe('a reseller in its tenant', () => {
  it('SEC-3: every table and verb is held against its scope, or stands in the written list', async () => {
    const listed = Object.fromEntries(Object.entries(openToResellers).map(([table, { verbs }]) => [table, verbs]));
    expect(await gapsOfScope(bridge.look)).toEqual(listed);
  });

  it("SEC-3: in every table, none of the four verbs reaches a row of another reseller's, or of nobody's", async () => {
    const reached: string[] = [];
    for (const [table, { mine, theirs }] of rows) {
      const isRead = isOpen(table, 'SELECT');
      const others = `${place()} = any (${literals(theirs)})`;
      const shown = await seen(table);
      if (!isRead && shown?.some((at) => theirs.includes(at))) reached.push(`${table}: select`);
      const column = await changeable(table);
      if (column !== undefined && !isOpen(table, 'UPDATE')) {
        // Without a condition no row is read, so what may be seen does not help.
        const most = table in nobodysToResellers ? Number.POSITIVE_INFINITY : mine.length;
        if ((await touched(`update ${table} set ${column} = ${column}`)) > most) reached.push(`${table}: update`);
        if ((await touched(`update ${table} set ${column} = ${column} where ${others}`)) > 0)
          reached.push(`${table}: update of theirs`);
      }
      if (!isOpen(table, 'DELETE') && (await touched(`delete from ${table} where ${others}`)) > 0)
        reached.push(`${table}: delete`);
      if (!isOpen(table, 'INSERT') && theirs.length > 0 && (await copied(table, theirs)) > 0)
        reached.push(`${table}: insert`);
    }
    expect(reached).toEqual([]);
  });

  it('S1: what is its own it sees whole', async () => {
    const hidden: string[] = [];
    for (const table of own) {
      const shown = (await seen(table)) ?? [];
      const missing = (rows.get(table)?.mine ?? []).filter((at) => !shown.includes(at));
      expect(rows.get(table)?.mine.length, table).toBeGreaterThan(0);
      if (missing.length > 0) hidden.push(table);
    }
    expect(hidden).toEqual([]);
  });

  it.each([
    ['drop policy of_reseller on customers', { customers: 'INSERT SELECT UPDATE' }],
    ['drop policy of_reseller_update on service_plans', { service_plans: 'SELECT UPDATE' }],
    ['create table leak (tenant_id uuid); grant select on leak to hub_app', { leak: 'SELECT' }],
    ['alter policy of_reseller_select on invoices using (true)', { invoices: 'SELECT' }],
  ])('control: "%s" is found', async (breach, gap) => {
    const client = new pg.Client({ connectionString: bridge.url });
    await client.connect();
    try {
      await client.query('begin');
      await client.query(breach);
      expect(await gapsOfScope(async <T>(text: string) => (await client.query(text)).rows as T[])).toMatchObject(gap);
    } finally {
      await client.query('rollback');
      await client.end();
    }
  });

  it("control: with its policy open, a table shows others' rows, so the question would find it", async () => {
    const [held] = await bridge.look<{ text: string }>(
      `select qual as text from pg_policies where tablename = 'timeline' and policyname = 'of_reseller'`,
    );
    const theirs = rows.get('timeline')?.theirs ?? [];
    expect(await seen('timeline')).not.toContain(theirs[0]);
    await bridge.look('alter policy of_reseller on timeline using (true)');
    try {
      expect(await seen('timeline')).toContain(theirs[0]);
    } finally {
      await bridge.look(`alter policy of_reseller on timeline using (${held?.text})`);
    }
  });
});
