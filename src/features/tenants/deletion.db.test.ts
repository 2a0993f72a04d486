import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { linkEntries } from '#audit/link.ts';
import { createOwnerDoor } from '#db/owner-door.ts';
import { groupName, tenantKey } from '#domain/groups.ts';
import { isolirGroupRows } from '#domain/radius-groups.ts';
import { claimIntents } from '#outbox/claim.ts';
import { dispatchRemoval } from '#outbox/dispatch-removal.ts';
import { createLog } from '#platform/log.ts';
import { createTenantFiles, type TenantFiles } from '#platform/tenant-files.ts';
import { createFakeEnforcer, type FakeEnforcer } from '#ports/enforcer/fake.ts';
import { type BridgeRoom, createBridgeRoom } from '#test/features/bridge-room.ts';
import { type Ask, asCaller, platformOwner } from '#test/features/room.ts';
import { tablesOfTenants } from '#test/model/tenancy-findings.ts';
import { addRows } from '#test/model/tenant-rows.ts';
import { continueDeletions, type Leaving } from './deletion.ts';
import { tenantsRoutes } from './routes.ts';

let room: BridgeRoom;
let owner: Ask;
let enforcer: FakeEnforcer;
let dataDir: string;
let files: TenantFiles;
let leaving: Leaving;
let id: string;
let subdomain: string;

const log = createLog('silent');
const now = Date.parse('2026-11-20T03:00:00Z');

beforeAll(async () => {
  room = await createBridgeRoom(inject('postgresUrl'));
});
afterAll(() => room.close());
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'jbt-leave-'));
  files = createTenantFiles(dataDir);
  enforcer = createFakeEnforcer();
  const deps = { db: room.db, clock: () => now, onChange: () => undefined };
  leaving = { ...deps, log, owner: createOwnerDoor(room.url), files };
  owner = asCaller(tenantsRoutes({ ...deps, vault: room.vault, provision: async () => undefined }), platformOwner);
  subdomain = `gone-${randomUUID().slice(0, 8)}`;
  id = await room.addTenant(subdomain);
  await addRows(room.look, id);
  const group = groupName(id, 'isolir');
  await enforcer.applyGroup({ group, generation: 1n, ...isolirGroupRows() });
});
afterEach(() => rm(dataDir, { recursive: true }));

const remove = (confirm = subdomain) => owner('DELETE', `/tenants/${id}?confirm=${confirm}`);
const read = async () => (await owner('GET', `/tenants/${id}`)).body;

/** One turn of each loop that a deletion needs. */
async function turn(): Promise<void> {
  await continueDeletions(leaving);
  await room.look(`update outbox set next_at = now() where kind = 'tenant.remove' and state = 'ready'`);
  for (const claimed of await claimIntents(room.db, ['tenant.remove'], 20_000, 5)) {
    if (claimed.intent.kind !== 'tenant.remove') continue;
    await dispatchRemoval({ db: room.db, log, enforcerOf: async () => enforcer }, claimed, claimed.intent);
  }
  while ((await linkEntries(room.db)) > 0);
}

async function leftOf(tenantId: string): Promise<readonly string[]> {
  const left: string[] = [];
  for (const table of await tablesOfTenants(room.look)) {
    const rows = await room.look(`select from ${table} where tenant_id = $1`, [tenantId]);
    if (rows.length > 0) left.push(table);
  }
  return left;
}

