import { addTenant, type TestTenant } from '#test/setup/admin-app.ts';
import type { TestBridge } from '#test/setup/bridge.ts';

const firstNames = `Budi Agus Sri Siti Dewi Andi Rina Joko Wati Eko Tono Yanti Hadi Lina Rudi Maya Dedi Nur Fitri Bayu
  Ani Hendra Ratna Iwan Tuti Arif Indah Wahyu Sari Dian Fajar Gita Heri Kiki Lukman Mega Nanda Oki Putri Zaki`.split(
  /\s+/,
);
const lastNames = `Santoso Wijaya Hidayat Saputra Lestari Kurniawan Susanto Setiawan Rahayu Nugroho Pratama Utami
  Gunawan Hartono Permana Suryani Siregar Nasution Harahap Simanjuntak Maulana Ramadhan Firmansyah Purnomo`.split(
  /\s+/,
);

const array = (names: readonly string[]): string => `array[${names.map((name) => `'${name}'`).join(',')}]`;

/** A tenant's customers, each with a line and a decision, in one statement per table. */
const statements: readonly string[] = [
  `insert into service_plans (tenant_id, name, key, down_kbps, up_kbps, price)
   select $1, 'Home ' || n, 'home-' || n, n * 10000, n * 5000, 150000 from generate_series(1, 10) n where $2 > 0`,
  `insert into customers (tenant_id, customer_code, name, phone, address, email, status, created_at)
   select $1, 'CUST' || lpad(n::text, 6, '0'),
     (${array(firstNames)})[1 + (n::bigint * 7919) % ${firstNames.length}] || ' ' || (${array(lastNames)})[1 + (n::bigint * 104729) % ${lastNames.length}],
     '08' || lpad(((n::bigint * 2654435761) % 10000000000)::text, 10, '0'), 'Jl. Melati ' || n, 'c' || n || '@contoh.id',
     case when n % 100 < 85 then 'active' when n % 100 < 93 then 'isolated' when n % 100 < 96 then 'suspended'
       when n % 100 < 98 then 'pending' else 'terminated' end,
     now() - n * interval '1 minute'
   from generate_series(1, $2::int) n`,
  `insert into subscriptions (tenant_id, customer_id, service_plan_id, billing_mode, due_day, monthly_fee, radius_db,
     username, canonical_username, password)
   select c.tenant_id, c.id, p.id, 'postpaid', 20, 150000, c.tenant_id, lower(c.customer_code), lower(c.customer_code), '-'
   from customers c join service_plans p on p.tenant_id = c.tenant_id
     and p.key = 'home-' || (1 + right(c.customer_code, 3)::int % 10)
   where c.tenant_id = $1 and $2 > 0`,
  `insert into access (tenant_id, subscription_id, state, desired, reason, evidence, hash, generation, decided_at)
   select s.tenant_id, s.id, c.status, '{}', '{"code":"nothing_due"}', '{}', '', 1, now()
   from subscriptions s join customers c on c.id = s.customer_id where s.tenant_id = $1 and $2 > 0`,
];

const triggered = ['customers', 'subscriptions', 'access'];

/**
 * Tenants with so many customers each. Past the triggers, which cost a millisecond a row: what they would write is
 * written in bulk, by the same function.
 */
export async function fillTenants(bridge: TestBridge, sizes: readonly number[]): Promise<readonly TestTenant[]> {
  const tenants: TestTenant[] = [];
  for (const table of triggered) await bridge.look(`alter table ${table} disable trigger user`);
  await bridge.look('alter table customer_terms drop constraint customer_terms_pkey');
  for (const size of sizes) {
    const tenant = await addTenant(bridge);
    for (const statement of statements) await bridge.look(statement, [tenant.id, size]);
    tenants.push(tenant);
  }
  await bridge.look(`insert into customer_terms (tenant_id, term, customer_id, field)
    select c.tenant_id, t.term, c.id, t.field from customers c, customer_terms_of(c.name, c.customer_code, c.phone, c.email) t`);
  await bridge.look(`insert into customer_tally (tenant_id, status, customers)
    select tenant_id, status, count(*) from customers group by tenant_id, status`);
  await bridge.look('alter table customer_terms add primary key (tenant_id, term, customer_id, field)');
  for (const table of triggered) await bridge.look(`alter table ${table} enable trigger user`);
  await bridge.look('vacuum analyze');
  return tenants;
}
