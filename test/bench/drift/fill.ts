import { randomUUID } from 'node:crypto';
import { provisionTenant } from '#access/provision-tenant.ts';
import { groupName } from '#domain/groups.ts';
import { isolirGroupRows, planGroupRows } from '#domain/radius-groups.ts';
import type { Enforcer, UserAccess } from '#ports/enforcer/port.ts';
import { addTenant, type TestTenant } from '#test/setup/admin-app.ts';
import type { TestBridge } from '#test/setup/bridge.ts';

const batch = 5_000;
const triggered = ['customers', 'subscriptions', 'access'];

async function addOffice(bridge: TestBridge, tenantId: string): Promise<{ customer: string; plan: string }> {
  const [customer, plan] = [randomUUID(), randomUUID()];
  await bridge.look(
    `insert into service_plans (id, tenant_id, name, key, down_kbps, up_kbps, price)
     values ($1, $2, 'Home', 'home', 10000, 5000, 150000)`,
    [plan, tenantId],
  );
  await bridge.look(
    `insert into customers (id, tenant_id, customer_code, name, phone, address) values ($1, $2, 'C1', 'Budi', '-', '-')`,
    [customer, tenantId],
  );
  return { customer, plan };
}

async function addGroups(bridge: TestBridge, enforcer: Enforcer, tenantId: string): Promise<void> {
  const rows = planGroupRows({ downKbps: 10_000, upKbps: 5_000 });
  await enforcer.applyGroup({ group: groupName(tenantId, { plan: 'home' }), generation: 1n, ...rows });
  await enforcer.applyGroup({ group: groupName(tenantId, 'isolir'), generation: 1n, ...isolirGroupRows() });
  await bridge.db.worker(tenantId, (tx) => provisionTenant(tx, tenantId, false));
}

/** One line in eight is isolated; each has a modem's lock, and a served one an address of its own. */
function userOf(tenantId: string, n: number): UserAccess {
  const isolated = n % 8 === 0;
  const address = `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`;
  return {
    username: `${tenantId.slice(0, 4)}-${n}`,
    generation: 1n,
    group: groupName(tenantId, isolated ? 'isolir' : { plan: 'home' }),
    password: 'rahasia1',
    mac: 'AA:BB:CC:DD:EE:FF',
    reply: isolated ? [] : [{ attribute: 'Framed-IP-Address', op: ':=', value: address }],
  };
}

/** A tenant with so many lines, in the bridge and in RADIUS alike. */
export async function fillLines(bridge: TestBridge, enforcer: Enforcer, count: number): Promise<TestTenant> {
  const tenant = await addTenant(bridge);
  const { customer, plan } = await addOffice(bridge, tenant.id);
  await addGroups(bridge, enforcer, tenant.id);
  for (const table of triggered) await bridge.look(`alter table ${table} disable trigger user`);
  for (let start = 0; start < count; start += batch) {
    const users = Array.from({ length: Math.min(batch, count - start) }, (_, i) => userOf(tenant.id, start + i));
    const written = await enforcer.applyUsers(users);
    if (!written.ok) throw new Error(written.error.detail);
    const rows = users.map(({ username, group, mac, reply }) => {
      const id = randomUUID();
      const password = tenant.vault.seal('rahasia1', { table: 'subscriptions', column: 'password', row: id });
      return { id, username, password, desired: { state: 'active', group, mac, reply } };
    });
    await bridge.look(
      `with r as (select * from jsonb_to_recordset($1::jsonb) as r (id uuid, username text, password text, desired jsonb)),
       lines as (insert into subscriptions (id, tenant_id, customer_id, service_plan_id, billing_mode, due_day, monthly_fee,
         radius_db, username, canonical_username, password)
         select id, $2::uuid, $3::uuid, $4::uuid, 'postpaid', 20, 150000, $2::uuid::text, username, username, password from r)
       insert into access (tenant_id, subscription_id, state, desired, reason, evidence, hash, generation, decided_at,
         applied_generation, applied_at)
       select $2::uuid, id, 'active', desired, '{"code":"nothing_due"}', '{}', 'x', 1, now(), 1, now() from r`,
      [JSON.stringify(rows), tenant.id, customer, plan],
    );
  }
  for (const table of triggered) await bridge.look(`alter table ${table} enable trigger user`);
  await bridge.look('analyze');
  return tenant;
}
