import { randomUUID } from 'node:crypto';
import { takePayment } from '#features/billing/verbs.ts';
import { pushCustomer } from '#journeys/push-customer.ts';
import { appendLedgerInvoice, appendLedgerPush } from '#outbox/append-ledger-invoice.ts';
import type { LedgerPush } from '#ports/ledger/push/port.ts';
import { fiberItem } from '#sandbox/erpnext/small-isp.ts';
import type { ErpnextStage } from '#test/pipeline/erpnext-stage.ts';
import type { TestLine } from '#test/pipeline/test-hub.ts';

/** The calls of a push, in the order of its way. */
export type Call = 'look' | 'insert' | 'submit' | 'last look';

/** One kind of thing that the hub brings to ERPNext. */
export type PushedKind = {
  readonly words: string;
  readonly doctype: string;
  readonly calls: readonly Call[];
  /** The intent that carries it; null: nothing in the hub makes one yet, and the port is asked itself. */
  readonly intent: string | null;
  /** Makes the `n`th that is to be pushed, and answers the hub's reference. */
  readonly make: (n: number) => Promise<string>;
  /** Brings one there where no intent does. */
  readonly bring?: (push: LedgerPush, ref: string) => ReturnType<LedgerPush['createIssue']>;
  /** The table and column in which the ledger's name is kept. */
  readonly kept: readonly [table: string, column: string] | null;
};

const submitted = ['look', 'insert', 'submit', 'last look'] as const;
const plain = ['look', 'insert', 'last look'] as const;

