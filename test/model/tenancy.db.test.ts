import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createTestBridge, type TestBridge } from '#test/setup/bridge.ts';
import { tablesOfTenants, tenancyFindings } from './tenancy-findings.ts';
import { addRows } from './tenant-rows.ts';

const tenants = [randomUUID(), randomUUID(), randomUUID()];
/** Claimed across tenants by hub_worker (law 6), whose queries there name their tenant themselves. */
const workTables = [
  'inbox',
  'charge_looks',
  'asset_hints',
  'dirty_documents',
  'dirty_lines',
  'wakes',
  'outbox',
  'audit_pending',
  'schedules',
  'holds',
  'held_lines',
  'cut_notices',
  'kill_switches',
  'reconciliations',
];

let bridge: TestBridge;
let tables: readonly string[];

beforeAll(async () => {
  bridge = await createTestBridge(inject('postgresUrl'));
  tables = await tablesOfTenants(bridge.look);
  for (const id of tenants) {
    await bridge.look('insert into tenants (id, name, subdomain, data_key) values ($1, $2, $2, $3)', [
      id,
      `t${id}`,
      '-',
    ]);
    await addRows(bridge.look, id);
  }
});
afterAll(() => bridge.close());

type Owner = { readonly tenant_id: string | null };
type Door = 'tenant' | 'worker';

/** Whose rows a query shows at a door; null: the door's role may not read the table at all. */
async function ownersShown(door: Door, viewer: string, query: string): Promise<readonly (string | null)[] | null> {
  try {
    const { rows } = await bridge.db[door](viewer, (tx) => sql.raw<Owner>(query).execute(tx));
    return rows.map((row) => row.tenant_id);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === '42501') return null;
    throw error;
  }
}

/** Ways of asking for rows of `table`, honest and otherwise; `other` is a second table, `prey` another tenant. */
const shapes: readonly ((table: string, other: string, prey: string) => string)[] = [
  (table) => `select tenant_id from ${table}`,
  (table, _, prey) => `select tenant_id from ${table} where tenant_id = '${prey}'`,
  (table, _, prey) => `select tenant_id from ${table} where tenant_id <> '${prey}' or true`,
  (table, other) => `select t.tenant_id from ${table} t cross join ${other} limit 200`,
  (table, other) => `select o.tenant_id from ${table} t join ${other} o on o.tenant_id <> t.tenant_id`,
  (table, other) => `select tenant_id from ${table} union all select tenant_id from ${other}`,
  (table, other) => `select tenant_id from ${table} where tenant_id in (select tenant_id from ${other})`,
  (table, other) => `select max(t.tenant_id::text) as tenant_id from ${table} t, ${other} o group by o.tenant_id`,
  (table, _, prey) =>
    `with p as (select * from ${table}) select tenant_id from p order by tenant_id = '${prey}' desc limit 3`,
];

