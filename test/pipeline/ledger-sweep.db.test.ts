import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { addDays, localDate } from '#domain/local-time.ts';
import { reconcileNext } from '#reconcile/reconcile.ts';
import { askRun } from '#reconcile/runs.ts';
import { fiberPlan } from '#sandbox/erpnext/small-isp.ts';
import { type ErpnextStage, lineItem, openErpnextStage } from './erpnext-stage.ts';
import { type TestLine, zone } from './test-hub.ts';

type Run = { readonly state: string; readonly found: Readonly<Record<string, number>>; readonly error: string | null };

let stage: ErpnextStage;
let lines: TestLine[];
const hourMs = 3_600_000;

beforeAll(async () => {
  stage = await openErpnextStage(inject('postgresUrl'));
  lines = [];
  for (let n = 0; n < 8; n += 1) lines.push(await addLine(`ledger-${n}`));
  await stage.minute(2);
});
afterAll(() => stage.leave());

async function addLine(customer_name: string): Promise<TestLine> {
  stage.erp.createCustomer({ customer_name });
  const line = await stage.addLine(stage.tenantId, customer_name);
  const subscription = stage.erp.createSubscription({ party: customer_name, plans: [fiberPlan] });
  await stage.look('update subscriptions set erp_subscription = $2 where id = $1', [line.subscriptionId, subscription]);
  return line;
}

/** The nightly comparison, and all that follows from it. */
async function compare(): Promise<Run> {
  const { db, tenantId, clock, vaultOf } = stage;
  const { log, ledgerOf, enforcerOf } = stage.dispatching;
  const id = await db.worker(tenantId, (tx) => askRun(tx, tenantId, 'ledger', 'test', `compare-${randomUUID()}`));
  await reconcileNext({ db, clock, log, vaultOf, enforcerOf, ledgerOf }, id);
  const [run] = await stage.look<Run>('select state, found, error from reconciliations where id = $1', [id]);
  if (!run) throw new Error('there is no run');
  return run;
}
const settled = async (): Promise<void> => {
  await stage.minute(2);
  stage.time.now += hourMs;
};
const openDrift = async () =>
  stage.look<{ kind: string; subject: string; action: string }>(
    'select kind, subject, action from drift where tenant_id = $1 and resolved_at is null order by subject',
    [stage.tenantId],
  );
const customerOf = (n: number): string => lines[n]?.customer ?? '';
const due = (): string => addDays(localDate(stage.time.now, zone), -3);

describe('B5: the nightly comparison with ERPNext', () => {
  it('finds nothing where all has been told', async () => {
    await settled();
    expect(await compare()).toEqual({ state: 'done', found: {}, error: null });
  });

  it('a change that neither webhook nor poll has brought is found, looked at, and gone from the next run', async () => {
    stage.erp.update('Customer', customerOf(0), { mobile_no: '0811' });
    await settled();
    // What the hub holds is set back, as if the look had never been.
    await stage.look(`update ledger_documents set modified = 'old' where tenant_id = $1 and name = $2`, [
      stage.tenantId,
      customerOf(0),
    ]);
    expect((await compare()).found).toEqual({ ledger_missed: 1 });
    expect(await openDrift()).toEqual([
      { kind: 'ledger_missed', subject: `Customer ${customerOf(0)}`, action: 'repaired' },
    ]);
    await settled();
    expect((await compare()).found).toEqual({});
    expect(await openDrift()).toEqual([]);
  });

  it('a customer that was renamed or deleted there is told; nobody is cut by it', async () => {
    stage.erp.renameCustomer(customerOf(1), 'Somebody else');
    await settled();
    expect((await compare()).found).toEqual({ ledger_gone: 1 });
    expect(await openDrift()).toEqual([
      { kind: 'ledger_gone', subject: `Customer ${customerOf(1)}`, action: 'reported' },
    ]);
    stage.erp.renameCustomer('Somebody else', customerOf(1));
    await settled();
    expect((await compare()).found).toEqual({});
  });

  it('law 3: a credit that is gone without a trace still counts: its customer is not cut, and a person is told', async () => {
    const customer = customerOf(2);
    const debtor = lines[2];
    if (!debtor) throw new Error('there are no lines');
    const credit = stage.erp.advance({ customer, amount: 150_000 });
    await settled();
    stage.erp.createInvoice({ customer, item: lineItem, amount: 150_000, due_date: due() });
    await settled();
    expect(await stage.stateOf(debtor)).toBe('active');
    stage.erp.vanish('Payment Entry', credit);
    await stage.minute(10);
    expect(await stage.stateOf(debtor)).toBe('active');
    expect((await compare()).found).toEqual({ ledger_unproved: 1 });
    // Now ERPNext tells of the deletion: the debt is real, and counts once it has settled.
    stage.erp.insert('Deleted Document', { deleted_doctype: 'Payment Entry', deleted_name: credit });
    await stage.minute(8);
    expect(await stage.stateOf(debtor)).toBe('isolated');
    await settled();
    expect((await compare()).found).toEqual({});
  });

  it('law 3: nothing is concluded from a list that is empty or has shrunk, and nobody is cut', async () => {
    const states = () => Promise.all(lines.map((line) => stage.stateOf(line)));
    const before = await states();
    const gone = lines.slice(0, 6).map(({ customer }) => [customer, `${customer} elsewhere`] as const);
    for (const [from, to] of gone) stage.erp.renameCustomer(from, to);
    await settled();
    const shrunken = await compare();
    expect(shrunken).toMatchObject({
      state: 'failed',
      found: {},
      error: expect.stringContaining('nothing is concluded'),
    });
    for (const [from, to] of gone) stage.erp.renameCustomer(to, from);
    stage.erp.nonsense('empty-list');
    expect(await compare()).toMatchObject({ state: 'failed', found: {} });
    stage.erp.nonsense(null);
    await settled();
    expect((await compare()).found).toEqual({});
    expect(await states()).toEqual(before);
    expect(await openDrift()).toEqual([]);
  });
});
