import { randomUUID } from 'node:crypto';
import { escapeLiteral } from 'pg';
import { journalRows } from './journal-rows.ts';
import { resellerDeskRows } from './reseller-desk-rows.ts';

type Row = Readonly<Record<string, unknown>>;
type Run = (sql: string) => Promise<unknown>;

let count = 0;

/** Whose customers' rows they are: the tenant's own, or those of a reseller that comes with them. */
type Seller = 'tenant' | 'reseller';

/** A row for every table of a tenant, in an order that its foreign keys allow. */
function rowsFor(tenantId: string, seller: Seller): readonly (readonly [table: string, row: Row])[] {
  count += 1;
  const n = count;
  const [user, plan, customer, nas, line, endpoint, announcement, hold, run, posting, invoice, payment, batch] =
    Array.from({ length: 13 }, () => randomUUID());
  const [charge, statement] = [randomUUID(), randomUUID()];
  const [order, incentive, consumable] = [randomUUID(), randomUUID(), randomUUID()];
  const [asset, scan, reseller] = [randomUUID(), randomUUID(), randomUUID()];
  const at = new Date('2026-11-20T00:00:00Z');
  const tenant = { tenant_id: tenantId };
  const sold = { reseller_id: seller === 'reseller' ? reseller : null };
  const ofLine = { ...tenant, subscription_id: line };
  const ofCustomer = { ...tenant, customer_id: customer };
  const bill = {
    year: 2026,
    serial: n,
    number: `INV-${n}`,
    reason: 'manual',
    issued_on: '2026-11-20',
    due_date: '2026-11-20',
    net: 1,
    total: 1,
    posting_id: posting,
  };
  const document = { ...tenant, doctype: 'Sales Invoice', name: `INV-${n}` };
  return [
    ['counters', { ...tenant, name: `customer ${n}`, value: n }],
    ['resellers', { ...tenant, id: reseller, name: `R${n}` }],
    [
      'users',
      {
        ...{ ...tenant, id: user, email: `u${n}@x.id`, name: 'Sari', password_hash: '-' },
        ...{ ...sold, role: seller === 'reseller' ? 'reseller' : 'admin' },
      },
    ],
    [
      'refresh_tokens',
      { ...tenant, user_id: user, family_id: randomUUID(), token_hash: Buffer.from(`token ${n}`), expires_at: at },
    ],
    ['password_resets', { ...tenant, user_id: user, token_hash: Buffer.from(`reset ${n}`), expires_at: at }],
    ['recovery_codes', { ...tenant, user_id: user, code_hash: Buffer.from(`code ${n}`) }],
    [
      'api_keys',
      {
        ...tenant,
        ...sold,
        name: `K${n}`,
        hint: '-',
        key_hash: Buffer.from(`key ${n}`),
        scopes: '[]',
        created_by: user,
      },
    ],
    ['connections', { ...tenant, system: ['erpnext', 'freeradius', 'inventree'][n % 3], settings: '{}', secrets: '-' }],
    [
      'nas',
      { ...tenant, id: nas, radius_db: tenantId, name: `N${n}`, address: `10.0.${n >> 8}.${n & 255}`, secret: '-' },
    ],
    ['service_plans', { ...tenant, id: plan, name: `P${n}`, key: `p${n}`, down_kbps: 1, up_kbps: 1, price: 1 }],
    [
      'deposit_top_ups',
      {
        ...{ ...tenant, kind: 'top_up', reseller_id: reseller, amount: 1, method: 'cash', idem_key: `${n}` },
        ...{ requested_at: at, expires_at: at },
      },
    ],
    ['reseller_plans', { ...tenant, reseller_id: reseller, service_plan_id: plan }],
    [
      'customers',
      {
        ...{ ...tenant, ...sold, id: customer, customer_code: `C${n}`, name: 'Budi', phone: '-', address: '-' },
        erp_customer: `CUST-${n}`,
      },
    ],
    ...resellerDeskRows({ tenantId, reseller, customer, user, request: randomUUID() }, n),
    ['customer_positions', { ...tenant, customer_id: customer, latitude: -6, longitude: 107, recorded_by: user }],
    ['coverage_areas', { ...tenant, name: `A${n}`, geometry: '{}', radius_m: 1 }],
    [
      'commission_rules',
      { ...tenant, occasion: 'every', kind: 'fixed', value: 1, valid_from: '2026-11-20', created_by: user },
    ],
    ['leads', { ...tenant, ...sold, name: 'Budi', address: '-', phone: '-' }],
    [
      'subscriptions',
      {
        ...tenant,
        id: line,
        customer_id: customer,
        service_plan_id: plan,
        router_id: nas,
        billing_mode: 'postpaid',
        due_day: 20,
        monthly_fee: 1,
        radius_db: tenantId,
        username: `user${n}`,
        canonical_username: `user${n}`,
        password: '-',
      },
    ],
    [
      'incentives',
      {
        ...{ ...tenant, id: incentive, month: '2026-11', technician_id: user, installs: 1, rate: 1, amount: 1 },
        ...{ state: 'kept', counted_by: user, counted_at: at },
      },
    ],
    [
      'work_orders',
      {
        ...{ ...ofCustomer, id: order, subscription_id: line, number: `SPK-${n}`, kind: 'repair', state: 'issued' },
        ...{ source: 'office', issued_at: at, technician_id: user },
      },
    ],
    ['work_order_events', { ...tenant, order_id: order, at, to_state: 'issued', by_whom: 'office' }],
    [
      'work_order_photos',
      {
        ...{ ...tenant, order_id: order, digest: Buffer.from(`${n}`), type: 'image/png', bytes: 1, file: '-' },
        uploaded_by: user,
      },
    ],
    [
      'attendance',
      {
        ...{ ...tenant, user_id: user, client_ref: `${n}`, kind: 'in', at, latitude: -6, longitude: 107 },
        is_outside: false,
      },
    ],
    [
      'consumables',
      { ...tenant, id: consumable, name: `Kabel ${n}`, kind: 'cable', unit: 'm', place: 'Gudang', quantity: 1 },
    ],
    ['consumable_moves', { ...tenant, consumable_id: consumable, kind: 'in', quantity: 1, after: 1, moved_by: user }],
    ['assets', { ...tenant, id: asset, tracker: 'builtin', tracker_ref: asset, part: 'ONT', state: 'in_stock' }],
    ['tracker_places', { ...tenant, tracker: 'builtin', kind: 'bag', owner_id: user, ref: `bag:${user}` }],
    [
      'asset_operations',
      { ...tenant, asset_id: asset, kind: 'mark', happened_at: at, requested_by: user, correlation_id: '-' },
    ],
    ['asset_moves', { ...tenant, asset_id: asset, happened_at: at, kind: 'goods_in', to_state: 'in_stock' }],
    ['asset_feeds', { ...tenant }],
    ['asset_hints', { ...tenant, ref: `${n}` }],
    ['goods_in_turns', { ...tenant, holder: user, busy_until: at }],
    [
      'scans',
      {
        ...{ ...tenant, id: scan, client_ref: `${n}`, digest: Buffer.from(`${n}`), kind: 'install', code: '-' },
        ...{ scanned_at: at, scanned_by: user, state: 'done', correlation_id: '-' },
      },
    ],
    ['scan_steps', { ...tenant, scan_id: scan, no: 1, name: 'asset', state: 'done' }],
    ['bridge_links', { ...ofLine, kind: 'mac', value: `mac ${n}`, source: 'scan' }],
    [
      'ledger_invoices',
      {
        ...{ ...ofCustomer, subscription_id: line, ref: `first:${n}`, kind: 'invoice', lines: '[]' },
        ...{ issued_on: '2026-11-20', due_date: '2026-11-20' },
      },
    ],
    ['ledger_documents', { ...document, customer: `CUST-${n}`, modified: '', changed: true, fetched_at: at }],
    ['ledger_readings', { ...tenant, customer: `CUST-${n}`, started_at: at }],
    ['ledger_cursors', { ...tenant, doctype: `Doctype ${n}`, cursor: '-', asked_at: at }],
    ['ledger_outages', { ...tenant, since: at, told_at: at, detail: '-' }],
    ['verified_lines', { ...ofLine, generation: n, digest: '-', verified_at: at }],
    [
      'access',
      {
        ...ofLine,
        state: 'active',
        desired: '{}',
        reason: '{}',
        evidence: '{}',
        hash: '-',
        generation: n,
        decided_at: at,
      },
    ],
    [
      'inbox',
      {
        ...document,
        source: 'erpnext',
        dedup: Buffer.from(`${n}`),
        raw: Buffer.from('{}'),
        event: 'on_update',
        modified: '',
        state: 'done',
        correlation_id: '-',
      },
    ],
    ['dirty_documents', { ...document, correlation_id: '-' }],
    ['dirty_lines', { ...ofLine, correlation_id: '-', cause: 'test' }],
    ['wakes', { ...ofLine, at }],
    ['described_lines', { ...ofLine, customer_id: customer, customer_at: at, radius_db: '-' }],
    ['usage_days', { ...ofLine, day: '2026-11-20', input_octets: n, output_octets: n }],
    ['usage_sessions', { ...ofLine, row_id: n, told_at: at, input_octets: n, output_octets: n, read_at: at }],
    ['usage_reads', { ...tenant, read_at: at }],
    ['router_hearings', { ...tenant, address: `10.1.${n >> 8}.${n & 255}`, heard_at: at, unbroken_since: at }],
    ['cuts', { ...ofLine, at }],
    ['cut_forecasts', { ...tenant, hour: new Date(at.getTime() + n * 3_600_000), lines: 1, fixed_at: at }],
    ['holds', { ...tenant, id: hold, since: at, evidence: '{}' }],
    ['held_lines', { ...ofLine, hold_id: hold, since: at }],
    ['kill_switches', { ...tenant, is_on: true, reason: '-', changed_by: user, changed_at: at }],
    ['promises', { ...ofLine, customer_id: customer, until: '2026-11-25', recorded_by: user, recorded_at: at }],
    ['cut_notices', { ...ofLine, invoice: `INV-${n}`, amount: 1, due_date: '2026-11-20', at }],
    ['source_sizes', { ...tenant, source: 'subscriptions', rows: 1, read_at: at, expected: 1, expected_at: at }],
    [
      'postings',
      { ...tenant, id: posting, kind: 'invoice', idem_key: `${n}`, posted_on: '2026-11-20', source_id: invoice },
    ],
    ['invoices', { ...ofCustomer, ...bill, id: invoice }],
    [
      'dunning_steps',
      {
        ...tenant,
        ledger: 'builtin',
        invoice: `INV-${n}`,
        step: 'message:due:0',
        outcome: 'sent',
        fee_id: invoice,
        at,
      },
    ],
    ['invoice_lines', { ...tenant, invoice_id: invoice, no: n, description: '-', unit_price: 1, net: 1 }],
    [
      'payments',
      {
        ...ofCustomer,
        id: payment,
        amount: 1,
        method: 'cash',
        status: 'pending',
        due_date: '2026-11-20',
        idem_key: `${n}`,
      },
    ],
    [
      'finance_records',
      {
        ...tenant,
        kind: 'expense',
        category: '-',
        amount: 1,
        account: 'cash',
        happened_on: '2026-11-20',
        posting_id: posting,
        recorded_by: user,
      },
    ],
    [
      'commission_sources',
      { ...tenant, kind: 'payment', source: `${n}`, reseller_id: reseller, customer_id: customer },
    ],
    [
      'commission_payouts',
      { ...tenant, reseller_id: reseller, until: '2026-11-20', amount: 1, state: 'draft', made_by: user, made_at: at },
    ],
    [
      'commissions',
      {
        ...{ ...tenant, kind: 'payment', source: `${n}`, no: 1, reseller_id: reseller, earned_on: '2026-11-20' },
        ...{ customer_id: customer, base: 1, amount: 1, posting_id: posting },
      },
    ],
    ['allocations', { ...tenant, invoice_id: invoice, payment_id: payment, amount: 1 }],
    [
      'refunds',
      { ...tenant, payment_id: payment, amount: 1, method: 'cash', reason: '-', idem_key: `${n}`, posting_id: posting },
    ],
    ['voucher_batches', { ...tenant, id: batch, days: 30, price: 1, count: 1, created_by: user }],
    [
      'voucher_sales',
      { ...tenant, reseller_id: reseller, batch_id: batch, count: 1, unit_price: 1, idem_key: `${n}`, sold_by: user },
    ],
    [
      'vouchers',
      { ...tenant, id: randomUUID(), batch_id: batch, no: n, code_hash: Buffer.from(`${n}`), code_sealed: '-' },
    ],
    [
      'charges',
      {
        ...ofCustomer,
        id: charge,
        gateway: 'midtrans',
        invoice_id: invoice,
        amount: 1,
        method: 'qris',
        expires_at: at,
        payment_id: payment,
      },
    ],
    ['charge_looks', { ...tenant, charge_id: charge, correlation_id: '-' }],
    [
      'gateway_events',
      {
        ...tenant,
        gateway: 'midtrans',
        dedup: `${n}`,
        order_id: charge,
        raw: Buffer.from('{}'),
        is_ours: true,
        correlation_id: '-',
      },
    ],
    [
      'bank_statements',
      { ...tenant, id: statement, name: 'BCA', digest: Buffer.from(`${n}`), lines: 1, uploaded_by: user },
    ],
    [
      'bank_lines',
      {
        ...tenant,
        statement_id: statement,
        no: 1,
        booked_on: '2026-11-20',
        description: '-',
        amount: 1,
        direction: 'credit',
        line_key: Buffer.from(`${n}`),
      },
    ],
    ...journalRows({ tenant, ofLine, ofCustomer, endpoint, announcement, user, customer, run, n, at }),
  ];
}

