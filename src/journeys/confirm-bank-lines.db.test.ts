import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { ignoreLine, type Line, listLines, uploadStatement } from '#features/bank-statements/verbs.ts';
import { issueInvoice } from '#features/billing/verbs.ts';
import type { Who } from '#platform/caller.ts';
import { createTestHub, type TestHub, type TestLine } from '#test/pipeline/test-hub.ts';
import { confirmBankLines } from './confirm-bank-lines.ts';

let hub: TestHub;
let tenantId: string;
let line: TestLine;
let customerId: string;
let number: string;
let count = 0;

const who = (): Who => ({
  tenantId,
  caller: { userId: '16fd2706-8baf-433b-82eb-8c7fada847da', tenantId, role: 'finance' },
  correlationId: 'test',
  address: '192.0.2.1',
});
const head = 'Tanggal;Keterangan;Debet;Kredit\n';
const upload = (rows: string, name = 'BCA') =>
  hub.db.tenant(tenantId, (tx) => uploadStatement(tx, who(), Buffer.from(head + rows), { name }, hub.clock()));
const query = { page: 1, page_size: 100 } as const;
const lines = async (): Promise<readonly Line[]> =>
  (await hub.db.tenant(tenantId, (tx) => listLines(tx, who(), { ...query, direction: 'credit' }))).data;
const confirm = (ids: readonly string[], customer = customerId) =>
  confirmBankLines(
    hub,
    who(),
    ids.map((line_id) => ({ line_id, customer_id: customer, invoice_id: null, erp_invoice: null })),
  );
const payments = () =>
  hub.look<{ amount: string; unallocated: string; method: string }>(
    'select amount::text, unallocated::text, method from payments where tenant_id = $1',
    [tenantId],
  );

beforeAll(async () => {
  hub = await createTestHub(inject('postgresUrl'));
});
afterAll(() => hub.close());
beforeEach(async () => {
  count += 1;
  tenantId = await hub.addTenant();
  line = await hub.addLine(tenantId, `ani${count}`);
  await hub.look('update customers set erp_customer = null where tenant_id = $1', [tenantId]);
  await hub.look('update subscriptions set erp_subscription = null where tenant_id = $1', [tenantId]);
  const [row] = await hub.look<{ id: string }>('select id from customers where tenant_id = $1', [tenantId]);
  customerId = row?.id ?? '';
  const made = await hub.db.worker(tenantId, (tx) =>
    issueInvoice(
      tx,
      { tenantId, correlationId: 'test' },
      {
        customerId,
        subscriptionId: line.subscriptionId,
        reason: 'manual',
        lines: [{ description: 'Internet', quantity: 1, unitPrice: 150_000n }],
        issuedOn: '2026-10-20',
        dueDate: '2026-10-20',
      },
    ),
  );
  number = made.number;
  await hub.settle();
});

describe('bank statements', () => {
  it('L5: nothing is booked without a person; with one, the line is paid for and the isolated service is back', async () => {
    expect(await hub.stateOf(line)).toBe('isolated');
    const told = await upload(`14/11/2026;TRSF ${number};;150.000,00\n14/11/2026;ADM;2.500,00;\n`);
    expect(told).toMatchObject({ lines: 2, new_lines: 2, skipped: [] });
    const [open] = await lines();
    expect(open).toMatchObject({
      amount: 150_000,
      state: 'open',
      proposals: [{ number, why: ['invoice_number', 'amount', 'only_such_amount'] }],
    });
    expect(await payments()).toEqual([]);
    const [booked] = await confirm([open?.id ?? '']);
    expect(booked).toMatchObject({ state: 'booked', proposals: [] });
    expect(await payments()).toEqual([{ amount: '150000', unallocated: '0', method: 'transfer' }]);
    expect(await hub.stateOf(line)).toBe('active');
  });

  it('P16: the same file twice, and one that overlaps, bring each line once; equal lines of one day stay several', async () => {
    const two = '13/11/2026;SETOR;;50.000,00\n13/11/2026;SETOR;;50.000,00\n';
    const first = await upload(two);
    expect(await upload(two)).toMatchObject({ id: first.id, new_lines: 0 });
    expect(await upload(`${two}14/11/2026;SETOR;;50.000,00\n`)).toMatchObject({ lines: 3, new_lines: 1 });
    expect(await lines()).toHaveLength(3);
  });

  it('P9: confirmed by several at once, a line is one payment; of many, all or none', async () => {
    await upload('13/11/2026;A;;60.000,00\n13/11/2026;B;;70.000,00\n13/11/2026;KELUAR;5.000,00;\n');
    const ids = (await lines()).map(({ id }) => id);
    const tried = await Promise.allSettled(Array.from({ length: 5 }, () => confirm(ids.slice(0, 1))));
    expect(tried.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(confirm(ids)).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(confirm(ids.slice(1), randomUUID())).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(confirm([randomUUID()])).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await payments()).toHaveLength(1);
    const out = await hub.look<{ id: string }>(
      `select id from bank_lines where direction = 'debit' and tenant_id = $1`,
      [tenantId],
    );
    await expect(confirm([out[0]?.id ?? ''])).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('a line that is nobody’s is ignored, and not booked any more', async () => {
    await upload('13/11/2026;BUNGA;;1.000,00\n');
    const [{ id = '' } = {}] = await lines();
    const ignore = () => hub.db.tenant(tenantId, (tx) => ignoreLine(tx, who(), id, hub.clock()));
    expect(await ignore()).toMatchObject({ state: 'ignored' });
    expect(await ignore()).toMatchObject({ state: 'ignored' });
    await expect(confirm([id])).rejects.toMatchObject({ code: 'CONFLICT' });
  });
});