/** All kinds, over one customer and one line of the stage. */
export function pushedKinds(stage: ErpnextStage, payer: { customerId: string; line: TestLine; userId: string }) {
  const { tenantId, erp } = stage;
  const on = () => ({ tenantId, correlationId: randomUUID() });
  const inHub = <T>(work: Parameters<typeof stage.db.tenant<T>>[1]): Promise<T> => stage.db.tenant(tenantId, work);
  const idOf = async (query: string, parameters: unknown[]): Promise<string> =>
    (await stage.look<{ id: string }>(query, parameters))[0]?.id ?? '';

  const supplier = erp.insert('Supplier', { supplier_name: 'Toko Makmur' });
  const kinds: readonly PushedKind[] = [
    {
      ...{ words: 'payments', doctype: 'Payment Entry', calls: submitted, intent: 'ledger.payment' },
      kept: ['payments', 'erp_payment'],
      make: async (n) => {
        const amount = 50_000 + n;
        erp.createInvoice({ customer: 'payer', item: fiberItem, amount, due_date: '2026-12-20' });
        const money = { amount: BigInt(amount), method: 'cash', paidAt: new Date(stage.time.now) } as const;
        const wanted = { ...money, customerId: payer.customerId, idemKey: randomUUID() };
        return (await inHub((tx) => takePayment(tx, { ...on(), takenBy: null }, wanted))).paymentId;
      },
    },
    {
      ...{ words: 'bills', doctype: 'Sales Invoice', calls: submitted, intent: 'ledger.invoice' },
      kept: ['ledger_invoices', 'erp_invoice'],
      make: async () => {
        const about = { customerId: payer.customerId, subscriptionId: payer.line.subscriptionId };
        const lines = [{ description: '10 of 30 days', quantity: 1, unitPrice: 50_000n }];
        const days = { issuedOn: '2026-11-15', dueDate: '2026-12-20' };
        const wanted = { ...about, ...days, ref: `first:${randomUUID()}`, kind: 'invoice', lines } as const;
        return (await inHub((tx) => appendLedgerInvoice(tx, on(), wanted))).id;
      },
    },
    {
      ...{
        words: 'customers, of leads too',
        doctype: 'Customer',
        calls: ['look', 'insert'],
        intent: 'ledger.customer',
      },
      kept: ['customers', 'erp_customer'],
      make: async (n) => {
        const id = await idOf(
          `insert into customers (tenant_id, customer_code, name, phone, address) values ($1, $2, 'Budi', '-', '-') returning id`,
          [tenantId, `baru ${n} ${randomUUID()}`],
        );
        await inHub((tx) => pushCustomer(tx, on(), id));
        return id;
      },
    },
    {
      ...{ words: 'subscriptions', doctype: 'Subscription', calls: plain, intent: 'ledger.subscription' },
      kept: ['subscriptions', 'erp_subscription'],
      make: async (n) => {
        const name = `langganan-${n}-${randomUUID().slice(0, 8)}`;
        erp.createCustomer({ customer_name: name });
        const { subscriptionId } = await stage.addLine(tenantId, name);
        await stage.look('update subscriptions set erp_subscription = null where id = $1', [subscriptionId]);
        const intent = { kind: 'ledger.subscription', subscriptionId } as const;
        await inHub((tx) => appendLedgerPush(tx, on(), intent, subscriptionId));
        return subscriptionId;
      },
    },
    {
      ...{ words: 'incentives', doctype: 'Additional Salary', calls: submitted, intent: 'ledger.salary' },
      kept: ['incentives', 'erp_salary'],
      make: async (n) => {
        const month = `${2030 + Math.floor(n / 12)}-${String((n % 12) + 1).padStart(2, '0')}`;
        const incentiveId = await idOf(
          `insert into incentives (tenant_id, month, technician_id, installs, rate, amount, state, erp_employee, counted_by,
             counted_at) values ($1, $2, $3, 2, 25000, 50000, 'waiting', 'HR-EMP-1', $3, now()) returning id`,
          [tenantId, month, payer.userId],
        );
        await inHub((tx) => appendLedgerPush(tx, on(), { kind: 'ledger.salary', incentiveId }, null));
        return incentiveId;
      },
    },
    {
      ...{ words: 'payouts of commission', doctype: 'Journal Entry', calls: submitted, intent: 'ledger.payout' },
      kept: ['commission_payouts', 'erp_document'],
      make: async (n) => {
        const payoutId = await idOf(
          `with r as (insert into resellers (tenant_id, name, erp_supplier) values ($1, $2, $3) returning id),
             p as (insert into postings (tenant_id, kind, idem_key, posted_on) values ($1, 'commission_payout', $2, '2026-11-15')
               returning id)
           insert into commission_payouts (tenant_id, reseller_id, until, amount, state, made_by, made_at, paid_by, paid_at,
             method, posting_id)
           select $1, r.id, '2026-10-31', 110000, 'paid', $4, now(), $4, now(), 'transfer', p.id from r, p returning id`,
          [tenantId, `Toko ${n}`, n % 2 === 0 ? null : supplier, payer.userId],
        );
        await inHub((tx) => appendLedgerPush(tx, on(), { kind: 'ledger.payout', payoutId }, null));
        return payoutId;
      },
    },
    {
      ...{ words: 'that somebody came', doctype: 'Employee Checkin', calls: plain, intent: 'ledger.checkin' },
      kept: ['attendance', 'erp_checkin'],
      make: async (n) => {
        const checkInId = await idOf(
          `insert into attendance (tenant_id, user_id, client_ref, kind, at, latitude, longitude, is_outside)
           values ($1, $2, $3, 'in', $4, -6.2, 106.8, false) returning id`,
          [tenantId, payer.userId, randomUUID(), new Date(stage.time.now + n * 60_000)],
        );
        await inHub((tx) => appendLedgerPush(tx, on(), { kind: 'ledger.checkin', checkInId }, null));
        return checkInId;
      },
    },
    {
      ...{ words: 'complaints', doctype: 'Issue', calls: plain, intent: null, kept: null },
      make: async () => randomUUID(),
      bring: (push, hubRef) =>
        push.createIssue({ hubRef, customer: 'payer', subject: 'Lambat', description: 'sejak pagi' }),
    },
  ];
  return kinds;
}
