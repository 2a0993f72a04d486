import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { type BridgeRoom, createBridgeRoom } from '#test/features/bridge-room.ts';
import { chainHeads, readHeads, writeHeads } from './heads.ts';
import { linkEntries } from './link.ts';
import { record } from './record.ts';
import { type ChainReport, type KnownHeads, verifyChain } from './verify.ts';

let room: BridgeRoom;
let tenantId: string;
/** A superuser who has switched the triggers off: nothing in the database stops it. */
let intruder: pg.Client;

beforeAll(async () => {
  room = await createBridgeRoom(inject('postgresUrl'));
  intruder = new pg.Client({ connectionString: room.url });
  await intruder.connect();
  await intruder.query(`set session_replication_role = replica`);
});
afterAll(async () => {
  await intruder.end();
  await room.close();
});
beforeEach(async () => {
  tenantId = await room.addTenant();
});

async function act(times: number, tenant: string | null = tenantId): Promise<void> {
  const caller = { userId: randomUUID(), tenantId: tenant, role: tenant === null ? 'platform_owner' : 'admin' };
  const who = { tenantId: tenant, caller, correlationId: '-', address: '192.0.2.7' };
  const door =
    tenant === null ? room.db.gate : (work: Parameters<typeof room.db.gate>[0]) => room.db.tenant(tenant, work);
  for (let i = 0; i < times; i++) {
    await door((tx) =>
      record(tx, who, { action: 'update', entity: 'customer', id: `c${i}`, after: { name: `n${i}` } }),
    );
  }
}

const noHeads: KnownHeads = new Map();
const verify = (heads: KnownHeads = noHeads, tenant: string | null = tenantId): Promise<ChainReport> =>
  verifyChain(room.db, tenant, heads);
const kinds = async (heads: KnownHeads = noHeads) =>
  [...new Set((await verify(heads)).findings.map(({ kind }) => kind))].sort();

/** What the scheduler has written down outside of this tenant's chain. */
async function headsOutside(): Promise<KnownHeads> {
  const mine = (await chainHeads(room.db, Date.now())).filter((head) => head.tenant_id === tenantId);
  return new Map(mine.map(({ seq, hash }) => [BigInt(seq), hash]));
}

describe('the hash chain', () => {
  it('V4: a recorded act is linked once, and a sound chain has no finding', async () => {
    await act(7);
    expect(await verify()).toMatchObject({ links: 0n, waiting: 7, findings: [] });
    expect(await linkEntries(room.db)).toBe(7);
    expect(await linkEntries(room.db)).toBe(0);
    await act(2);
    await linkEntries(room.db);
    expect(await verify(await headsOutside())).toEqual({ tenantId, links: 9n, waiting: 0, findings: [] });
  });

  it('V4: the platform has a chain of its own, and tenants do not share theirs', async () => {
    await act(2, null);
    await act(3);
    await act(4, await room.addTenant());
    await linkEntries(room.db);
    expect(await verify(noHeads, null)).toMatchObject({ links: 2n, findings: [] });
    expect(await verify()).toMatchObject({ links: 3n, findings: [] });
  });

  it('V4: many workers at once never fork it, and leave nothing unlinked', async () => {
    const others = [room.db, room.db, room.db, room.db, room.db];
    for (let round = 0; round < 20; round++) {
      await act(3);
      await Promise.all(others.map((db) => linkEntries(db)));
    }
    while ((await linkEntries(room.db)) > 0);
    expect(await verify()).toMatchObject({ links: 60n, waiting: 0, findings: [] });
  });

  it('V4: an entry that did not come through the hub is reported as unlinked', async () => {
    await act(1);
    await linkEntries(room.db);
    await intruder.query(
      `insert into audit_logs (tenant_id, at, actor_kind, actor_id, actor_role, address, action, entity_type, entity_id, correlation_id)
       values ($1, now() - interval '1 hour', 'user', gen_random_uuid(), 'admin', '-', 'create', 'x', 'x', '-')`,
      [tenantId],
    );
    expect(await kinds()).toEqual(['unlinked']);
  });

  it('V4: an entry that was removed before it was linked is reported', async () => {
    await act(2);
    await intruder.query(`delete from audit_logs where tenant_id = $1 and entity_id = 'c0'`, [tenantId]);
    await linkEntries(room.db);
    expect(await kinds()).toEqual(['deleted']);
  });
});

const length = 12;
const columns = [
  'actor_role',
  'address',
  'action',
  'entity_type',
  'entity_id',
  'correlation_id',
  'changes',
  'at',
  'actor_id',
];