describe('a tenant in the bridge', () => {
  it('P1: whatever a tenant asks, in any table, the rows are its own', async () => {
    const table = fc.nat().map((i) => tables[i % tables.length] ?? '');
    const tenant = fc.constantFrom(...tenants);
    const query = fc.record({ table, other: table, viewer: tenant, prey: tenant, shape: fc.constantFrom(...shapes) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(tenant, { maxLength: 2 }),
        fc.array(query, { minLength: 4, maxLength: 8 }),
        async (owners, queries) => {
          for (const owner of owners) await addRows(bridge.look, owner);
          for (const { table, other, viewer, prey, shape } of queries) {
            const text = shape(table, other, prey);
            const shown = (await ownersShown('tenant', viewer, text)) ?? [];
            const worker = [table, other].some((name) => workTables.includes(name))
              ? []
              : ((await ownersShown('worker', viewer, text)) ?? []);
            expect(
              [...shown, ...worker].filter((id) => id !== viewer),
              text,
            ).toEqual([]);
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it('P1: and they are all of its own, in every table that its requests may read', async () => {
    const unread: string[] = [];
    for (const table of tables) {
      for (const viewer of tenants) {
        const [own] = await bridge.look<{ n: number }>(`select count(*)::int as n from ${table} where tenant_id = $1`, [
          viewer,
        ]);
        expect(own?.n, `tenant-rows.ts knows ${table}`).toBeGreaterThan(0);
        const shown = await ownersShown('tenant', viewer, `select tenant_id from ${table}`);
        if (shown === null) unread.push(table);
        else expect(shown, table).toHaveLength(own?.n ?? 0);
      }
    }
    expect(new Set(unread)).toEqual(new Set(['refresh_tokens']));
  });

  it('SEC-3: in every table, none of the four verbs reaches a row of another tenant', async () => {
    const [viewer = '', prey = ''] = tenants;
    for (const table of tables) {
      const [row] = await bridge.look<{ it: unknown }>(
        `select to_jsonb(t) as it from ${table} t where tenant_id = $1 limit 1`,
        [prey],
      );
      const columns = await bridge.look<{ name: string }>(
        `select attname as name from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped
           and attidentity = '' and attgenerated = '' and has_column_privilege('hub_app', attrelid, attname, 'UPDATE')`,
        [table],
      );
      const column = columns[0]?.name ?? 'tenant_id';
      const [whole] = await bridge.look<{ names: string }>(
        `select string_agg(quote_ident(attname), ', ') as names from pg_attribute
           where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = ''`,
        [table],
      );
      const record = `jsonb_populate_record(null::${table}, '${JSON.stringify(row?.it).replaceAll("'", "''")}')`;
      const reached = await Promise.all(
        [
          `select tenant_id from ${table} where tenant_id = '${prey}'`,
          `update ${table} set "${column}" = "${column}" where tenant_id = '${prey}' returning tenant_id`,
          `delete from ${table} where tenant_id = '${prey}' returning tenant_id`,
          `insert into ${table} (${whole?.names}) overriding system value select ${whole?.names} from ${record} returning tenant_id`,
        ].map((text) => ownersShown('tenant', viewer, text)),
      );
      expect(
        reached.flatMap((rows) => rows ?? []),
        table,
      ).toEqual([]);
      expect(reached[3], `an insert into ${table} in the name of another is refused`).toBeNull();
    }
  });

  it('SEC-1: without a tenant a request sees nothing', async () => {
    for (const table of tables)
      expect((await ownersShown('tenant', '', `select tenant_id from ${table}`)) ?? []).toEqual([]);
  });
});

describe('one policy that is open to all', () => {
  it('P1: control: shows other tenants, so the questions would find it', async () => {
    const [viewer = '', prey = ''] = tenants;
    const shown = async () =>
      new Set(
        await Promise.all(
          shapes.slice(0, 3).map((shape) => ownersShown('tenant', viewer, shape('customers', 'nas', prey))),
        ).then((all) => all.flat()),
      );
    expect(await shown()).toEqual(new Set([viewer]));
    await bridge.look('alter policy own on customers using (true)');
    try {
      expect(await shown()).toContain(prey);
    } finally {
      await bridge.look('alter policy own on customers using (tenant_id = (select current_tenant()))');
    }
  });
});

describe('the catalogue of the bridge', () => {
  it('SEC-1: nothing in it lets one tenant see another', async () => {
    expect(await tenancyFindings(bridge.look)).toEqual([]);
  });

  const controls: readonly (readonly [breach: string, finding: string])[] = [
    ['drop policy own on customers', 'customers: no policy for the tenant'],
    ['alter policy own on nas using (true)', 'nas.own: a policy that names no tenant'],
    ['create policy all_of_it on access to hub_app using (true)', 'access.all_of_it: a policy that names no tenant'],
    ['create table leak (tenant_id uuid)', 'leak: row-level security is not enabled and forced'],
    ['alter table timeline no force row level security', 'timeline: row-level security'],
    ['create view peek as select * from customers', 'peek: a view without security_invoker'],
    ['create materialized view copy as select * from customers', 'copy: a materialized view'],
    ['create function f() returns int security definer language sql as $$ select 1 $$', 'f: a security definer'],
    ['grant truncate on outbox to hub_worker', 'outbox: TRUNCATE is granted to hub_worker'],
    ['grant select on customers to public', 'customers: SELECT is granted to public'],
    [
      'alter table access add foreign key (subscription_id) references customers (id) not valid',
      'a foreign key without tenant_id',
    ],
    ['grant select on audit_logs_rest to hub_app', 'audit_logs_rest: a partition with a grant'],
    ['drop policy erase on customers', 'customers: its owner could not erase'],
    ['create unique index by_phone on customers (phone, id)', 'by_phone: a unique index without tenant_id'],
    [
      'alter table payments drop constraint payments_tenant_id_customer_id_fkey',
      'payments: its rows may be of a tenant',
    ],
    ['alter table counters owner to hub_app', 'counters: owned by hub_app'],
    ['alter role hub_app bypassrls', 'hub_app: may pass row-level security'],
    ['grant hub_owner to hub_gate', 'hub_gate: may become hub_owner'],
  ];

  it.each(controls)('control: "%s" is found', async (breach, finding) => {
    const client = new pg.Client({ connectionString: bridge.url });
    await client.connect();
    try {
      await client.query('begin');
      await client.query(breach);
      const findings = await tenancyFindings(async <T>(text: string) => (await client.query(text)).rows as T[]);
      expect(findings.join('\n')).toContain(finding);
    } finally {
      await client.query('rollback');
      await client.end();
    }
  });
});
