import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createBuiltinTracker } from '#connectors/builtin/asset-tracker.ts';
import { takePayment } from '#features/billing/verbs.ts';
import { pushCustomer } from '#journeys/push-customer.ts';
import { createSettleCommission } from '#journeys/settle-commission.ts';
import { createStock } from '#main/stock.ts';
import { createPacing } from '#outbox/nas-pace.ts';
import { createLog } from '#platform/log.ts';
import { createUnsubscribeLinks } from '#platform/unsubscribe-links.ts';
import { createFakeLedger, type FakeLedger } from '#ports/ledger/fake.ts';
import { createFakeWebhookSender } from '#ports/webhook-sender/fake.ts';
import { type BridgeRoom, createBridgeRoom } from '#test/features/bridge-room.ts';
import { type Office, openOffice } from '#test/setup/office.ts';
import { type Busy, dispatchLane, lanes } from './dispatch.ts';
import type { Dispatching } from './dispatching.ts';

let room: BridgeRoom;

beforeAll(async () => {
  room = await createBridgeRoom(inject('postgresUrl'));
});
afterAll(() => room.close());

type Pushed = Office & { readonly id: string; readonly ledger: FakeLedger; readonly run: () => Promise<void> };

/** A customer who is to be one of the ledger, and the lane that brings it there. */
async function pushed(): Promise<Pushed> {
  const office = await openOffice(room);
  const ledger = createFakeLedger(() => new Date());
  const { id } = (await office.registered({ email: 'budi@contoh.id' })).body;
  const { id: tenantId, adminId } = office.tenant;
  await room.look(`insert into connections (tenant_id, system, settings, secrets) values ($1, 'erpnext', '{}', '-')`, [
    tenantId,
  ]);
  const caller = { userId: adminId, tenantId, role: 'admin' };
  const who = { tenantId, caller, correlationId: 'c-1', address: '' };
  await room.db.tenant(tenantId, (tx) => pushCustomer(tx, who, String(id)));
  await room.look(`update outbox set state = 'done' where tenant_id <> $1 or kind <> 'ledger.customer'`, [tenantId]);
  const dispatching: Dispatching = {
    db: room.db,
    log: createLog('silent'),
    vaultOf: room.vaultOf,
    enforcerOf: async () => null,
    ledgerOf: async () => ledger,
    mail: { notifierOf: async () => null, unsubscribeLinks: createUnsubscribeLinks(room.vault, 'https://hub.example') },
    hooks: { sender: createFakeWebhookSender(), appendMessage: office.registering.appendMessage },
    settleCommission: createSettleCommission(Date.now),
    stock: createStock(room.db, Date.now, async (id) => createBuiltinTracker(room.db, id)),
    pacing: createPacing(),
    handing: null,
    leaseMs: 1_000,
  };
  const lane = lanes.find(({ kinds }) => kinds.includes('ledger.customer'));
  if (!lane) throw new Error('no lane carries customers');
  const run = async (): Promise<void> => {
    await room.look(`update outbox set next_at = now() where state = 'ready'`);
    const busy: Busy = new Map();
    await dispatchLane(dispatching, lane, busy);
    await Promise.all(busy.keys());
  };
  return { ...office, id: String(id), ledger, run };
}

const stateOf = async ({ tenant }: Office): Promise<unknown> =>
  (await room.look(`select state from outbox where tenant_id = $1 and kind = 'ledger.customer'`, [tenant.id]))[0];

