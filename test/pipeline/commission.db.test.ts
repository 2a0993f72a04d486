import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { post, takePayment } from '#features/billing/verbs.ts';
import { commissionsRoutes } from '#features/commissions/routes.ts';
import { creditDeposit } from '#features/deposits/verbs.ts';
import { fiberItem } from '#sandbox/erpnext/small-isp.ts';
import { asCaller, type Loose } from '#test/features/room.ts';
import { type ErpnextStage, openErpnextStage } from './erpnext-stage.ts';

let stage: ErpnextStage;
let reseller: string;
let customerId: string;

const idOf = async (query: string, values: unknown[]): Promise<string> =>
  (await stage.look<{ id: string }>(query, values))[0]?.id ?? '';
const admin = { userId: randomUUID(), role: 'admin' };
const room = (method: string, path: string, body?: unknown) =>
  asCaller(commissionsRoutes({ db: stage.db, clock: () => stage.time.now, paying: { post, creditDeposit } }), {
    ...admin,
    tenantId: stage.tenantId,
  })(method, path, body);

beforeAll(async () => {
  stage = await openErpnextStage(inject('postgresUrl'), {}, undefined, { payroll: true });
  stage.erp.createCustomer({ customer_name: 'budi' });
  stage.erp.createPlan({ name: 'FIBER-PLAN', item: 'FIBER', cost: 150_000 });
  await stage.addLine(stage.tenantId, 'budi');
  customerId = await idOf('select id from customers where tenant_id = $1', [stage.tenantId]);
  const supplier = stage.erp.insert('Supplier', { supplier_name: 'Toko Makmur' });
  reseller = await idOf(
    `insert into resellers (tenant_id, name, erp_supplier) values ($1, 'Toko Makmur', $2) returning id`,
    [stage.tenantId, supplier],
  );
  await stage.look('update customers set reseller_id = $2 where id = $1', [customerId, reseller]);
  // The database's clock is not the stage's.
  await stage.look(
    `alter table customers disable trigger customers_note_reseller;
     update customers set reseller_since = '2026-11-01';
     alter table customers enable trigger customers_note_reseller`,
    [],
  );
  const rule = { reseller_id: reseller, occasion: 'every', kind: 'percent', value: 1_000 };
  expect((await room('POST', '/commission-rules', rule)).status).toBe(201);
});
afterAll(() => stage?.leave());

const billed = (amount: number): string =>
  stage.erp.createInvoice({ customer: 'budi', item: fiberItem, amount, due_date: '2026-12-20' });
const commissions = async (): Promise<readonly unknown[]> =>
  (await room('GET', '/commissions')).body.data as unknown as Loose[];
const amounts = async () => (await commissions()).map((row) => Object(row).amount).reverse();
const taken = (amount: bigint): Promise<string> =>
  stage.db.tenant(stage.tenantId, async (tx) => {
    const by = { tenantId: stage.tenantId, correlationId: randomUUID(), takenBy: null };
    const money = { customerId, amount, method: 'cash' as const, paidAt: new Date(stage.time.now) };
    return (await takePayment(tx, by, { ...money, idemKey: randomUUID() })).paymentId;
  });

describe('commission where ERPNext is the ledger', () => {
  it('S3: a payment that the hub took is there once, earns once, and is taken back when it is cancelled there', async () => {
    billed(150_000);
    const payment = await taken(150_000n);
    await stage.minute(3);
    expect(await amounts()).toEqual([15_000]);
    const [{ erp_payment: entry = '' } = {}] = await stage.look<{ erp_payment: string }>(
      'select erp_payment from payments where id = $1',
      [payment],
    );
    expect((await commissions())[0]).toMatchObject({ source: entry, customer_id: customerId, base: 150_000 });
    stage.erp.pay({ invoice: billed(50_000) });
    await stage.minute(3);
    expect(await amounts()).toEqual([15_000, 5_000]);
    stage.erp.cancelPayment(entry);
    await stage.minute(3);
    expect(await amounts()).toEqual([15_000, 5_000, -15_000]);
  });

  it('S3: money that settles nothing earns when it does', async () => {
    const advance = stage.erp.advance({ customer: 'budi', amount: 100_000 });
    await stage.minute(3);
    const before = await amounts();
    stage.erp.allocate({ payment: advance, invoice: billed(100_000) });
    await stage.minute(3);
    expect((await amounts()).slice(before.length)).toEqual([10_000]);
  });

  it('S3: a payout is one journal entry over the supplier’s account, however often it is asked for', async () => {
    const wish = { until: '2026-11-15', reseller_id: reseller };
    const [made] = (await room('POST', '/commission-payouts', wish)).body.data as unknown as {
      id: string;
      amount: number;
    }[];
    const path = `/commission-payouts/${made?.id}`;
    await room('POST', `${path}/approve`);
    const paid = () => room('POST', `${path}/pay`, { method: 'transfer', reference: 'TRX 1' });
    expect((await Promise.all([paid(), paid(), paid()])).map(({ status }) => status)).toEqual([200, 200, 200]);
    await stage.minute(3);
    const { body } = await room('GET', path);
    expect(body).toMatchObject({ state: 'paid', erp_error: null });
    const entry = stage.erp.get('Journal Entry', String(body.erp_document));
    expect(entry).toMatchObject({ docstatus: 1, jembatan_ref: made?.id, total_debit: 2 * Number(made?.amount) });
    const parties = (entry.accounts as { account: string; party: string | null }[]).map((row) => [
      row.account,
      row.party,
    ]);
    const owed = ['Creditors - FI', 'Toko Makmur'];
    expect(parties).toEqual([['Commission on Sales - FI', null], owed, owed, ['Bank - FI', null]]);
  });

  it('S3: who is an employee there is paid by the payroll, as one additional salary, and by nothing else', async () => {
    await stage.look(`update resellers set erp_supplier = null, erp_employee = 'HR-EMP-7' where id = $1`, [reseller]);
    billed(70_000);
    await taken(70_000n);
    await stage.minute(3);
    const wish = { until: '2026-11-15', reseller_id: reseller };
    const [made] = (await room('POST', '/commission-payouts', wish)).body.data as unknown as { id: string }[];
    const path = `/commission-payouts/${made?.id}`;
    await room('POST', `${path}/approve`);
    expect((await room('POST', `${path}/pay`, { method: 'cash' })).status).toBe(400);
    expect((await room('POST', `${path}/pay`, { method: 'salary' })).status).toBe(200);
    await stage.minute(3);
    const { body } = await room('GET', path);
    expect(stage.erp.get('Additional Salary', String(body.erp_document))).toMatchObject({
      ...{ employee: 'HR-EMP-7', amount: 7_000, docstatus: 1, overwrite_salary_structure_amount: 0 },
    });
  });
});
