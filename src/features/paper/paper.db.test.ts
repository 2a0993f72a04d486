import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OpenAPIHono } from '@hono/zod-openapi';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { issueInvoice, takePayment } from '#features/billing/verbs.ts';
import { answerError } from '#http/errors.ts';
import { createLog } from '#platform/log.ts';
import { createPress } from '#platform/paper/press.ts';
import type { RouteEnv } from '#platform/routing.ts';
import { createTenantFiles } from '#platform/tenant-files.ts';
import { picture } from '#test/features/papers.ts';
import { textOf } from '#test/features/pdf-text.ts';
import { createTestBridge, type TestBridge } from '#test/setup/bridge.ts';
import { type Office, officeTime, openOffice } from '#test/setup/office.ts';
import { paperRoutes } from './routes.ts';

let bridge: TestBridge;
let folder: string;
let office: Office;
const press = createPress();
const branding = { name: 'Kencana Net', logo: '/api/v1/settings/logo?v=1', colour: '#0a5c36' };

beforeAll(async () => {
  bridge = await createTestBridge(inject('postgresUrl'));
  folder = await mkdtemp(join(tmpdir(), 'jembatan-files-'));
  office = await openOffice(bridge, { settings: { branding, tax: { enabled: true } } });
  await createTenantFiles(folder).write(office.tenant.id, 'logo', picture(30));
});
afterAll(async () => {
  await press.close();
  await bridge.close();
  await rm(folder, { recursive: true, force: true });
});

type Got = { readonly status: number; readonly headers: Headers; readonly bytes: Buffer; readonly text: string };

async function get(path: string, role = 'admin', of: Office = office): Promise<Got> {
  const app = new OpenAPIHono<RouteEnv>();
  app.onError(answerError(createLog('silent')));
  app.use('*', async (c, next) => {
    c.set('caller', { userId: of.tenant.adminId, tenantId: of.tenant.id, role });
    c.set('correlationId', 'c-1');
    c.set('address', '127.0.0.1');
    await next();
  });
  app.route('/', paperRoutes({ db: bridge.db, clock: () => officeTime, files: createTenantFiles(folder), press }));
  const response = await app.request(path);
  const bytes = Buffer.from(await response.arrayBuffer());
  const text = response.status === 200 ? textOf(bytes) : bytes.toString();
  return { status: response.status, headers: response.headers, bytes, text };
}

const at = () => ({ tenantId: office.tenant.id, correlationId: 'c' });

/** A customer with a bill of January, of which a part is paid. */
async function withBill() {
  const { body } = await office.registered({ name: 'Budi Santoso' });
  const customerId = String(body.id);
  const bill = await bridge.db.tenant(office.tenant.id, (tx) =>
    issueInvoice(tx, at(), {
      customerId,
      subscriptionId: null,
      reason: 'manual',
      lines: [
        { description: 'Paket Home 10', quantity: 1, unitPrice: 150_000n },
        { description: 'Kabel', quantity: 2, unitPrice: 25_000n },
      ],
      periodFrom: '2025-01-01',
      periodTo: '2025-01-31',
      issuedOn: '2025-01-01',
      dueDate: '2025-01-20',
    }),
  );
  const payment = await bridge.db.tenant(office.tenant.id, (tx) =>
    takePayment(
      tx,
      { ...at(), takenBy: null },
      {
        customerId,
        amount: 60_000n,
        method: 'transfer',
        paidAt: new Date('2025-01-15T03:00:00Z'),
        idemKey: `test ${customerId}`,
        reference: 'BCA 77',
      },
    ),
  );
  return { customerId, code: String(body.customer_code), ...bill, ...payment };
}