describe('a customer on its way to the ledger', () => {
  it('L1, B1: it is made there, and its name there is kept and linked', async () => {
    const office = await pushed();
    await office.run();
    expect(office.ledger.get('Customer', 'Budi')).toMatchObject({ phone: '0812', email: 'budi@contoh.id' });
    expect((await office.customers('GET', `/customers/${office.id}`)).body.erp_customer).toBe('Budi');
    const links = await room.look(
      `select value, source from bridge_links where tenant_id = $1 and kind = 'erp_customer'`,
      [office.tenant.id],
    );
    expect(links).toEqual([{ value: 'Budi', source: 'hub' }]);
    expect(await stateOf(office)).toEqual({ state: 'done' });
  });

  it('L1, R4: who registers in the hub goes there with line and first bill, one after the other, each once', async () => {
    const office = await pushed();
    const { id: tenantId } = office.tenant;
    await room.look(`update service_plans set erp_item = 'HOME-10' where tenant_id = $1`, [tenantId]);
    office.ledger.put({ kind: 'plan', name: 'HOME', item: 'HOME-10', cost: 150_000n });
    const { body } = await office.registered({ name: 'Siti', billing_mode: 'prepaid', due_day: 1 });
    await room.look(`update outbox set state = 'done' where tenant_id = $1 and kind not like 'ledger.%'`, [tenantId]);
    const isLeft = async (): Promise<boolean> => {
      const left = await room.look(`select 1 from outbox where tenant_id = $1 and state in ('ready', 'running')`, [
        tenantId,
      ]);
      return left.length > 0;
    };
    for (let tries = 0; tries < 40 && (await isLeft()); tries += 1) await office.run();
    // A line that comes before its customer has the customer brought again; what is on its way already takes its place.
    const rows = await room.look(
      `select kind, state from outbox where tenant_id = $1 and kind like 'ledger.%' and state <> 'superseded' order by id`,
      [tenantId],
    );
    expect(rows).toEqual(
      ['ledger.customer', 'ledger.customer', 'ledger.subscription', 'ledger.invoice'].map((kind) => ({
        kind,
        state: 'done',
      })),
    );
    const [line] = await room.look<{ id: string; erp_subscription: string; username: string }>(
      'select id, erp_subscription, username from subscriptions where tenant_id = $1 and customer_id = $2',
      [tenantId, body.id],
    );
    const subscription = office.ledger.get('Subscription', line?.erp_subscription ?? '');
    expect(subscription).toMatchObject({ customer: 'Siti', plans: ['HOME'], username: line?.username });
    const [bill] = await room.look<{ erp_invoice: string; ref: string }>(
      'select ref, erp_invoice from ledger_invoices where tenant_id = $1',
      [tenantId],
    );
    expect(bill?.ref).toBe(`first:${line?.id}`);
    const made = office.ledger.get('Sales Invoice', bill?.erp_invoice ?? '');
    expect(made).toMatchObject({ customer: 'Siti', subscription: line?.erp_subscription, items: ['HOME-10'] });
  });

  it('REL-19: a hub that died before it could note the name makes no second one', async () => {
    const office = await pushed();
    await office.ledger.createCustomer({ hubRef: office.id, name: 'Budi', phone: '0812', email: null, address: '-' });
    await office.run();
    expect(office.ledger.get('Customer', 'Budi - 1')).toBeUndefined();
    expect((await office.customers('GET', `/customers/${office.id}`)).body.erp_customer).toBe('Budi');
  });

  it('a ledger that is away is tried again; what it refuses is for a person', async () => {
    const office = await pushed();
    office.ledger.fail({ reason: 'unreachable', detail: 'down' });
    await office.run();
    expect(await stateOf(office)).toEqual({ state: 'ready' });
    office.ledger.fail({ reason: 'rejected', detail: 'no such field' });
    await office.run();
    expect(await stateOf(office)).toEqual({ state: 'dead' });
  });

  it('SEC-28: who was erased meanwhile is not sent, and what waited for it is given up and told', async () => {
    const office = await pushed();
    const money = { customerId: office.id, amount: 5n, method: 'cash' as const, paidAt: new Date(), idemKey: 'k-1' };
    const on = { tenantId: office.tenant.id, correlationId: 'c-2', takenBy: null };
    await room.db.tenant(office.tenant.id, (tx) => takePayment(tx, on, money));
    await room.look(`update customers set erased_at = now() where id = $1`, [office.id]);
    await office.run();
    const [paid] = await room.look<{ erp_error: string }>('select erp_error from payments where tenant_id = $1', [
      office.tenant.id,
    ]);
    expect(paid?.erp_error).toContain('erased');
    const told = await room.look(`select event from messages where tenant_id = $1 and event = 'push_refused'`, [
      office.tenant.id,
    ]);
    expect(told).toEqual([{ event: 'push_refused' }]);
    expect(office.ledger.calls('createCustomer')).toBe(0);
    expect(await stateOf(office)).toEqual({ state: 'superseded' });
  });
});
