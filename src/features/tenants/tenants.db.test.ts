import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import type { Tx } from '#db/database.ts';
import { auditRows } from '#test/features/audit-rows.ts';
import { type BridgeRoom, createBridgeRoom } from '#test/features/bridge-room.ts';
import { type Ask, admin, asCaller, platformOwner } from '#test/features/room.ts';
import { tenantsRoutes } from './routes.ts';

let room: BridgeRoom;
let owner: Ask;
let provisioned: { tenantId: string; allowRoaming: boolean; isActive: boolean | undefined }[] = [];
let changed: string[] = [];
let breaks = false;

const provision = async (tx: Tx, tenantId: string, allowRoaming: boolean): Promise<void> => {
  if (breaks) throw new Error('the hub dies here');
  const row = await tx.selectFrom('tenants').select(['id', 'is_active']).execute();
  expect(row.map(({ id }) => id)).toEqual([tenantId]);
  provisioned.push({ tenantId, allowRoaming, isActive: row[0]?.is_active });
};

beforeAll(async () => {
  room = await createBridgeRoom(inject('postgresUrl'));
  const onChange = (id: string): void => void changed.push(id);
  const deps = { db: room.db, clock: Date.now, vault: room.vault, provision, onChange };
  owner = asCaller(tenantsRoutes(deps), platformOwner);
});
afterAll(() => room.close());
beforeEach(() => {
  provisioned = [];
  changed = [];
  breaks = false;
});

let count = 0;
const create = (over: object = {}) =>
  owner('POST', '/tenants', { name: 'Alpha Net', subdomain: `alpha-${++count}`, ...over });
const change = (id: unknown, body: object) => owner('PATCH', `/tenants/${id}`, body);

describe('tenants', () => {
  it('T1: a new one is active, has a data key that opens, and was provisioned inside itself before it was active', async () => {
    const { status, body } = await create({ subdomain: ' Alpha ' });
    expect(status).toBe(201);
    expect(body).toMatchObject({ name: 'Alpha Net', subdomain: 'alpha', is_active: true });
    expect(provisioned).toEqual([{ tenantId: body.id, allowRoaming: false, isActive: false }]);
    expect(changed).toEqual([body.id]);
    const vault = await room.vaultOf(String(body.id));
    const place = { table: 'nas', column: 'secret', row: 'x' };
    expect(vault.open(vault.seal('plain', place), place)).toBe('plain');
  });

  it('T1: a subdomain is one tenant’s: 409 with the field named', async () => {
    const { body } = await create();
    const twin = await create({ subdomain: body.subdomain });
    expect(twin).toMatchObject({ status: 409, body: { code: 'DUPLICATE_ENTRY', details: { field: 'subdomain' } } });
  });

  it.each(['', 'a b', '-a', 'a-', 'a.b', 'ä', 'x'.repeat(64), 'a_b'])(
    'T1: refuses the subdomain %j',
    async (subdomain) => {
      expect((await create({ subdomain })).status).toBe(400);
    },
  );

  it('law 7: a tenant whose provisioning failed is not active, and activating it completes it', async () => {
    breaks = true;
    const subdomain = `broken-${++count}`;
    expect((await create({ subdomain })).status).toBe(500);
    breaks = false;
    const { data } = (await owner('GET', `/tenants?search=${subdomain}`)).body;
    expect(data?.[0]).toMatchObject({ subdomain, is_active: false });
    expect((await change(data?.[0]?.id, { is_active: true })).body).toMatchObject({ is_active: true });
    expect(provisioned).toHaveLength(1);
  });

  it('T1, T4: the name and whether it is active can be changed, the subdomain never', async () => {
    const { id } = (await create()).body;
    expect((await change(id, { name: 'Beta Net', is_active: false })).body).toMatchObject({
      name: 'Beta Net',
      is_active: false,
    });
    expect((await change(id, { subdomain: 'beta' })).status).toBe(400);
    expect((await change(randomUUID(), { name: 'x' })).status).toBe(404);
    expect((await change('no-uuid', { name: 'x' })).status).toBe(400);
    expect(changed).toEqual([id, id]);
  });

  it('R7: activating again brings back the roaming that its settings say', async () => {
    const { id } = (await create()).body;
    await room.look(`update tenants set settings = '{"allow_roaming": true}' where id = $1`, [id]);
    await change(id, { is_active: false });
    await change(id, { is_active: true });
    expect(provisioned.at(-1)).toMatchObject({ allowRoaming: true });
  });

  it('P10: the pages together hold exactly the total, in order', async () => {
    for (let i = 0; i < 12; i++) await create({ name: `Paged ${String(i).padStart(2, '0')}`, subdomain: `paged-${i}` });
    const first = (await owner('GET', '/tenants?search=PAGED&page_size=5&sort=-name')).body;
    const pages = await Promise.all(
      [2, 3].map((page) => owner('GET', `/tenants?search=PAGED&page_size=5&sort=-name&page=${page}`)),
    );
    const names = [first, ...pages.map(({ body }) => body)].flatMap((page) =>
      Object.values(page.data ?? {}).map(({ name }) => name),
    );
    expect(names).toEqual(Array.from({ length: 12 }, (_, i) => `Paged ${String(11 - i).padStart(2, '0')}`));
    expect(first).toMatchObject({ total: 12, page: 1, page_size: 5 });
    expect((await owner('GET', '/tenants?page_size=101')).status).toBe(400);
    expect((await owner('GET', '/tenants?is_active=false&search=paged')).body.total).toBe(0);
  });

  it('P52: SQL in a search finds nothing and does no harm', async () => {
    const search = encodeURIComponent(`%' or 1=1; drop table tenants; --`);
    expect((await owner('GET', `/tenants?search=${search}`)).body.total).toBe(0);
    expect((await owner('GET', `/tenants?search=${encodeURIComponent('\u0000')}`)).status).toBe(400);
  });

  it('V4: creating, renaming and deactivating are each in the tenant’s own trail, once', async () => {
    const { id, subdomain } = (await create({ name: 'First' })).body;
    await change(id, { name: 'Second' });
    await change(id, { is_active: false });
    const rows = await auditRows(room.look, String(id));
    expect(rows).toMatchObject([
      { action: 'create', changes: { name: { old: null, new: 'First' }, subdomain: { old: null, new: subdomain } } },
      { action: 'update', changes: { name: { old: 'First', new: 'Second' } } },
      { action: 'update', changes: { is_active: { old: true, new: false } } },
    ]);
    for (const row of rows) {
      expect(row).toMatchObject({
        entity_type: 'tenant',
        entity_id: id,
        actor_role: 'platform_owner',
        address: '192.0.2.1',
      });
    }
  });

  it('P7: a tenant’s admin may neither see, make nor change tenants', async () => {
    const { id, subdomain } = (await create()).body;
    const routes = tenantsRoutes({
      db: room.db,
      clock: Date.now,
      vault: room.vault,
      provision,
      onChange: () => undefined,
    });
    const ask = asCaller(routes, admin(String(id)));
    for (const answer of [
      await ask('GET', '/tenants'),
      await ask('POST', '/tenants', { name: 'x', subdomain: 'x' }),
      await ask('PATCH', `/tenants/${id}`, { is_active: false }),
      await ask('GET', `/tenants/${id}`),
      await ask('DELETE', `/tenants/${id}?confirm=${subdomain}`),
    ]) {
      expect(answer).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    }
  });
});
