import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { LedgerCustomer, LedgerSubscription } from '#domain/facts.ts';
import type { Adopt } from '#inbox/adopt.ts';
import { createLog } from '#platform/log.ts';
import { createTestBridge, type TestBridge } from '#test/setup/bridge.ts';
import { type Office, openOffice } from '#test/setup/office.ts';
import { createAdopt } from './adopt.ts';

let bridge: TestBridge;
let logged: string[] = [];

beforeAll(async () => {
  bridge = await createTestBridge(inject('postgresUrl'));
});
afterAll(() => bridge.close());

const log = createLog('warn', { write: (line) => logged.push(line) });

type Adoption = Office & {
  readonly adopt: (more?: Partial<LedgerSubscription>, customer?: Partial<LedgerCustomer> | null) => Promise<void>;
  readonly adoption: Adopt;
  readonly lines: () => Promise<Record<string, unknown>[]>;
  /** Usernames that the ledger is to be told. */
  readonly told: () => Promise<string[]>;
};

/** An office whose plan is mapped to HOME-10, beside a ledger with a subscription of Budi Santoso. */
async function openAdoption(furnishing: Parameters<typeof openOffice>[1] = {}): Promise<Adoption> {
  const office = await openOffice(bridge, furnishing);
  await office.plans('PATCH', `/service-plans/${office.planId}`, { erp_item: 'HOME-10' });
  logged = [];
  const adoption: Adopt = createAdopt({ ...office.around, log });
  const { id } = office.tenant;
  return {
    ...office,
    adoption,
    adopt: (more = {}, customer = {}) =>
      bridge.db.worker(id, (tx) =>
        adoption.line(
          tx,
          id,
          {
            repriced: null,
            subscription: {
              kind: 'subscription',
              name: 'SUB-1',
              customer: 'Budi Santoso',
              cancelled: false,
              plans: ['Home 10 monthly'],
              billingMode: null,
              dueDay: null,
              username: null,
              ...more,
            },
            billed: [...(more.plans ?? ['Home 10 monthly']), 'HOME-10'],
            customer: customer && {
              kind: 'customer',
              name: 'Budi Santoso',
              customerName: 'Budi S.',
              phone: '0812',
              email: null,
              address: null,
              disabled: false,
              ...customer,
            },
          },
          'c-1',
        ),
      ),
    lines: () =>
      bridge.look(
        `select s.id, s.username, s.billing_mode, s.due_day, s.service_plan_id, s.erp_subscription, c.name, c.phone, c.address,
           c.erp_customer, c.customer_code from subscriptions s join customers c on c.id = s.customer_id
         where s.tenant_id = $1 order by s.created_at, s.username`,
        [id],
      ),
    told: async () => {
      const rows = await bridge.look<{ intent: { username: string } }>(
        `select intent from outbox where tenant_id = $1 and kind = 'ledger.username' and state = 'ready'`,
        [id],
      );
      return rows.map(({ intent }) => intent.username);
    },
  };
}