describe('deleting a tenant', () => {
  it('T4: needs its subdomain as a confirmation: 400 names the field, and nothing has changed', async () => {
    for (const path of [`/tenants/${id}`, `/tenants/${id}?confirm=`, `/tenants/${id}?confirm=other`]) {
      const { status, body } = await owner('DELETE', path);
      expect(status).toBe(400);
      expect(body.details?.fields?.[0]?.field).toBe('confirm');
    }
    expect(await read()).toMatchObject({ state: 'active', is_active: true, deletion: null });
    expect((await owner('DELETE', `/tenants/${randomUUID()}?confirm=x`)).status).toBe(404);
  });

  it('T4: it is inactive at once, then all that is its own goes: every table that knows tenants, files, RADIUS', async () => {
    await files.write(id, 'logo', Buffer.from('png'));
    expect(await leftOf(id)).toEqual(await tablesOfTenants(room.look));
    expect(await remove()).toMatchObject({ status: 202, body: { state: 'deleting', is_active: false } });
    while ((await owner('GET', `/tenants/${id}`)).status === 200) await turn();
    expect(await leftOf(id)).toEqual([]);
    expect(await room.look('select from tenants where id = $1', [id])).toEqual([]);
    expect(await readdir(join(dataDir, 'files'))).toEqual([]);
    expect(enforcer.group(groupName(id, 'isolir'))).toBeUndefined();
  });

  it('T4: one tombstone stays, with the last hash of its audit chain, and the subdomain is not given out again', async () => {
    await linkEntries(room.db);
    const [head] = await room.look<{ seq: bigint; hash: Buffer }>(
      'select seq, hash from audit_chain where tenant_id = $1 order by seq desc limit 1',
      [id],
    );
    await remove();
    for (let i = 0; i < 4; i++) await turn();
    expect(await room.look('select * from tenant_tombstones where id = $1', [id])).toMatchObject([
      { subdomain, deleted_by: platformOwner.userId, last_audit_seq: head?.seq, last_audit_hash: head?.hash },
    ]);
    const twin = await owner('POST', '/tenants', { name: 'Twin', subdomain });
    expect(twin).toMatchObject({ status: 409, body: { details: { field: 'subdomain' } } });
  });

  it('T4: asking again is harmless: 202 while it lasts, 204 when it is gone, audited once in the platform’s own trail', async () => {
    expect((await remove()).status).toBe(202);
    expect((await remove()).status).toBe(202);
    for (let i = 0; i < 4; i++) await turn();
    expect((await remove()).status).toBe(204);
    expect((await remove('other')).status).toBe(400);
    const trail = await room.look('select action, tenant_id from audit_logs where entity_id = $1', [id]);
    expect(trail).toEqual([{ action: 'delete', tenant_id: null }]);
  });

  it('T4: while RADIUS is away it waits, says so, and goes on by itself', async () => {
    enforcer.fail({ reason: 'unreachable', detail: 'connection refused' });
    await remove();
    for (let i = 0; i < 5; i++) await turn();
    expect(await read()).toMatchObject({
      state: 'deleting',
      deletion: { waits_for: 'the RADIUS database: connection refused' },
    });
    expect(await leftOf(id)).toContain('customers');
    enforcer.recover();
    for (let i = 0; i < 3; i++) await turn();
    expect(await leftOf(id)).toEqual([]);
  });

  it('T4: it can be neither activated nor renamed any more, and no job of it goes out but its removal', async () => {
    await room.look(`update outbox set kind = 'group.apply', state = 'ready' where tenant_id = $1`, [id]);
    await remove();
    expect((await owner('PATCH', `/tenants/${id}`, { is_active: true })).status).toBe(409);
    expect((await owner('PATCH', `/tenants/${id}`, { name: 'Back' })).status).toBe(409);
    expect(await claimIntents(room.db, ['group.apply', 'access.apply'], 1_000, 100)).toEqual([]);
  });

  it('T4: what a process has just in its hands is waited for', async () => {
    await room.look(
      `update outbox set kind = 'access.apply', state = 'running', locked_until = now() + interval '1 minute' where tenant_id = $1`,
      [id],
    );
    await remove();
    for (let i = 0; i < 3; i++) await turn();
    expect(await room.look(`select from outbox where tenant_id = $1 and kind = 'tenant.remove'`, [id])).toEqual([]);
    await room.look(`update outbox set state = 'done' where tenant_id = $1`, [id]);
    for (let i = 0; i < 3; i++) await turn();
    expect(await leftOf(id)).toEqual([]);
  });

  it('T4: what went out beside the removal is removed too', async () => {
    await remove();
    await turn();
    await room.look(`update outbox set state = 'done', finished_at = now() where tenant_id = $1 and kind = 'x'`, [id]);
    await continueDeletions(leaving);
    const removals = () => room.look(`select from outbox where tenant_id = $1 and kind = 'tenant.remove'`, [id]);
    expect(await removals()).toHaveLength(2);
    for (let i = 0; i < 3; i++) await turn();
    expect(await leftOf(id)).toEqual([]);
  });

  it.each(['the files', 'the rows'])(
    'T4: a hub that dies at %s is followed by another, which ends it',
    async (place) => {
      await files.write(id, 'logo', Buffer.from('png'));
      await remove();
      const steady = leaving;
      const dies = (): never => {
        throw new Error('the hub dies here');
      };
      const dieAfter = async (work: Promise<unknown>): Promise<never> => {
        await work;
        return dies();
      };
      const dying: Leaving =
        place === 'the files'
          ? { ...leaving, files: { removeAll: dies } }
          : { ...leaving, owner: { act: (work) => steady.owner.act(async (tx) => dieAfter(work(tx))) } };
      leaving = dying;
      for (let i = 0; i < 4; i++) await turn();
      expect(await leftOf(id)).toContain('customers');
      leaving = steady;
      await turn();
      expect(await leftOf(id)).toEqual([]);
    },
  );

  it('T4: two processes at once end it once', async () => {
    await remove();
    for (let i = 0; i < 6; i++) await Promise.all([turn(), turn()]);
    expect(await leftOf(id)).toEqual([]);
    expect(await room.look('select from tenant_tombstones where id = $1', [id])).toHaveLength(1);
  });

  it('T4: a delivery that comes meanwhile is either erased with it or finds no tenant', async () => {
    await remove();
    await turn();
    await turn();
    const insert = () =>
      room.look(
        `insert into inbox (tenant_id, source, dedup, raw, doctype, name, event, modified, state, correlation_id)
         values ($1, 'erpnext', $2, 'x', 'x', 'x', 'x', 'x', 'new', '-')`,
        [id, Buffer.from(randomUUID())],
      );
    const outcomes = await Promise.allSettled([insert(), turn(), insert(), insert()]);
    expect(outcomes[1]?.status).toBe('fulfilled');
    for (let i = 0; i < 3; i++) await turn();
    expect(await leftOf(id)).toEqual([]);
    await expect(insert()).rejects.toThrow();
  });

  it('T4: control: a table that the owner may not erase from is seen', async () => {
    await room.look('drop policy erase on customers');
    try {
      await remove();
      for (let i = 0; i < 4; i++) await turn();
      expect(await leftOf(id)).toContain('customers');
    } finally {
      await room.look('create policy erase on customers to hub_owner using (tenant_id = (select current_tenant()))');
    }
    await turn();
    expect(await leftOf(id)).toEqual([]);
    expect(tenantKey(id)).toMatch(/^t[0-9a-f]{8}$/);
  });
});
