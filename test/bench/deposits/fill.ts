import { creditBooked } from '#journeys/move-deposit.ts';
import { addTenant } from '#test/setup/admin-app.ts';
import type { TestBridge } from '#test/setup/bridge.ts';

const shops = 100;
const perShop = 4;
/** When the benchmark takes place, ms since 1970. */
export const now = Date.parse('2025-02-10T03:00:00Z');
const triggered = ['customers', 'subscriptions'];

export type Shop = { readonly id: string; readonly customers: readonly string[] };

/** A tenant with 100 resellers, each with a full deposit and a few customers; the first one has 400. */
export async function fill(bridge: TestBridge): Promise<{ readonly tenantId: string; readonly all: readonly Shop[] }> {
  const { look, db } = bridge;
  const { id: tenantId } = await addTenant(bridge);
  for (const table of triggered) await look(`alter table ${table} disable trigger user`);
  await look(
    `insert into service_plans (tenant_id, name, key, down_kbps, up_kbps, price) values ($1, 'Home 10', 'home', 10000, 5000, 1)`,
    [tenantId],
  );
  await look(`insert into resellers (tenant_id, name) select $1, 'Toko ' || n from generate_series(1, $2::int) n`, [
    ...[tenantId, shops],
  ]);
  await look(
    `insert into customers (tenant_id, customer_code, name, phone, address, reseller_id, reseller_since)
     select $1, r.name || ' ' || n, 'Budi', '-', '-', r.id, now() from resellers r,
       generate_series(1, case r.name when 'Toko 1' then $2::int * 100 else $2::int end) n where r.tenant_id = $1`,
    [tenantId, perShop],
  );
  await look(
    `insert into subscriptions (tenant_id, customer_id, service_plan_id, billing_mode, due_day, monthly_fee, radius_db, username,
       canonical_username, password, installed_at, activated_at)
     select $1, c.id, p.id, 'postpaid', 20, 1, $1::uuid::text, c.id::text, replace(c.id::text, '-', '')::varchar(32), '-', now(),
       now() from customers c, service_plans p where c.tenant_id = $1 and p.tenant_id = $1`,
    [tenantId],
  );
  for (const table of triggered) await look(`alter table ${table} enable trigger user`);
  await look(
    `with p as (insert into postings (tenant_id, kind, idem_key, posted_on) values ($1, 'invoice', 'all', '2025-02-01') returning id)
     insert into invoices (tenant_id, year, serial, number, customer_id, subscription_id, reason, issued_on, due_date, net, total,
       posting_id)
     select $1, 2025, row_number() over (), 'INV-' || row_number() over (), s.customer_id, s.id, 'manual', '2025-02-01',
       '2025-02-20', 1000000000, 1000000000, p.id from subscriptions s, p where s.tenant_id = $1`,
    [tenantId],
  );
  const rows = await look<Shop>(
    `select r.id, (select array_agg(c.id::text) from customers c where c.reseller_id = r.id) as customers
     from resellers r where r.tenant_id = $1 order by length(r.name), r.name`,
    [tenantId],
  );
  const amount = 1_000_000_000n;
  for (const { id } of rows) {
    const deed = {
      resellerId: id,
      amount,
      sourceId: id,
      idemKey: id,
      memo: '',
      other: [{ account: 'cash' as const, amount }],
    };
    const mover = { tenantId, correlationId: 'bench', by: null, now };
    await db.tenant(tenantId, (tx) => creditBooked(tx, mover, { ...deed, kind: 'top_up' }));
  }
  await look(
    'create table bare_deposits (reseller_id uuid primary key, balance bigint not null) with (fillfactor = 50)',
  );
  await look('insert into bare_deposits select reseller_id, balance from deposits');
  await look('grant select, update on bare_deposits to hub_app');
  await look('analyze');
  return { tenantId, all: rows };
}