describe('adoption of the ledger’s subscriptions', () => {
  it('L1: a subscription with a mapped plan becomes a customer with a line, and the ledger is told its username', async () => {
    const { adopt, lines, told, planId } = await openAdoption();
    await adopt({ billingMode: 'prepaid', dueDay: 3 });
    expect(await lines()).toEqual([
      expect.objectContaining({
        name: 'Budi S.',
        phone: '0812',
        address: '-',
        erp_customer: 'Budi Santoso',
        erp_subscription: 'SUB-1',
        username: 'CUST001',
        billing_mode: 'prepaid',
        due_day: 3,
        service_plan_id: planId,
      }),
    ]);
    expect(await told()).toEqual(['CUST001']);
  });

  it('A3, C9: what arises in ERPNext waits for a technician only where the tenant wants that, and has one order', async () => {
    for (const order_from_erpnext of [false, true]) {
      const { adopt, lines, tenant } = await openAdoption({ settings: { field_work: { order_from_erpnext } } });
      for (const phone of ['0812', '0813']) await adopt({}, { phone });
      const [line] = await lines();
      const orders = await bridge.look(
        `select o.kind, o.source, o.state, o.number like 'SPK202502___' as is_numbered, s.installed_at is null as waits
           from subscriptions s left join work_orders o on o.subscription_id = s.id where s.tenant_id = $1 and s.id = $2`,
        [tenant.id, line?.id],
      );
      const order = { kind: 'install', source: 'erpnext', state: 'issued', is_numbered: true, waits: true };
      const none = { kind: null, source: null, state: null, is_numbered: null, waits: false };
      expect(orders).toEqual([order_from_erpnext ? order : none]);
    }
  });

  it('B3: what a customer owed before it was adopted is read, however its line came about', async () => {
    const marks = async ({ tenant }: Office) =>
      bridge.look(`select name from dirty_documents where tenant_id = $1 and doctype = '@customer'`, [tenant.id]);
    const [fresh, linked, learned] = [await openAdoption(), await openAdoption(), await openAdoption()];
    await fresh.adopt();
    await linked.registered({ username: 'budi' });
    await linked.adopt({ username: 'budi' });
    await learned.registered({ erp_subscription: 'SUB-1' });
    await learned.adopt();
    for (const office of [fresh, linked, learned]) expect(await marks(office)).toEqual([{ name: 'Budi Santoso' }]);
  });

  it('L1: seen again it makes nothing twice, and what the hub owns stays', async () => {
    const { adopt, lines, told } = await openAdoption();
    await adopt();
    const before = await lines();
    await adopt({ username: 'CUST001' });
    await adopt();
    expect(await lines()).toEqual(before);
    expect(await told()).toEqual(['CUST001']);
  });

  it('L1: two workers that see one subscription at once make one line', async () => {
    for (let round = 0; round < 5; round++) {
      const { adopt, lines } = await openAdoption();
      await Promise.all([adopt(), adopt(), adopt()]);
      expect(await lines()).toHaveLength(1);
      expect(logged).toEqual([]);
    }
  });

  it('L1: two subscriptions of one customer, seen at once, are two lines of one customer', async () => {
    for (let round = 0; round < 5; round++) {
      const { adopt, lines } = await openAdoption();
      await Promise.all([adopt(), adopt({ name: 'SUB-2' })]);
      const found = await lines();
      expect(found.map((line) => line.erp_subscription).sort()).toEqual(['SUB-1', 'SUB-2']);
      expect(found.map((line) => line.username).sort()).toEqual(['CUST001', 'CUST001-2']);
      expect(new Set(found.map((line) => line.customer_code))).toEqual(new Set(['CUST001']));
    }
  });

  it('L1: a subscription without a mapped plan, and a cancelled one, become nothing; the log says what to map', async () => {
    const { adoption, adopt, lines, tenant } = await openAdoption();
    await adopt({ cancelled: true });
    expect(logged).toEqual([]);
    const subscription = {
      kind: 'subscription' as const,
      name: 'SUB-9',
      customer: 'Ani',
      cancelled: false,
      plans: ['TV'],
      billingMode: null,
      dueDay: null,
      username: null,
    };
    const line = { subscription, billed: ['TV', 'TV-ITEM'], customer: null, repriced: null };
    await bridge.db.worker(tenant.id, (tx) => adoption.line(tx, tenant.id, line, 'c-1'));
    expect(await lines()).toEqual([]);
    expect(logged.join()).toContain('TV or TV-ITEM');
  });

  it('C7: a username that the ledger brings is kept where it is free, else another is taken and told', async () => {
    const { adopt, lines, told, registered, tenant } = await openAdoption();
    await registered({ username: 'ani', erp_customer: 'Ani' });
    await adopt({ username: 'budi.home' });
    await adopt({ name: 'SUB-2', username: 'ANI' });
    await adopt({ name: 'SUB-3', username: 'no name' });
    const names = (await lines()).map((line) => line.username);
    expect(names).toEqual(['ani', 'budi.home', `ani@${tenant.subdomain}`, 'CUST002']);
    expect((await told()).sort()).toEqual(['CUST002', `ani@${tenant.subdomain}`].sort());
  });

  it('L1: mode, due day and plan follow the ledger, at the new plan’s price, and the line is decided about anew', async () => {
    const { adopt, lines, plans, tenant } = await openAdoption();
    await adopt();
    const { body } = await plans('POST', '/service-plans', {
      name: 'Home 20',
      speed_download: 20,
      speed_upload: 10,
      price: 250_000,
      erp_item: 'Home 20 monthly',
    });
    await plans('PATCH', `/service-plans/${(await lines())[0]?.service_plan_id}`, { erp_item: null });
    await bridge.look('delete from dirty_lines where tenant_id = $1', [tenant.id]);
    await adopt({ billingMode: 'prepaid', dueDay: 7, plans: ['Home 20 monthly'] });
    expect(await lines()).toMatchObject([{ billing_mode: 'prepaid', due_day: 7, service_plan_id: body.id }]);
    const [line] = await bridge.look('select monthly_fee::int as fee from subscriptions where tenant_id = $1', [
      tenant.id,
    ]);
    expect(line).toEqual({ fee: 250_000 });
    expect(await bridge.look('select cause from dirty_lines where tenant_id = $1', [tenant.id])).toEqual([
      { cause: 'Subscription SUB-1' },
    ]);
  });

  it('B1: a line that was registered for the ledger’s customer by hand is linked, not doubled', async () => {
    const { adopt, lines, told, registered } = await openAdoption();
    await registered({ erp_customer: 'Budi Santoso', username: 'budi' });
    await adopt();
    expect(await lines()).toMatchObject([{ username: 'budi', erp_subscription: 'SUB-1' }]);
    expect(await told()).toEqual(['budi']);
  });

  it('B1: a line that carries the ledger’s username is that subscription’s, and its customer the ledger’s', async () => {
    const { adopt, lines, registered } = await openAdoption();
    await registered({ username: 'budi' });
    await adopt({ username: 'BUDI' });
    expect(await lines()).toMatchObject([
      { username: 'budi', erp_subscription: 'SUB-1', erp_customer: 'Budi Santoso' },
    ]);
    await adopt({ name: 'SUB-2' });
    expect(await lines()).toHaveLength(2);
    expect(new Set((await lines()).map((line) => line.customer_code))).toEqual(new Set(['CUST001']));
  });

  it('B1: another customer’s line is never taken over by its username', async () => {
    const { adopt, lines, registered, tenant } = await openAdoption();
    await registered({ username: 'budi', erp_customer: 'Ani' });
    await adopt({ username: 'budi' });
    expect((await lines()).map((line) => [line.username, line.erp_customer])).toEqual([
      ['budi', 'Ani'],
      [`budi@${tenant.subdomain}`, 'Budi Santoso'],
    ]);
  });

  it('B1: a line registered with its subscription alone learns its customer', async () => {
    const { adopt, lines, registered } = await openAdoption();
    await registered({ erp_subscription: 'SUB-1' });
    await adopt();
    expect(await lines()).toMatchObject([{ erp_subscription: 'SUB-1', erp_customer: 'Budi Santoso' }]);
  });

  it('L1: names, phones and e-mail follow the ledger; what it leaves open stays', async () => {
    const { adoption, adopt, lines, tenant } = await openAdoption();
    await adopt();
    const customer = {
      kind: 'customer' as const,
      name: 'Budi Santoso',
      customerName: 'Budi Santoso, SE',
      phone: null,
      email: 'b@x.id',
      address: null,
      disabled: false,
    };
    await bridge.db.worker(tenant.id, (tx) => adoption.customer(tx, tenant.id, customer));
    expect(await lines()).toMatchObject([{ name: 'Budi Santoso, SE', phone: '0812', erp_customer: 'Budi Santoso' }]);
    const emails = await bridge.look('select email from customers where tenant_id = $1', [tenant.id]);
    expect(emails).toEqual([{ email: 'b@x.id' }]);
  });
});
