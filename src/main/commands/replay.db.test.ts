import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import type { Arguments } from '#main/command.ts';
import { auditRows } from '#test/features/audit-rows.ts';
import { type BridgeRoom, createBridgeRoom } from '#test/features/bridge-room.ts';
import { replay } from './replay.ts';

let room: BridgeRoom;
let dataDir: string;
let tenantId: string;
let subdomain: string;

beforeAll(async () => {
  room = await createBridgeRoom(inject('postgresUrl'));
  dataDir = await mkdtemp(join(tmpdir(), 'jbt-replay-'));
});
afterAll(async () => {
  await room.close();
  await rm(dataDir, { recursive: true, force: true });
});
beforeEach(async () => {
  vi.stubEnv('DATABASE_URL', room.url);
  vi.stubEnv('RADIUS_DATABASE_URL', room.url);
  vi.stubEnv('JEMBATAN_DATA_DIR', dataDir);
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
  tenantId = await room.addTenant();
  [{ subdomain } = { subdomain: '' }] = await room.look<{ subdomain: string }>(
    'select subdomain from tenants where id = $1',
    [tenantId],
  );
});

const run = (over: Partial<Arguments>): Promise<number> =>
  replay.run({
    words: [],
    json: false,
    tenant: subdomain,
    head: undefined,
    plans: [],
    apply: false,
    ...over,
  });

/** Deliveries an hour apart from midnight UTC on; answers their ids. */
async function addEvents(count: number): Promise<string[]> {
  const rows = await room.look<{ id: string }>(
    `insert into inbox (tenant_id, source, dedup, raw, doctype, name, event, modified, state, correlation_id, received_at)
     select $1, 'erpnext', $2 || int4send(n), '-', 'Sales Invoice', 'INV-' || n, 'on_change', '', 'done', 'c',
       '2026-11-21T00:00:00Z'::timestamptz + n * interval '1 hour' from generate_series(0, $3 - 1) n returning id`,
    [tenantId, randomBytes(8), count],
  );
  return rows.map(({ id }) => String(id));
}

const states = async (): Promise<string[]> =>
  (await room.look<{ state: string }>('select state from inbox where tenant_id = $1 order by id', [tenantId])).map(
    ({ state }) => state,
  );

describe('jembatan replay', () => {
  it('B9: replays one event by its id', async () => {
    const [first = ''] = await addEvents(2);
    expect(await run({ words: [first] })).toBe(0);
    expect(await states()).toEqual(['new', 'done']);
  });

  it('B9: replays a span of time, page after page, and the audit log says that it was the command line', async () => {
    await addEvents(4);
    expect(await run({ from: '2026-11-21T08:00:00+07:00', to: '2026-11-21T10:00:00+07:00' })).toBe(0);
    expect(await states()).toEqual(['done', 'new', 'new', 'done']);
    expect((await auditRows(room.look, tenantId)).at(-1)).toMatchObject({ action: 'run', address: 'command line' });
  });

  it('wrong use is said so, and nothing is replayed', async () => {
    await addEvents(1);
    expect(() => run({})).toThrow('--from');
    expect(() => run({ from: 'yesterday' })).toThrow('with a zone');
    expect(() => run({ words: ['1', '2'] })).toThrow('one event');
    expect(() => run({ words: ['x'] })).toThrow('no id');
    await expect(run({ words: ['1'], tenant: undefined })).rejects.toThrow('--tenant');
    await expect(run({ words: ['1'], tenant: 'nobody' })).rejects.toThrow('no tenant');
    expect(await states()).toEqual(['done']);
  });
});
