import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Database } from '#db/database.ts';
import { takePayment } from '#features/billing/verbs.ts';
import { appendLedgerInvoice } from '#outbox/append-ledger-invoice.ts';
import { dispatchLane, lanes } from '#outbox/dispatch.ts';
import type { Dispatching } from '#outbox/dispatching.ts';
import { type CuttingProxy, type Fate, startCuttingProxy } from '#sandbox/erpnext/rest/cutting-proxy.ts';
import { fiberItem } from '#sandbox/erpnext/small-isp.ts';
import { type ErpnextStage, lineItem, openErpnextStage } from '#test/pipeline/erpnext-stage.ts';
import type { TestLine } from '#test/pipeline/test-hub.ts';

/** 200 at full length, over all points. */
const crashes = Math.max(20, Math.round(200 * Number(process.env.JEMBATAN_FAULT_SCALE ?? '0.1')));

type Call = 'look' | 'insert' | 'submit' | 'last look';
type Point = { readonly call: Call; readonly fate: Fate } | 'before it was settled';

/** Where a push ends once, in the order of its way. */
const points: Readonly<Record<string, Point>> = {
  'before the first look': { call: 'look', fate: 'lost before' },
  'before the insert': { call: 'insert', fate: 'lost before' },
  'inserted, its answer cut': { call: 'insert', fate: 'cut after' },
  'inserted, its answer never came': { call: 'insert', fate: 'hangs after' },
  'between draft and submit': { call: 'submit', fate: 'lost before' },
  'submitted, its answer cut': { call: 'submit', fate: 'cut after' },
  'submitted, its answer never came': { call: 'submit', fate: 'hangs after' },
  'before the last look': { call: 'last look', fate: 'lost before' },
  'before it was settled': 'before it was settled',
};

let proxy: CuttingProxy;
let stage: ErpnextStage;
let line: TestLine;
let customerId: string;

beforeAll(async () => {
  proxy = await startCuttingProxy();
  stage = await openErpnextStage(inject('postgresUrl'), { url: proxy.url, timeoutMs: 250 });
  proxy.towards = stage.erp.url;
  stage.erp.createCustomer({ customer_name: 'payer' });
  line = await stage.addLine(stage.tenantId, 'payer');
  const subscription = stage.erp.createSubscription({ party: 'payer', plans: ['FIBER-50M-PLAN'] });
  await stage.look('update subscriptions set erp_subscription = $2 where id = $1', [line.subscriptionId, subscription]);
  const [row] = await stage.look<{ id: string }>('select id from customers where tenant_id = $1', [stage.tenantId]);
  customerId = row?.id ?? '';
});
afterAll(async () => {
  await stage?.leave();
  await proxy?.stop();
});

const on = () => ({ tenantId: stage.tenantId, correlationId: randomUUID() });

/** Which call of a push it is, told by what it asks for. */
function callsOf(doctype: string) {
  let isSubmitted = false;
  return (method: string, path: string): Call | null => {
    if (!path.startsWith(`/api/resource/${doctype}`)) return null;
    if (method === 'POST') return 'insert';
    if (method === 'PUT') {
      isSubmitted = true;
      return 'submit';
    }
    if (isSubmitted) return 'last look';
    return path.includes('jembatan_ref') ? 'look' : null;
  };
}

/** The bridge, but the process dies once before it can settle. */
function dyingBridge(db: Database): Database {
  let calls = 0;
  return {
    ...db,
    worker: (tenantId, work) => {
      calls += 1;
      // The first reads what is to go out, the second settles.
      if (calls === 2) return Promise.reject(new Error('the process died'));
      return db.worker(tenantId, work);
    },
  };
}

const lane = lanes.find(({ kinds }) => kinds.includes('ledger.payment'));

async function carry(d: Dispatching): Promise<void> {
  if (!lane) throw new Error('no lane carries payments');
  await stage.look(`update outbox set next_at = now(), locked_until = now() - interval '1 s' where state <> 'done'`);
  const busy = new Set<Promise<void>>();
  await dispatchLane(d, lane, busy);
  await Promise.all(busy);
}

const statesOf = async (): Promise<readonly string[]> =>
  (
    await stage.look<{ state: string }>(
      `select state from outbox where tenant_id = $1 and kind in ('ledger.payment', 'ledger.invoice') and state <> 'done'`,
      [stage.tenantId],
    )
  ).map(({ state }) => state);

/** Brings what waits to ERPNext, ending once at the point; answers how often it was begun. */
async function push(point: Point, doctype: string, d: Dispatching = stage.dispatching): Promise<number> {
  const told = callsOf(doctype);
  let isOver = point === 'before it was settled';
  proxy.fate = (method, path) => {
    const call = told(method, path);
    if (isOver || point === 'before it was settled' || call !== point.call) return null;
    isOver = true;
    return point.fate;
  };
  const quiet = { ...d, handing: null };
  await carry(point === 'before it was settled' ? { ...quiet, db: dyingBridge(d.db) } : quiet);
  expect((await statesOf()).length).toBe(1);
  let tries = 1;
  for (; tries < 8 && (await statesOf()).length > 0; tries += 1) await carry(quiet);
  proxy.fate = () => null;
  return tries;
}

