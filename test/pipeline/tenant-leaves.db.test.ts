import { sql } from 'kysely';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { tenantKey } from '#domain/groups.ts';
import { tablesOfTenants } from '#test/model/tenancy-findings.ts';
import { eventually } from './eventually.ts';
import { logIn } from './http-client.ts';
import { type Office, type RunningHub, startRunningHub } from './running-hub.ts';

let hub: RunningHub;
let leaving: Office;
let staying: Office;

beforeAll(async () => {
  const postgresUrl = inject('postgresUrl');
  hub = await startRunningHub({ postgresUrl, flavor: 'postgres', radiusServerUrl: postgresUrl });
  leaving = await hub.addOffice('alpha');
  staying = await hub.addOffice('beta');
  // The hub makes the tables when it first writes to them.
  await eventually(
    () => hub.radius.rows(sql`select to_regclass('radusergroup')::text as made`),
    ([row]) => typeof row?.made === 'string',
  );
});
afterAll(() => hub.close());

/** A subscriber whose rows have arrived in RADIUS; both offices give theirs the same names. */
async function subscriber({ admin }: Office, username: string): Promise<void> {
  const plan = { name: 'Home 10', speed_download: 10, speed_upload: 5, price: 150_000 };
  const { id } = await admin.post<{ id: string }>('service-plans', plan);
  const budi = { name: 'Budi', phone: '081234567890', address: 'Jl. Melati 5', service_plan_id: id, username };
  await admin.post('customers', budi);
  await eventually(
    () => radiusRows('radusergroup', 'username', username),
    (rows) => rows > 0,
  );
}

async function radiusRows(table: string, column: string, like: string): Promise<number> {
  const rows = await hub.radius.rows(
    sql`select ${sql.ref(column)} from ${sql.table(table)} where ${sql.ref(column)} like ${like}`,
  );
  return rows.length;
}

it('T4, V4: a running hub deletes a tenant whole, tells where it is, and keeps its neighbour and the trail', async () => {
  await subscriber(leaving, 'alpha001');
  await subscriber(staying, 'beta001');
  const { tenantId, subdomain } = leaving;
  const path = `tenants/${tenantId}`;

  const refused = await hub.platform.call('DELETE', `${path}?confirm=${staying.subdomain}`);
  expect(refused.status).toBe(400);
  const asked = await hub.platform.call<{ state: string }>('DELETE', `${path}?confirm=${subdomain}`);
  expect(asked).toMatchObject({ status: 202, body: { state: 'deleting' } });
  const login = logIn(hub.url, { email: 'admin@isp.example', password: 'correct horse', subdomain });
  await expect(login).rejects.toThrow('login: 4');

  await eventually(
    () => hub.platform.call('GET', path),
    ({ status }) => status === 404,
  );
  expect((await hub.platform.call('DELETE', `${path}?confirm=${subdomain}`)).status).toBe(204);
  for (const table of await tablesOfTenants(hub.look)) {
    expect(await hub.look(`select from ${table} where tenant_id = $1`, [tenantId]), table).toEqual([]);
  }
  expect(await radiusRows('radusergroup', 'username', 'alpha001')).toBe(0);
  expect(await radiusRows('radcheck', 'username', 'alpha001')).toBe(0);
  expect(await radiusRows('radgroupreply', 'groupname', `${tenantKey(tenantId)}:%`)).toBe(0);

  expect(await radiusRows('radusergroup', 'username', 'beta001')).toBe(1);
  expect((await staying.admin.get<{ total: number }>('customers')).total).toBe(1);
  const { data } = await hub.platform.get<{ data: { action: string; entity_id: string }[] }>(
    `audit-logs?entity_type=tenant&entity_id=${tenantId}`,
  );
  expect(data).toMatchObject([{ action: 'delete', entity_id: tenantId, linked: true, tenant_id: null }]);
});
