import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { createTenantFiles } from '#platform/tenant-files.ts';
import { auditRows } from '#test/features/audit-rows.ts';
import { type BridgeRoom, createBridgeRoom } from '#test/features/bridge-room.ts';
import { type Ask, admin, asCaller, platformOwner } from '#test/features/room.ts';
import { settingsRoutes } from './routes.ts';

let room: BridgeRoom;
let tenantId: string;
let ask: Ask;
let told: string[] = [];
let folder: string;

const askAs = (caller: Parameters<typeof asCaller>[1]): Ask =>
  asCaller(
    settingsRoutes({
      db: room.db,
      files: createTenantFiles(folder),
      onPolicyChange: async (_tx, id) => void told.push(`policy ${id}`),
      onRoamingChange: async (_tx, id, allowed) => void told.push(`roaming ${id} ${allowed}`),
    }),
    caller,
  );

beforeAll(async () => {
  room = await createBridgeRoom(inject('postgresUrl'));
  folder = await mkdtemp(join(tmpdir(), 'jbs-'));
});
afterAll(async () => {
  await room.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  tenantId = await room.addTenant();
  ask = askAs(admin(tenantId));
  told = [];
});
const patch = (body: object) => ask('PATCH', '/settings', body);

describe('settings', () => {
  it('T5: start with the defaults, change what is named and keep the rest', async () => {
    expect((await ask('GET', '/settings')).body).toMatchObject({ time_zone: 'Asia/Jakarta', postpaid_due_day: 20 });
    expect((await patch({ prepaid_due_day: 5, branding: { name: 'Alpha' } })).status).toBe(200);
    expect((await patch({ branding: { colour: '#112233' } })).status).toBe(200);
    expect((await ask('GET', '/settings')).body).toMatchObject({
      prepaid_due_day: 5,
      postpaid_due_day: 20,
      branding: { name: 'Alpha', colour: '#112233', logo: null },
    });
    expect((await patch({})).status).toBe(200);
  });

  it('only what was set is stored, so that a default may change', async () => {
    await patch({ grace_days: 2 });
    const [row] = await room.look<{ settings: unknown }>('select settings from tenants where id = $1', [tenantId]);
    expect(row?.settings).toEqual({ grace_days: 2 });
  });

  it('T5: an unknown field is refused by name, and nothing of that change is stored', async () => {
    const { status, body } = await patch({ grace_days: 9, grace_day: 3 });
    expect(status).toBe(400);
    expect(String(body.message)).toContain('grace_day');
    expect((await ask('GET', '/settings')).body.grace_days).toBe(0);
  });

  it('B3: a new time zone or grace decides about every line again; an equal one and other fields do not', async () => {
    await patch({ time_zone: 'Asia/Makassar' });
    await patch({ grace_days: 3 });
    expect(told).toEqual([`policy ${tenantId}`, `policy ${tenantId}`]);
    await patch({ time_zone: 'Asia/Makassar', grace_days: 3, language: 'en' });
    expect(told).toHaveLength(2);
  });

  it('R7: a change of roaming is told once, with its direction', async () => {
    await patch({ allow_roaming: true });
    await patch({ allow_roaming: true });
    await patch({ allow_roaming: false });
    expect(told).toEqual([`roaming ${tenantId} true`, `roaming ${tenantId} false`]);
  });

  it('two changes at once do not undo each other', async () => {
    await Promise.all([patch({ prepaid_due_day: 7 }), patch({ postpaid_due_day: 8 }), patch({ brake_percent: 9 })]);
    const { body } = await ask('GET', '/settings');
    expect(body).toMatchObject({ prepaid_due_day: 7, postpaid_due_day: 8, brake_percent: 9 });
  });

  it('P45, V4: a change is in the audit log with old and new, a refused one is not', async () => {
    await patch({ grace_days: 4 });
    await patch({ grace_days: -4 });
    expect(await auditRows(room.look, tenantId)).toMatchObject([
      { action: 'update', entity_type: 'settings', entity_id: tenantId, changes: { grace_days: { old: 0, new: 4 } } },
    ]);
  });

  it('P1: another tenant’s settings are neither seen nor changed', async () => {
    const other = askAs(admin(await room.addTenant()));
    await patch({ grace_days: 4 });
    expect((await other('GET', '/settings')).body.grace_days).toBe(0);
  });

  it('P7: only an admin changes them, and a platform owner has none', async () => {
    const finance = askAs(admin(tenantId, 'finance'));
    expect((await finance('GET', '/settings')).status).toBe(200);
    expect((await finance('PATCH', '/settings', { grace_days: 1 })).status).toBe(403);
    expect((await askAs(platformOwner)('GET', '/settings')).status).toBe(403);
  });
});