type Entry = { readonly docstatus: number; readonly jembatan_ref?: string; readonly total?: number };
/** All documents of a doctype at ERPNext's own desk. */
async function documentsOf(doctype: string): Promise<readonly Entry[]> {
  const fields = JSON.stringify(['name', 'docstatus', 'jembatan_ref']);
  const { erp } = stage;
  const answer = await fetch(
    `${erp.url}/api/resource/${encodeURIComponent(doctype)}?fields=${encodeURIComponent(fields)}&limit_page_length=0`,
    { headers: { Authorization: `token ${erp.apiKey}:${erp.apiSecret}` } },
  );
  return ((await answer.json()) as { data: Entry[] }).data;
}

/** How many of the references stand there other than once, submitted. */
const wrongOf = (entries: readonly Entry[], refs: readonly string[]) => ({
  double: refs.filter((ref) => entries.filter((one) => one.jembatan_ref === ref).length > 1).length,
  missing: refs.filter((ref) => !entries.some((one) => one.jembatan_ref === ref && one.docstatus === 1)).length,
  drafts: entries.filter(({ docstatus }) => docstatus === 0).length,
});

const takeOne = (amount: bigint): Promise<string> =>
  stage.db.tenant(stage.tenantId, async (tx) => {
    const money = { customerId, amount, method: 'cash' as const, paidAt: new Date(stage.time.now) };
    const taken = await takePayment(tx, { ...on(), takenBy: null }, { ...money, idemKey: randomUUID() });
    return taken.paymentId;
  });

describe('REL-19: what is pushed to ERPNext', () => {
  it(`of ${crashes} payments that ended once on their way none is there twice, and none is missing`, async () => {
    const { erp } = stage;
    const refs: string[] = [];
    const names = Object.keys(points);
    for (let n = 0; n < crashes; n += 1) {
      const amount = 50_000 + n;
      erp.createInvoice({ customer: 'payer', item: fiberItem, amount, due_date: '2026-12-20' });
      refs.push(await takeOne(BigInt(amount)));
      const point = points[names[n % names.length] ?? ''];
      if (point) expect(await push(point, 'Payment Entry')).toBeGreaterThan(1);
    }
    expect(wrongOf(await documentsOf('Payment Entry'), refs)).toEqual({ double: 0, missing: 0, drafts: 0 });
    const kept = await stage.look<{ n: number }>(
      'select count(*)::int as n from payments where tenant_id = $1 and erp_payment is not null and erp_error is null',
      [stage.tenantId],
    );
    expect(kept[0]?.n).toBe(crashes);
    const reading = await stage.dispatching.ledgerOf(stage.tenantId).then((ledger) => ledger?.readCustomer('payer'));
    expect(reading).toMatchObject({ ok: true, value: { invoices: [], receipts: [] } });
  }, 240_000);

  it.each(Object.keys(points))('L1: a bill that ends once %s is there once, with its subscription', async (name) => {
    const { id, isNew } = await stage.db.tenant(stage.tenantId, (tx) =>
      appendLedgerInvoice(tx, on(), {
        ...{ ref: `first:${name}`, kind: 'invoice', customerId, subscriptionId: line.subscriptionId },
        lines: [{ description: '10 of 30 days', quantity: 1, unitPrice: 50_000n }],
        ...{ issuedOn: '2026-11-15', dueDate: '2026-12-20' },
      }),
    );
    expect(isNew).toBe(true);
    const point = points[name];
    if (point) await push(point, 'Sales Invoice');
    expect(wrongOf(await documentsOf('Sales Invoice'), [id])).toEqual({ double: 0, missing: 0, drafts: 0 });
    const [row] = await stage.look<{ erp_invoice: string }>('select erp_invoice from ledger_invoices where id = $1', [
      id,
    ]);
    const { subscription, items } = stage.erp.get('Sales Invoice', row?.erp_invoice ?? '');
    expect(subscription).toMatch(/^ACC-SUB-/);
    expect(items).toMatchObject([{ item_code: lineItem, rate: 50_000 }]);
  });

  it('control: a pusher that inserts without looking first makes doubles', async () => {
    const { erp } = stage;
    const naive: Dispatching['ledgerOf'] = async (tenantId) => {
      const ledger = await stage.dispatching.ledgerOf(tenantId);
      if (!ledger?.push) return null;
      const recordPayment: typeof ledger.push.recordPayment = async ({ customer, amount }) => {
        const paid = { payment_type: 'Receive', party_type: 'Customer', party: customer, paid_to: 'Cash - FI' };
        const body = JSON.stringify({
          ...paid,
          paid_amount: Number(amount),
          received_amount: Number(amount),
          docstatus: 1,
        });
        const headers = { Authorization: `token ${erp.apiKey}:${erp.apiSecret}` };
        const answer = await fetch(`${proxy.url}/api/resource/Payment Entry`, { method: 'POST', body, headers }).catch(
          () => null,
        );
        const told = (await answer?.json()) as { data: { name: string } } | undefined;
        if (told) return { ok: true, value: told.data.name };
        return { ok: false, error: { reason: 'unreachable', detail: 'no answer' } };
      };
      return { ...ledger, push: { ...ledger.push, recordPayment } };
    };
    const before = (await documentsOf('Payment Entry')).length;
    await takeOne(10_000n);
    await push({ call: 'insert', fate: 'cut after' }, 'Payment Entry', { ...stage.dispatching, ledgerOf: naive });
    expect((await documentsOf('Payment Entry')).length - before).toBe(2);
  });
});
