import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { headsFile } from '#audit/heads.ts';
import { linkEntries } from '#audit/link.ts';
import { record } from '#audit/record.ts';
import { createBuiltinTracker } from '#connectors/builtin/asset-tracker.ts';
import { createOwnerDoor } from '#db/owner-door.ts';
import { createJobs } from '#main/schedule/jobs.ts';
import { startSchedule } from '#main/schedule.ts';
import { createLog } from '#platform/log.ts';
import { type BridgeRoom, createBridgeRoom } from '#test/features/bridge-room.ts';
import { eventually } from '#test/pipeline/eventually.ts';

let room: BridgeRoom;
let dataDir: string;
let tenantId: string;
const now = Date.parse('2026-11-20T03:00:00Z');

beforeAll(async () => {
  room = await createBridgeRoom(inject('postgresUrl'));
  dataDir = await mkdtemp(join(tmpdir(), 'jbt-keep-'));
  tenantId = await room.addTenant();
});
afterAll(async () => {
  await room.close();
  await rm(dataDir, { recursive: true });
});

const enforcerOf = async (): Promise<null> => null;
const trackerOf = async (tenant: string) => createBuiltinTracker(room.db, tenant);
const appendMessage = () => Promise.reject(new Error('nobody is written to here'));

const act = (): Promise<void> => {
  const caller = { userId: randomUUID(), tenantId, role: 'admin' };
  const who = { tenantId, caller, correlationId: '-', address: '192.0.2.7' };
  return room.db.tenant(tenantId, (tx) => record(tx, who, { action: 'update', entity: 'customer', id: 'c' }));
};

describe('the jobs of the hub', () => {
  it('O8: each can be run, and again without harm; heads are written down where they have moved', async () => {
    const owner = createOwnerDoor(room.url);
    const jobs = createJobs({
      db: room.db,
      owner,
      vault: room.vault,
      headsFile: headsFile(dataDir),
      keepEventsDays: 90,
      keepAuditDays: 400,
      enforcerOf,
      trackerOf,
      log: createLog('silent'),
      appendMessage,
    });
    await act();
    await linkEntries(room.db);
    for (const job of [...jobs, ...jobs]) {
      const occasion = { due: new Date(now), now };
      if (job.zone === 'platform') await job.run(occasion);
      else await job.run({ ...occasion, tenantId, zone: 'Asia/Jakarta' });
    }
    const lines = (await readFile(headsFile(dataDir), 'utf8')).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ tenant_id: tenantId, seq: '1' }]);
    expect(await room.look('select month from usage_months order by 1')).toEqual([
      { month: '2026-10' },
      { month: '2026-11' },
    ]);
  });
});

describe('the house-keeping of a worker', () => {
  it('V4, O8: links what is recorded, enrols every job, runs what is due at first, and ends when told', async () => {
    await room.look('delete from schedules');
    const keeping = startSchedule(
      {
        db: room.db,
        vault: room.vault,
        wire: { forget: () => undefined, enforcerOf, vaultOf: room.vaultOf, assetTrackerOf: trackerOf },
        databases: { bridgeUrl: room.url },
      },
      { dataDir, keepEventsDays: 90, keepAuditDays: 400 },
      createLog('silent'),
      () => now,
      { leaseMs: 20_000, pollMs: 50 },
    );
    await act();
    const linked = await eventually(
      () => room.look('select from audit_chain where tenant_id = $1', [tenantId]),
      (links) => links.length === 2,
    );
    expect(linked).toHaveLength(2);
    const jobs = await eventually(
      () =>
        room.look<{ name: string; last_run_at: Date | null }>('select name, last_run_at from schedules order by name'),
      (rows) => rows.some(({ name, last_run_at }) => name === 'audit.partitions' && last_run_at !== null),
    );
    const owner = createOwnerDoor(room.url);
    const declared = createJobs({
      db: room.db,
      owner,
      vault: room.vault,
      headsFile: '-',
      keepEventsDays: 90,
      keepAuditDays: 400,
      enforcerOf,
      trackerOf,
      log: createLog('silent'),
      appendMessage,
    });
    expect(jobs.map(({ name }) => name)).toEqual(declared.map(({ name }) => name).sort());
    await keeping.stop();
  });
});
