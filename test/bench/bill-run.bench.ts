/**
 * The bill run of a tenant with 10^3, 10^4 and 10^5 lines (goal: at most 8 × one bulk INSERT of as many rows, growth with an
 * exponent of at most 1.1): all of them postpaid, billed for one month. A bill is five rows: posting, two entries, bill and
 * line. Two floors, on the same database in the same run: one INSERT … SELECT of as many bills, and four of all the rows;
 * both with the tables' own indexes, constraints and triggers.
 */
import { join } from 'node:path';
import { runBills } from '#features/billing/bill-run.ts';
import { startPostgres } from '#sandbox/services/postgres.ts';
import { addTenant } from '#test/setup/admin-app.ts';
import { createTestBridge, type TestBridge } from '#test/setup/bridge.ts';
import { exponentOf, printFigure, remark } from './figures.ts';
import { withThrowAway } from './throw-away.ts';

const sizes = [1_000, 10_000, 100_000];
const exponentGoal = 1.1;
const triggered = ['customers', 'subscriptions'];

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1_000;
};

/** A tenant with as many customers, each with one line that is served since February. */
async function fill({ look, ...bridge }: TestBridge, count: number): Promise<string> {
  const { id } = await addTenant({ look, ...bridge });
  for (const table of triggered) await look(`alter table ${table} disable trigger user`);
  await look(
    `insert into service_plans (tenant_id, name, key, down_kbps, up_kbps, price)
     values ($1, 'Home 10', 'home', 10000, 5000, 150000)`,
    [id],
  );
  await look(
    `insert into customers (tenant_id, customer_code, name, phone, address)
     select $1, 'C' || n, 'Budi', '-', '-' from generate_series(1, $2::int) n`,
    [id, count],
  );
  await look(
    `insert into subscriptions (tenant_id, customer_id, service_plan_id, billing_mode, due_day, monthly_fee, radius_db,
       username, canonical_username, password, installed_at, activated_at)
     select $1, c.id, p.id, 'postpaid', 20, 150000, $1::uuid::text, lower(c.customer_code), lower(c.customer_code), '-', '2025-01-31T18:00Z',
       '2025-01-31T18:00Z' from customers c, service_plans p where c.tenant_id = $1 and p.tenant_id = $1`,
    [id],
  );
  for (const table of triggered) await look(`alter table ${table} enable trigger user`);
  await look('analyze');
  return id;
}

/** Bills of a year that nobody else bills. */
const bills = (
  year: number,
): string => `insert into invoices (tenant_id, year, serial, number, customer_id, subscription_id, reason, period_from,
    period_to, issued_on, due_date, net, total, posting_id)
  select $1, ${year}, row_number() over (), 'F-${year}-' || row_number() over (), s.customer_id, s.id, 'period',
    '${year}-01-01', '${year}-01-31', '${year}-02-01', '${year}-02-20', 150000, 150000, p.id
  from subscriptions s, lateral (select id from postings where tenant_id = s.tenant_id and idem_key = `;

/** One INSERT of as many bills, all of one posting. */
async function insertBills({ look }: TestBridge, id: string): Promise<number> {
  await look(`insert into postings (tenant_id, kind, idem_key, posted_on) values ($1, 'floor', 'f', '2024-02-01')`, [
    id,
  ]);
  return timed(() => look(`${bills(2023)}'f') p where s.tenant_id = $1`, [id]));
}

/** As many rows in each table as the run writes. */
async function insertAll({ look }: TestBridge, id: string): Promise<number> {
  return timed(async () => {
    await look(
      `insert into postings (tenant_id, kind, idem_key, posted_on, source_id)
       select $1, 'floor', s.id::text, '2024-02-01', s.id from subscriptions s where s.tenant_id = $1`,
      [id],
    );
    await look(
      `insert into entries (tenant_id, posting_id, no, account, customer_id, amount)
       select $1, p.id, e.no, 'revenue', case e.no when 1 then s.customer_id end, 150000 * e.sign
       from postings p join subscriptions s on s.tenant_id = p.tenant_id and s.id = p.source_id
       cross join (values (1, 1), (2, -1)) e (no, sign) where p.tenant_id = $1 and p.kind = 'floor'`,
      [id],
    );
    await look(`${bills(2024)}s.id::text) p where s.tenant_id = $1`, [id]);
    await look(
      `insert into invoice_lines (tenant_id, invoice_id, no, description, unit_price, net)
       select $1, id, 1, 'Home 10, 2024-01-01 – 2024-01-31', 150000, 150000 from invoices
       where tenant_id = $1 and year = 2024`,
      [id],
    );
  });
}

await withThrowAway(async ({ folder, keep }) => {
  const postgres = keep(await startPostgres({ dir: join(folder, 'pg'), durable: true }), (it) => it.stop());
  const bridge = keep(await createTestBridge(postgres.url, 5), (it) => it.close());
  const points: [number, number][] = [];
  for (const size of sizes) {
    const tenantId = await fill(bridge, size);
    const run = { tenantId, correlationId: 'bench', zone: 'Asia/Jakarta', now: Date.parse('2025-02-28T17:01:00Z') };
    let made = 0;
    const seconds = await timed(async () => {
      made = await runBills(bridge.db, run);
    });
    if (made !== size) throw new Error(`${made} bills were made for ${size} lines`);
    const floor = await insertBills(bridge, tenantId);
    const all = await insertAll(bridge, tenantId);
    printFigure({ name: `bill-run-${size}`, value: seconds, unit: 's', floor });
    printFigure({ name: `bill-run-all-rows-${size}`, value: seconds, unit: 's', floor: all });
    points.push([size, seconds]);
  }
  printFigure({ name: 'bill-run-exponent', value: exponentOf(points), unit: '', floor: exponentGoal });
  remark('The floor of the exponent is the goal: a ratio of at most 1 reaches it.');
});