const edit = (seq: number, column: string): string => {
  const value =
    column === 'changes'
      ? `'{"name": {"old": null, "new": "bent"}}'`
      : column === 'at'
        ? `at + interval '1 microsecond'`
        : column === 'actor_id'
          ? 'gen_random_uuid()'
          : `${column} || ' '`;
  return `update audit_logs set ${column} = ${value} where ${entry(seq)}`;
};
const entry = (seq: number): string =>
  `tenant_id = $1 and id = (select entry_id from audit_chain where tenant_id = $1 and seq = ${seq})`;
const place = fc.integer({ min: 1, max: length });

const mutations = {
  edit: fc.tuple(place, fc.constantFrom(...columns)).map(([seq, column]) => [edit(seq, column)]),
  delete: place.map((seq) => [`delete from audit_logs where ${entry(seq)}`]),
  'delete with its link': fc
    .integer({ min: 1, max: length - 1 })
    .map((seq) => [
      `delete from audit_logs where ${entry(seq)}`,
      `delete from audit_chain where tenant_id = $1 and seq = ${seq}`,
    ]),
  'tail cut': place.map((seq) => [
    `delete from audit_logs where tenant_id = $1 and id in (select entry_id from audit_chain where tenant_id = $1 and seq >= ${seq})`,
    `delete from audit_chain where tenant_id = $1 and seq >= ${seq}`,
  ]),
  reorder: fc
    .tuple(place, place)
    .filter(([a, b]) => a !== b)
    .map(([a, b]) => [
      `update audit_chain set seq = 1000 where tenant_id = $1 and seq = ${a}`,
      `update audit_chain set seq = ${a} where tenant_id = $1 and seq = ${b}`,
      `update audit_chain set seq = ${b} where tenant_id = $1 and seq = 1000`,
    ]),
} as const;

describe('whoever bends it past every guard', () => {
  it.each(Object.entries(mutations))('SEC-23: %s: 100 of 100 are found', async (_, mutation) => {
    await act(length);
    await linkEntries(room.db);
    const heads = await headsOutside();
    expect(await kinds(heads)).toEqual([]);
    for (const table of ['audit_logs', 'audit_chain']) {
      await intruder.query(`drop table if exists pg_temp.${table}_copy`);
      await intruder.query(`create temp table ${table}_copy as select * from ${table} where tenant_id = '${tenantId}'`);
    }
    let tried = 0;
    await fc.assert(
      fc.asyncProperty(mutation, async (statements) => {
        await intruder.query('begin');
        try {
          for (const text of statements) await intruder.query(text, text.includes('$1') ? [tenantId] : []);
          await intruder.query('commit');
          expect(await kinds(heads)).not.toEqual([]);
          tried += 1;
        } finally {
          await restore();
        }
      }),
      { numRuns: 100 },
    );
    expect(tried).toBe(100);
  });

  it('SEC-23: control: without an outside head a tail that is cut with its entries is not missed', async () => {
    await act(4);
    await linkEntries(room.db);
    const heads = await headsOutside();
    await intruder.query(`delete from audit_logs where ${entry(4)}`, [tenantId]);
    await intruder.query('delete from audit_chain where tenant_id = $1 and seq = 4', [tenantId]);
    expect(await kinds()).toEqual([]);
    expect(await kinds(heads)).toEqual(['cut']);
  });

  it('SEC-23: a chain that was made anew over edited entries does not lead through the outside head', async () => {
    await act(4);
    await linkEntries(room.db);
    const heads = await headsOutside();
    await intruder.query(`update audit_logs set entity_id = 'bent' where ${entry(2)}`, [tenantId]);
    await intruder.query(
      'insert into audit_pending select tenant_id, entry_id, entry_at from audit_chain where tenant_id = $1',
      [tenantId],
    );
    await intruder.query('delete from audit_chain where tenant_id = $1', [tenantId]);
    await linkEntries(room.db);
    expect(await kinds()).toEqual([]);
    expect(await kinds(heads)).toEqual(['rewritten']);
  });

  /** Puts the chain back as it was, from a copy made before the first mutation. */
  async function restore(): Promise<void> {
    await intruder.query('rollback');
    for (const table of ['audit_logs', 'audit_chain']) {
      await intruder.query(`delete from ${table} where tenant_id = $1`, [tenantId]);
      await intruder.query(`insert into ${table} overriding system value select * from ${table}_copy`);
    }
  }
});

describe('heads written down outside', () => {
  it('V4: are read back as they were written, chain by chain', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'jbt-heads-'));
    const file = join(folder, 'new', 'audit-heads.jsonl');
    await act(2);
    await linkEntries(room.db);
    await writeHeads(file, await chainHeads(room.db, 0));
    await act(1);
    await linkEntries(room.db);
    await writeHeads(file, await chainHeads(room.db, 1));
    const heads = (await readHeads(file)).get(tenantId) ?? noHeads;
    expect([...heads.keys()]).toEqual([2n, 3n]);
    expect(await kinds(heads)).toEqual([]);
    await rm(folder, { recursive: true });
  });
});
