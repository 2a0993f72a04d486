/**
 * Payments per second out of resellers' deposits (goal: at least 0.4 × a bare conditional UPDATE in a transaction of its own,
 * in the same run and on the same database): out of one reseller's, which is one hot row, and out of those of 100. A *debit*
 * is what every purchase from a deposit is: posting, entries, the conditional UPDATE and the move, with all that holds them
 * against each other. A *payment* is a debit and all that it is made for: the bill, its settlement, the books, the audit
 * entry, and the decision about the customer's line.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { sql } from 'kysely';
import { creditBooked, spendBooked } from '#journeys/move-deposit.ts';
import { createPayFromDeposit } from '#journeys/pay-from-deposit.ts';
import { underReseller } from '#platform/reseller-scope.ts';
import { startPostgres } from '#sandbox/services/postgres.ts';
import { addTenant } from '#test/setup/admin-app.ts';
import { createTestBridge, type TestBridge } from '#test/setup/bridge.ts';
import { printFigure, remark } from './figures.ts';
import { withThrowAway } from './throw-away.ts';

const atOnce = 10;
const measuredMs = 4_000;
const shops = 100;
const perShop = 4;
const now = Date.parse('2025-02-10T03:00:00Z');
const triggered = ['customers', 'subscriptions'];

type Shop = { readonly id: string; readonly customers: readonly string[] };

/** A tenant with 100 resellers, each with a full deposit and a few customers; the first one has 400. */
async function fill(bridge: TestBridge): Promise<{ readonly tenantId: string; readonly all: readonly Shop[] }> {
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
    `insert into customers (tenant_id, customer_code, name, phone, address, reseller_id)
     select $1, r.name || ' ' || n, 'Budi', '-', '-', r.id from resellers r,
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

/** How many a second ten workers do. */
async function rate(work: (n: number) => Promise<unknown>): Promise<number> {
  let done = 0;
  const run = async (until: number): Promise<void> => {
    while (performance.now() < until) {
      done += 1;
      await work(done);
    }
  };
  const during = (ms: number) => {
    const until = performance.now() + ms;
    return Promise.all(Array.from({ length: atOnce }, () => run(until)));
  };
  await during(1_000);
  done = 0;
  const start = performance.now();
  await during(measuredMs);
  return done / ((performance.now() - start) / 1_000);
}

await withThrowAway(async ({ folder, keep }) => {
  const postgres = keep(await startPostgres({ dir: join(folder, 'pg'), durable: true }), (it) => it.stop());
  const bridge = keep(await createTestBridge(postgres.url, atOnce), (it) => it.close());
  const { db } = bridge;
  const { tenantId, all } = await fill(bridge);
  const pay = createPayFromDeposit({ db, clock: () => now });
  const bare = ({ id }: Shop) =>
    db.tenant(tenantId, (tx) =>
      sql`update bare_deposits set balance = balance - 1 where reseller_id = ${id} and balance >= 1`.execute(tx),
    );
  const debit = ({ id: resellerId }: Shop) =>
    db.tenant(tenantId, (tx) => {
      const id = randomUUID();
      const deed = { resellerId, amount: 1n, kind: 'vouchers' as const, sourceId: id, idemKey: id, memo: '' };
      const mover = { tenantId, correlationId: id, by: null, now };
      return spendBooked(tx, mover, { ...deed, other: [{ account: 'unearned', resellerId, amount: -1n }] });
    });
  const payment = ({ id, customers }: Shop, n: number) => {
    const who = { tenantId, caller: { userId: id, tenantId, role: 'reseller' }, correlationId: 'bench', address: '-' };
    const form = { customer_id: customers[n % customers.length] ?? '', amount: 1 };
    return underReseller(id, () => pay(who, form, randomUUID()));
  };
  for (const [name, some] of [
    ['one', all.slice(0, 1)],
    ['100', all],
  ] as const) {
    const shop = (n: number): Shop => some[n % some.length] as Shop;
    const floor = await rate((n) => bare(shop(n)));
    const debits = await rate((n) => debit(shop(n)));
    printFigure({ name: `deposit-debits-${name}`, value: debits, unit: '/s', floor });
    const payments = await rate((n) => payment(shop(n), Math.floor(n / some.length)));
    printFigure({ name: `deposit-payments-${name}`, value: payments, unit: '/s', floor });
  }
  remark('Floor: a bare conditional UPDATE in a transaction of its own, by the same ten workers.');
});
