import type { Tx } from '#db/database.ts';
import type { ChargeMethod } from '#domain/charge.ts';
import { issueInvoice } from '#features/billing/verbs.ts';
import { type ChargeRow, openCharge } from '#features/charges/verbs.ts';
import { createCallbackReceivers } from '#inbox/receive-callback.ts';
import { settleCharges } from '#journeys/settle-charges.ts';
import { createAppendMessage } from '#outbox/append-message.ts';
import type { Who } from '#platform/caller.ts';
import type { GatewayDesk } from '#platform/gateway-desk.ts';
import { createLog } from '#platform/log.ts';
import { createRecipients } from '#platform/recipients.ts';
import { createFakeGateway } from '#ports/payment-gateway/fake.ts';
import type { TestHub } from '#test/pipeline/test-hub.ts';

type Shown = { readonly state: string; readonly problem: string | null; readonly payment_id: string | null };
type Paid = { readonly amount: string; readonly status: string; readonly unallocated: string };
let count = 0;

/** A tenant with one isolated line, its unpaid bill of 150,000, and a gateway in memory; `settle` is not running. */
export async function openTill(hub: TestHub) {
  count += 1;
  const gateway = createFakeGateway();
  const tenantId = await hub.addTenant();
  const line = await hub.addLine(tenantId, `budi${count}`);
  await hub.look('update customers set erp_customer = null where tenant_id = $1', [tenantId]);
  await hub.look('update subscriptions set erp_subscription = null where tenant_id = $1', [tenantId]);
  const [row] = await hub.look<{ id: string }>('select id from customers where tenant_id = $1', [tenantId]);
  const customerId = row?.id ?? '';
  await hub.look(
    `insert into users (tenant_id, email, name, role, password_hash) values ($1, $2, 'Ayu', 'admin', '-')`,
    [tenantId, `ayu${count}@isp.example`],
  );
  const bill = (tx: Tx) =>
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
    );
  const { invoiceId } = await hub.db.worker(tenantId, bill);
  await hub.settle();

  const desk: GatewayDesk = {
    connected: async () => [{ name: 'midtrans', methods: gateway.methods }],
    create: (_tenant, _gateway, order) => gateway.createCharge(order),
    status: (_tenant, _gateway, order) => gateway.status(order),
    refund: (_tenant, _gateway, order) => gateway.refund(order),
  };
  const appendMessage = createAppendMessage({ vaultOf: hub.vaultOf, recipients: createRecipients(hub.vault) });
  const opening = (over: Partial<GatewayDesk> = {}) => ({
    db: hub.db,
    clock: hub.clock,
    desk: { ...desk, ...over },
    publicUrl: 'http://hub.test',
  });
  const opener = { tenantId, correlationId: 'test', openedBy: null };
  const charge = (method: ChargeMethod = 'qris', over: Partial<GatewayDesk> = {}): Promise<ChargeRow> =>
    openCharge(opening(over), opener, { bill: invoiceId, method });

  const settling = (over: Partial<GatewayDesk> = {}, decide = hub.fetching.decide) => ({
    db: hub.db,
    clock: hub.clock,
    log: createLog('silent'),
    desk: { ...desk, ...over },
    appendMessage,
    decide,
    leaseMs: 60_000,
  });
  const makeDue = () => hub.look('update charge_looks set not_before = now(), locked_until = null');
  /** Makes every look due, and looks. */
  async function look(...how: Parameters<typeof settling>): Promise<void> {
    await makeDue();
    await settleCharges(settling(...how));
  }
  /** A callback arrives at a tenant's door; left out: what the gateway would send now, at its own. */
  async function told(orderId: string, at = tenantId, sent = gateway.callback(orderId)) {
    const senders = { find: async () => ({ tenantId: at, isActive: true, secrets: [] }) };
    const gatewayOf = async () => gateway;
    const { midtrans } = createCallbackReceivers({ db: hub.db, senders, gatewayOf, onNews: () => undefined });
    return midtrans?.('satu', sent.body, new Headers(sent.headers));
  }

  const chargeOf = async (id: string): Promise<Shown | undefined> =>
    (await hub.look<Shown>('select state, problem, payment_id from charges where id = $1', [id]))[0];
  const payments = () =>
    hub.look<Paid>(
      'select amount::text, status, unallocated::text from payments where tenant_id = $1 order by created_at',
      [tenantId],
    );
  const outstanding = async (): Promise<number> =>
    Number(
      (await hub.look<{ n: string }>('select outstanding::text as n from invoices where id = $1', [invoiceId]))[0]?.n,
    );
  const who: Who = {
    tenantId,
    caller: { userId: '16fd2706-8baf-433b-82eb-8c7fada847da', tenantId, role: 'finance' },
    correlationId: 'test',
    address: '192.0.2.1',
  };
  const money = (over: Partial<GatewayDesk> = {}) => ({ ...opening(over), appendMessage });

  return {
    gateway,
    tenantId,
    line,
    customerId,
    invoiceId,
    appendMessage,
    opening,
    opener,
    charge,
    settling,
    makeDue,
    look,
    told,
    chargeOf,
    payments,
    outstanding,
    who,
    money,
  };
}

export type Till = Awaited<ReturnType<typeof openTill>>;