describe('papers of the own ledger', () => {
  it('L2: a bill as PDF has the tenant’s name, picture and colour, its lines, what is paid and what is left', async () => {
    const { invoiceId, number, code, total } = await withBill();
    const told = await get(`/invoices/${invoiceId}/pdf`);
    expect(told.status).toBe(200);
    expect(told.headers.get('Content-Type')).toBe('application/pdf');
    expect(told.headers.get('Cache-Control')).toContain('no-store');
    expect(told.headers.get('Content-Disposition')).toContain(number.replace(/[^\w-]/g, '-'));
    for (const part of ['Kencana Net', 'TAGIHAN', number, 'Budi Santoso', code, 'Jl. Melati 5', 'Kabel', 'Rp 60.000'])
      expect(told.text).toContain(part);
    const left = String(total - 60_000n).replace(/\B(?=(\d{3})+$)/g, '.');
    expect(told.text).toContain(`Rp ${left}`);
    expect(told.text).toContain('LEWAT JATUH TEMPO');
    expect(told.bytes.toString('latin1')).toContain('/Subtype /Image');
    expect((await get(`/invoices/${invoiceId}/pdf?language=en`)).text).toContain('OVERDUE');
  });

  it('L2: the receipt says what was received and for which bill; a demand has none', async () => {
    const { paymentId, number, customerId } = await withBill();
    const { text } = await get(`/payments/${paymentId}/receipt`);
    for (const part of ['KUITANSI', 'Transfer bank', 'BCA 77', number, 'Rp 60.000', '15 Januari 2025', 'LUNAS'])
      expect(text).toContain(part);
    const [demand] = await bridge.look<{ id: string }>(
      `insert into payments (tenant_id, customer_id, amount, method, status, due_date, idem_key)
       values ($1, $2, 5, 'cash', 'pending', '2025-02-20', 'demand') returning id`,
      [office.tenant.id, customerId],
    );
    expect((await get(`/payments/${demand?.id}/receipt`)).status).toBe(409);
  });

  it('L2: the statement runs from what was owed before to what is owed then', async () => {
    const { customerId, number, total } = await withBill();
    const rupiah = (amount: bigint): string => `Rp ${String(amount).replace(/\B(?=(\d{3})+$)/g, '.')}`;
    const january = await get(`/customers/${customerId}/statement/pdf?from=2025-01-01&to=2025-01-31`);
    expect(january.text).toContain(`Tagihan ${number}`);
    expect(january.text).toContain(`Saldo akhir ${rupiah(total - 60_000n)}`);
    const later = await get(`/customers/${customerId}/statement/pdf?from=2025-01-10`);
    expect(later.text).toContain(rupiah(total));
    expect(later.text).not.toContain(`Tagihan ${number}`);
    expect((await get(`/customers/${customerId}/statement/pdf?from=2025-02-02&to=2025-02-01`)).status).toBe(400);
  });

  it('SEC-1, SEC-28, I3: none for another tenant, no address for whom contacts are not shown, none without the right', async () => {
    const { invoiceId, paymentId, customerId } = await withBill();
    const other = await openOffice(bridge);
    for (const path of [
      `/invoices/${invoiceId}/pdf`,
      `/payments/${paymentId}/receipt`,
      `/customers/${customerId}/statement/pdf`,
    ]) {
      expect((await get(path, 'admin', other)).status, path).toBe(404);
      expect((await get(path, 'technician')).status, path).toBe(403);
    }
    expect((await get(`/invoices/${invoiceId}/pdf`, 'viewer')).text).not.toContain('Jl. Melati');
  });
});

describe('where ERPNext keeps the books', () => {
  it('L1: the statement is that of ERPNext, in either language, for any days, with what is on its way there', async () => {
    const elsewhere = await openOffice(bridge);
    const { id } = elsewhere.tenant;
    const { body } = await elsewhere.registered();
    await bridge.look(
      `insert into connections (tenant_id, system, settings, secrets) values ($1, 'erpnext', '{}', '-')`,
      [id],
    );
    await bridge.look(`update customers set erp_customer = 'Budi' where id = $1`, [body.id]);
    const fact = (name: string, outstanding: string, isReturn: boolean) =>
      JSON.stringify({
        kind: 'invoice',
        name,
        customer: 'Budi',
        subscription: null,
        submitted: true,
        isReturn,
        returnAgainst: null,
        issuedOn: '2025-01-10',
        dueDate: '2025-01-20',
        total: isReturn ? outstanding : '150000',
        outstanding,
        terms: [],
        items: [],
      });
    for (const [name, outstanding, isReturn] of [
      ['ACC-SINV-1', '150000', false],
      ['ACC-SINV-2', '0', false],
      ['ACC-SINV-3', '-30000', true],
    ] as const) {
      await bridge.look(
        `insert into ledger_documents (tenant_id, doctype, name, customer, modified, fact, changed, fetched_at)
         values ($1, 'Sales Invoice', $2, 'Budi', '', $3, true, now())`,
        [id, name, fact(name, outstanding, isReturn)],
      );
    }
    await bridge.db.tenant(id, (tx) =>
      takePayment(
        tx,
        { tenantId: id, correlationId: 'c', takenBy: null },
        { customerId: String(body.id), amount: 20_000n, method: 'cash', paidAt: new Date('2025-01-15'), idemKey: 'k' },
      ),
    );
    const path = `/customers/${body.id}/statement/pdf`;
    const january = await get(`${path}?from=2025-01-01&to=2025-01-31`, 'admin', elsewhere);
    expect(january.status).toBe(200);
    for (const part of ['Tagihan ACC-SINV-1', 'ACC-SINV-2', 'Nota kredit ACC-SINV-3', '(dalam proses)', 'Rp 250.000'])
      expect(january.text).toContain(part);
    const later = await get(`${path}?from=2025-02-01&language=en`, 'admin', elsewhere);
    for (const part of ['Opening balance', 'Rp 250.000']) expect(later.text).toContain(part);
    expect(later.text).not.toContain('ACC-SINV-1');
  });
});
