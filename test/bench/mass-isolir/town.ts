import { randomUUID } from 'node:crypto';
import { provisionTenant } from '#access/provision-tenant.ts';
import type { FreeradiusEnforcer } from '#connectors/freeradius/enforcer.ts';
import { encodeFact } from '#db/stored-fact.ts';
import { groupName, tenantKey } from '#domain/groups.ts';
import { instantAt } from '#domain/local-time.ts';
import { isolirGroupRows, planGroupRows } from '#domain/radius-groups.ts';
import type { UserAccess } from '#ports/enforcer/port.ts';
import { addTenant, type TestTenant } from '#test/setup/admin-app.ts';
import type { TestBridge } from '#test/setup/bridge.ts';
import { expectOk } from '../logins/installation.ts';

const zone = 'Asia/Jakarta';
const dueDate = '2026-11-20';
/** Nothing is due yet, and an hour after the cut time of everybody's bill. */
export const moments = { before: instantAt(dueDate, 12, 0, zone), after: instantAt('2026-11-21', 1, 1, zone) };
export const password = 'rahasia1';
export const router = { address: '127.0.0.3', secret: 'only-for-this-bench' };

/** A tenant whose lines all have one unpaid bill of the same due date: a customer, a line and a bill each. */
export type Town = {
  readonly tenant: TestTenant;
  readonly usernames: readonly string[];
  /** The wishes that put these users into one group or the other. */
  wishes(group: 'home' | 'isolir', generation: bigint): readonly UserAccess[];
};

const filled = ['customers', 'subscriptions', 'access'];

async function addFoundations(bridge: TestBridge, enforcer: FreeradiusEnforcer, tenantId: string): Promise<string> {
  const plan = randomUUID();
  await bridge.look(
    `insert into service_plans (id, tenant_id, name, key, down_kbps, up_kbps, price, erp_item)
     values ($1, $2, 'Home', 'home', 10000, 5000, 150000, 'FIBER')`,
    [plan, tenantId],
  );
  const key = tenantKey(tenantId);
  const home = { ...planGroupRows({ downKbps: 10_000, upKbps: 5_000 }), group: groupName(tenantId, { plan: 'home' }) };
  const isolir = { ...isolirGroupRows(), group: groupName(tenantId, 'isolir') };
  expectOk('tenant', await enforcer.applyTenant({ tenantKey: key, generation: 1n, allowRoaming: false }));
  expectOk(
    'router',
    await enforcer.applyNas({ ...router, generation: 1n, shortname: 'CKP', type: 'mikrotik', tenantKey: key }),
  );
  for (const group of [home, isolir]) expectOk('group', await enforcer.applyGroup({ ...group, generation: 1n }));
  await bridge.db.worker(tenantId, (tx) => provisionTenant(tx, tenantId, false));
  return plan;
}

const billOf = (username: string): string =>
  encodeFact({
    kind: 'invoice',
    name: `SINV-${username}`,
    customer: username,
    subscription: username,
    submitted: true,
    isReturn: false,
    returnAgainst: null,
    dueDate,
    total: 150_000n,
    outstanding: 150_000n,
    terms: [{ dueDate, amount: 150_000n }],
    items: ['FIBER'],
  });

/** One line in eight has an address of its own, which isolir takes away. */
const replyOf = (n: number): UserAccess['reply'] =>
  n % 8 === 0
    ? [{ attribute: 'Framed-IP-Address', op: ':=', value: `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}` }]
    : [];

/** Writes past the doors what registration and a reading of the ledger would have left; nothing is decided yet. */
async function addLines(bridge: TestBridge, { id, vault }: TestTenant, plan: string, usernames: readonly string[]) {
  const rows = usernames.map((username, n) => {
    const line = randomUUID();
    const sealed = vault.seal(password, { table: 'subscriptions', column: 'password', row: line });
    return { id: line, customer: randomUUID(), username, sealed, reply: replyOf(n), bill: billOf(username) };
  });
  for (const table of filled) await bridge.look(`alter table ${table} disable trigger user`);
  await bridge.look(
    `with r as (select * from jsonb_to_recordset($1::jsonb)
         as r (id uuid, customer uuid, username text, sealed text, reply jsonb, bill text)),
       people as (insert into customers (id, tenant_id, customer_code, name, phone, address, erp_customer, status)
         select customer, $2::uuid, username, username, '-', '-', username, 'active' from r),
       lines as (insert into subscriptions (id, tenant_id, customer_id, service_plan_id, billing_mode, due_day, monthly_fee,
           radius_db, username, canonical_username, password, reply, erp_subscription, installed_at, activated_at)
         select id, $2::uuid, customer, $3::uuid, 'postpaid', 20, 150000, $2::uuid::text, username, username, sealed, reply,
           username, now(), now() from r),
       standing as (insert into access (tenant_id, subscription_id, state, desired, reason, evidence, hash, generation,
           decided_at)
         select $2::uuid, id, 'active', '{}', '{"code":"nothing_due"}', '{}', '', 0, now() from r),
       bills as (insert into ledger_documents (tenant_id, doctype, name, customer, modified, fact, changed, fetched_at)
         select $2::uuid, 'Sales Invoice', 'SINV-' || username, username, '', bill::jsonb, false, now() from r),
       tally as (insert into customer_tally (tenant_id, status, customers) select $2::uuid, 'active', count(*) from r)
     insert into dirty_lines (tenant_id, subscription_id, correlation_id, cause)
     select $2::uuid, id, 'registration', 'registered' from r`,
    [JSON.stringify(rows), id, plan],
  );
  for (const table of filled) await bridge.look(`alter table ${table} enable trigger user`);
  await bridge.look(`insert into ledger_readings (tenant_id, customer, started_at) values ($1, '', to_timestamp(0))`, [
    id,
  ]);
}

/** Fills bridge and RADIUS; the safety brake is raised by the tenant's setting. */
export async function buildTown(bridge: TestBridge, enforcer: FreeradiusEnforcer, count: number): Promise<Town> {
  const tenant = await addTenant(bridge, { time_zone: zone, brake_minimum: 1_000_000 });
  const usernames = Array.from({ length: count }, (_, n) => `ckp${String(n).padStart(5, '0')}`);
  const groups = { home: groupName(tenant.id, { plan: 'home' }), isolir: groupName(tenant.id, 'isolir') };
  await addLines(bridge, tenant, await addFoundations(bridge, enforcer, tenant.id), usernames);
  await bridge.look('analyze');
  return {
    tenant,
    usernames,
    wishes: (group, generation) =>
      usernames.map((username, n) => ({
        username,
        generation,
        group: groups[group],
        password,
        mac: null,
        reply: group === 'home' ? replyOf(n) : [],
      })),
  };
}