/** Entries of a posting come in one statement and sum to zero. */
const bothSides = (tenantId: string): string => `
  insert into entries (tenant_id, posting_id, no, account, amount)
  select tenant_id, id, no, 'cash', 3 - 2 * no from postings, generate_series(1, 2) no where tenant_id = ${literal(tenantId)}
  on conflict do nothing`;

/** A deposit, its move and the books are one statement: none of them stands without the others. */
const deposited = (tenantId: string): string => `
  with of as (
    select r.tenant_id, r.id as reseller_id, gen_random_uuid() as posting_id from resellers r
    where r.tenant_id = ${literal(tenantId)} and not exists (select from deposits d where d.tenant_id = r.tenant_id and d.reseller_id = r.id)
  ), posted as (
    insert into postings (tenant_id, id, kind, idem_key, posted_on)
    select tenant_id, posting_id, 'top_up', posting_id::text, '2026-11-20' from of
  ), entered as (
    insert into entries (tenant_id, posting_id, no, account, reseller_id, amount)
    select tenant_id, posting_id, no, case no when 1 then 'cash' else 'deposits' end,
      case no when 1 then null else reseller_id end, 3 - 2 * no from of, generate_series(1, 2) no
  ), made as (
    insert into deposits (tenant_id, reseller_id, balance, moves) select tenant_id, reseller_id, 1, 1 from of
  )
  insert into deposit_moves (tenant_id, reseller_id, no, kind, amount, balance, posting_id, source_id, idem_key,
    correlation_id, moved_at)
  select tenant_id, reseller_id, 1, 'top_up', 1, 1, posting_id, posting_id, posting_id::text, '-', now() from of`;

function literal(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (value instanceof Date) return escapeLiteral(value.toISOString());
  if (value instanceof Uint8Array) return `'\\x${Buffer.from(value).toString('hex')}'`;
  return escapeLiteral(typeof value === 'object' ? JSON.stringify(value) : String(value));
}

/** Gives a tenant one more row in every table (of `connections` at most one per system), in one message to the database. */
export async function addRows(run: Run, tenantId: string, seller: Seller = 'tenant'): Promise<void> {
  const inserts = rowsFor(tenantId, seller).map(([table, row]) => {
    const values = Object.values(row).map(literal);
    return `insert into ${table} (${Object.keys(row).join(', ')}) values (${values.join(', ')}) on conflict do nothing`;
  });
  await run([...inserts, bothSides(tenantId), deposited(tenantId)].join(';\n'));
}
