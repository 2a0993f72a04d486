import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, inject } from 'vitest';
import { cancelInvoice } from '#features/billing/cancel-invoice.ts';
import { creditInvoice } from '#features/billing/credit-note.ts';
import { reversePayment } from '#features/billing/take-back.ts';
import { issueInvoice, takePayment } from '#features/billing/verbs.ts';
import type { Who } from '#platform/caller.ts';
import { type LedgerWorld, ledgerContract } from '#ports/ledger/contract.ts';
import { addTenant } from '#test/setup/admin-app.ts';
import { createTestBridge, type TestBridge } from '#test/setup/bridge.ts';
import { createBuiltinLedger } from './ledger.ts';

let bridge: TestBridge;
beforeAll(async () => {
  bridge = await createTestBridge(inject('postgresUrl'));
});
afterAll(() => bridge.close());

const now = Date.parse('2026-11-21T05:00:00Z');
const why = { reason: 'uji' };

/** The hub's own tables, written by the verbs that the hub itself has. */
async function openWorld(): Promise<LedgerWorld> {
  const { id: tenantId, adminId } = await addTenant(bridge);
  const { db, look } = bridge;
  let isAway = false;
  const reach: Pick<typeof db, 'look'> = {
    look: async (id, work) => {
      if (isAway) throw new Error('connect ECONNREFUSED');
      return db.look(id, work);
    },
  };
  const caller = { userId: adminId, tenantId, role: 'admin' };
  const who: Who = { tenantId, caller, correlationId: 'c-1', address: '' };
  const one = async (sql: string, values: readonly unknown[]): Promise<string> =>
    (await look<{ is: string }>(sql, values))[0]?.is ?? '';
  const idOf = (number: string): Promise<string> =>
    one('select id as is from invoices where tenant_id = $1 and number = $2', [tenantId, number]);
  const pay = async (customerId: string, amount: bigint, invoiceId: string | null): Promise<string> => {
    const idemKey = randomUUID();
    const payment = { customerId, amount, method: 'cash' as const, paidAt: new Date(now), idemKey, invoiceId };
    const taker = { tenantId, correlationId: 'c-1', takenBy: null };
    return (await db.worker(tenantId, (tx) => takePayment(tx, taker, payment))).paymentId;
  };
  const world: LedgerWorld = {
    ledger: createBuiltinLedger(reach, tenantId, () => new Date(now)),
    customer: (name) =>
      one(
        `insert into customers (tenant_id, customer_code, name, phone, address) values ($1, $2, $3, '-', '-') returning id as is`,
        [tenantId, randomUUID(), name],
      ),
    plan: ({ item, cost }) =>
      one(
        `insert into service_plans (tenant_id, name, key, down_kbps, up_kbps, price) values ($1, $2, $3, 1, 1, $4) returning id as is`,
        [tenantId, item, randomUUID().slice(0, 8), cost.toString()],
      ),
    subscription: ({ customer, plan }) =>
      one(
        `insert into subscriptions (tenant_id, customer_id, service_plan_id, billing_mode, due_day, monthly_fee, radius_db,
           username, canonical_username, password)
         values ($1, $2, $3, 'postpaid', 20, 1, $4, $4, $4, '-') returning id as is`,
        [tenantId, customer, plan, `u${randomUUID().slice(0, 8)}`],
      ),
    cancelSubscription: async (subscription) => {
      await look('update subscriptions set terminated_at = now() where id = $1', [subscription]);
    },
    // There are no drafts here: what comes nearest binds nobody either.
    invoice: async ({ customer, item, amount, dueDate, subscription, draft }) => {
      const { number } = await db.worker(tenantId, (tx) =>
        issueInvoice(
          tx,
          { tenantId, correlationId: 'c-1' },
          {
            customerId: customer,
            subscriptionId: subscription ?? null,
            reason: 'manual',
            lines: [{ description: item, quantity: 1, unitPrice: amount }],
            issuedOn: '2026-11-01',
            dueDate,
          },
        ),
      );
      if (draft === true) await world.cancelInvoice(number);
      return number;
    },
    pay: async (invoice, amount) => {
      const id = await idOf(invoice);
      return pay(await one('select customer_id as is from invoices where id = $1', [id]), amount, id);
    },
    advance: (customer, amount) => pay(customer, amount, null),
    cancelReceipt: async (receipt) => {
      await db.tenant(tenantId, (tx) => reversePayment(tx, who, receipt, why, now));
    },
    creditNote: async (invoice) => {
      const id = await idOf(invoice);
      return (await db.tenant(tenantId, (tx) => creditInvoice(tx, who, id, why, now))).answer.number;
    },
    cancelInvoice: async (invoice) => {
      const id = await idOf(invoice);
      await db.tenant(tenantId, (tx) => cancelInvoice(tx, who, id, why, now));
    },
    fail: async (how) => {
      isAway = how !== null;
    },
    close: async () => undefined,
  };
  return world;
}

ledgerContract('the hub’s own', openWorld, 'own');
