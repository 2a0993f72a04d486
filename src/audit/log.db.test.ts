import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Tx } from '#db/database.ts';
import { createOwnerDoor } from '#db/owner-door.ts';
import type { Who } from '#platform/caller.ts';
import { type BridgeRoom, createBridgeRoom } from '#test/features/bridge-room.ts';
import { makePartitions } from './partitions.ts';
import { type Change, record } from './record.ts';

let room: BridgeRoom;
let tenantId: string;
let who: Who;

beforeAll(async () => {
  room = await createBridgeRoom(inject('postgresUrl'));
  tenantId = await room.addTenant();
  who = {
    tenantId,
    caller: { userId: randomUUID(), tenantId, role: 'admin' },
    correlationId: 'from-the-request',
    address: '192.0.2.7',
  };
});
afterAll(() => room.close());

type Row = Record<string, unknown> & { readonly changes: unknown; readonly at: Date };
const entries = (entityId: string) => room.look<Row>('select * from audit_logs where entity_id = $1', [entityId]);

const value = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
const fields = fc.dictionary(fc.constantFrom('name', 'price', 'is_active', 'features'), value);
const change: fc.Arbitrary<Change> = fc
  .tuple(
    fc.constantFrom('create', 'update', 'delete' as const),
    fc.constantFrom('customer', 'nas', 'lead'),
    fields,
    fields,
  )
  .map(([action, entity, before, after]) => ({
    action,
    entity,
    id: randomUUID(),
    ...(action !== 'create' && { before }),
    ...(action !== 'delete' && { after }),
  }));

/** U+0000 cannot stand in jsonb; no stored text may hold it. */
const storable = change.filter((one) => !JSON.stringify(one).includes('\\u0000'));

describe('the audit log', () => {
  it('P45, P46: one entry per act, with action, type, id, changes, who, from where and when', async () => {
    await fc.assert(
      fc.asyncProperty(storable, async (act) => {
        const since = Date.now() - 1_000;
        await room.db.tenant(tenantId, (tx) => record(tx, who, act));
        const [entry, ...more] = await entries(act.id);
        expect(more).toEqual([]);
        expect(entry).toMatchObject({
          tenant_id: tenantId,
          action: act.action,
          entity_type: act.entity,
          actor_kind: 'user',
          actor_id: who.caller.userId,
          actor_role: 'admin',
          address: '192.0.2.7',
          correlation_id: 'from-the-request',
        });
        expect(entry?.at.getTime()).toBeGreaterThan(since);
        const differing = ['name', 'price', 'is_active', 'features'].filter(
          (field) => JSON.stringify(act.before?.[field] ?? null) !== JSON.stringify(act.after?.[field] ?? null),
        );
        expect(Object.keys(Object(entry?.changes)).sort()).toEqual(differing.sort());
      }),
      { numRuns: 100 },
    );
  });

  it('V4: an act that is rolled back leaves no entry', async () => {
    const id = randomUUID();
    const failing = room.db.tenant(tenantId, async (tx) => {
      await record(tx, who, { action: 'create', entity: 'customer', id });
      throw new Error('it did not happen');
    });
    await expect(failing).rejects.toThrow('it did not happen');
    expect(await entries(id)).toEqual([]);
  });

  it('V4: a key is told from a person', async () => {
    const id = randomUUID();
    const key: Who = { ...who, caller: { ...who.caller, role: 'api_key', scopes: ['customers:write'] } };
    await room.db.tenant(tenantId, (tx) => record(tx, key, { action: 'create', entity: 'customer', id }));
    expect(await entries(id)).toMatchObject([{ actor_kind: 'key', actor_role: 'api_key' }]);
  });

  it('P46: no entry is without its time, person, role, address and act: the database takes none', async () => {
    const nullable = await room.look<{ column: string }>(
      `select attname as column from pg_attribute where attrelid = 'audit_logs'::regclass and attnum > 0 and not attnotnull`,
    );
    expect(nullable).toEqual([{ column: 'tenant_id' }]);
  });
});

/** Statements that bend a table; only the linker (hub_worker) may add to the chain. */
const bends = (table: string, role: string): readonly string[] => [
  `update ${table} set tenant_id = tenant_id`,
  `delete from ${table}`,
  `truncate ${table}`,
  ...(table === 'audit_chain' && role !== 'hub_worker' ? [`insert into ${table} (seq) values (1)`] : []),
];

describe('changing what was recorded', () => {
  const doors: readonly (readonly [string, (work: (tx: Tx) => Promise<unknown>) => Promise<unknown>])[] = [
    ['hub_app', (work) => room.db.tenant(tenantId, work)],
    ['hub_worker', (work) => room.db.worker(tenantId, work)],
    ['hub_gate', (work) => room.db.gate(work)],
  ];
  const snapshot = () => room.look('select * from audit_logs order by id');

  it.each(doors)('P47, SEC-23: %s changes nothing by any verb, in a partition neither', async (role, door) => {
    await makePartitions(createOwnerDoor(room.url), Date.now());
    const partitions = await room.look<{ name: string }>(
      `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'audit_logs'::regclass`,
    );
    expect(partitions.length).toBeGreaterThan(3);
    const before = await snapshot();
    expect(before.length).toBeGreaterThan(0);
    for (const table of ['audit_logs', 'audit_chain', ...partitions.map(({ name }) => name)]) {
      for (const text of bends(table, role)) {
        await expect(
          door((tx) => sql.raw(text).execute(tx)),
          text,
        ).rejects.toMatchObject({ code: '42501' });
      }
    }
    expect(await snapshot()).toEqual(before);
  });

  it('P47: a superuser in a hurry is stopped by the triggers', async () => {
    for (const text of ['update audit_logs set address = address', 'delete from audit_logs', 'truncate audit_logs']) {
      await expect(room.look(text), text).rejects.toThrow('only ever added to');
    }
  });
});

describe('the partitions of the audit log', () => {
  it('V4: are made for this month and the three after it, once, with row-level security and no grant', async () => {
    const owner = createOwnerDoor(room.url);
    const year = Date.parse('2031-11-20T00:00:00Z');
    expect(await makePartitions(owner, year)).toBe(4);
    expect(await makePartitions(owner, year)).toBe(0);
    const made = await room.look(
      `select relname, relrowsecurity, relforcerowsecurity, relacl from pg_class where relname ~ '^audit_logs_203[12]' and relkind = 'r' order by 1`,
    );
    const open = { relrowsecurity: true, relforcerowsecurity: true, relacl: null };
    expect(made).toEqual(
      ['2031_11', '2031_12', '2032_01', '2032_02'].flatMap((month) => [{ relname: `audit_logs_${month}`, ...open }]),
    );
  });

  it('V4: a month whose entries came before its partition keeps them where they are, and nothing fails', async () => {
    const owner = createOwnerDoor(room.url);
    const early = Date.parse('2040-05-20T00:00:00Z');
    await room.look(
      `insert into audit_logs (tenant_id, at, actor_kind, actor_id, actor_role, address, action, entity_type, entity_id, correlation_id)
       values ($1, $2, 'user', gen_random_uuid(), 'admin', '-', 'create', 'x', 'early', '-')`,
      [tenantId, new Date(early)],
    );
    expect(await makePartitions(owner, early)).toBe(3);
    expect(await entries('early')).toHaveLength(1);
  });
});
