import { sql } from 'kysely';
import { instantAt, localDate } from '#domain/local-time.ts';
import type { Line } from '#features/subscriptions/schema.ts';
import type { Erpnext } from '#sandbox/erpnext/create-erpnext.ts';
import { fiberItem, smallIsp } from '#sandbox/erpnext/small-isp.ts';
import { eventually } from './eventually.ts';
import type { Client } from './http-client.ts';
import { isApplied, price, zone } from './isp.ts';
import { openJobs } from './run-job.ts';
import type { RunningHub } from './running-hub.ts';

export type Subscriber = { readonly id: string; readonly customerId: string; readonly username: string };

/** The time of the hub and of its ledger: it goes on, and can be moved ahead. */
export type Time = { readonly clock: () => number; to(date: string, hour: number, minute: number): void };

export function createTime(date: string): Time {
  let ahead = instantAt(date, 8, 0, zone) - Date.now();
  return {
    clock: () => Date.now() + ahead,
    to: (day, hour, minute) => {
      const there = instantAt(day, hour, minute, zone);
      if (there < Date.now() + ahead) throw new Error(`${day} is over`);
      ahead = there - Date.now();
    },
  };
}

/** Where bills are written: by the hub itself, or by the clerk and the scheduler of an ERPNext. */
type Books = {
  /** Bills of the month that begin or are over on this day, as the ledger makes them by itself. */
  billMonth(due: string, whose: readonly Subscriber[]): Promise<void>;
  /** A bill made by hand; answers what `creditNote` knows it by. */
  bill(who: Subscriber, dueDate: string): Promise<string>;
  creditNote(bill: string): Promise<void>;
  takeBack(payment: string): Promise<void>;
  /** To a faster plan, called Cepat, at twice the price. */
  hasten(who: Subscriber): Promise<void>;
  end(who: Subscriber): Promise<void>;
  /** What the customer owes, less what it has paid ahead, in rupiah. */
  balance(who: Subscriber): Promise<number>;
};

export type LedgerOffice = Books & {
  readonly admin: Client;
  register(name: string, mode: 'prepaid' | 'postpaid', dueDay: number): Promise<Subscriber>;
  /** Money at the counter; answers its id. */
  pay(who: Subscriber, amount: number): Promise<string>;
  /** Waits until the line is so, and RADIUS holds it. */
  becomes(who: Subscriber, state: Line['state']): Promise<void>;
  /** The name of the group that RADIUS has the line in, without the tenant's. */
  group(who: Subscriber): Promise<string | undefined>;
  close(): Promise<void>;
};

const fasterItem = 'FIBER-CEPAT';

async function addPlan(admin: Client, name: string, item: string, cost = price): Promise<string> {
  const plan = { name, speed_download: 50, speed_upload: 50, price: cost, erp_item: item };
  return (await admin.post<{ id: string }>('service-plans', plan)).id;
}

type Door = { readonly hub: RunningHub; readonly time: Time };

async function ownBooks({ hub, time }: Door, admin: Client, tenantId: string): Promise<Books & { close(): unknown }> {
  const jobs = openJobs(hub);
  return {
    billMonth: () => jobs.run('bills.run', tenantId, time.clock()),
    bill: async ({ customerId, id }, dueDate) => {
      const lines = [{ description: 'Internet', quantity: 1, unit_price: price }];
      const wanted = { customer_id: customerId, subscription_id: id, lines, due_date: dueDate };
      return (await admin.post<{ id: string }>('invoices', wanted)).id;
    },
    creditNote: async (bill) => void (await admin.post(`invoices/${bill}/credit-note`, { reason: 'no service' })),
    takeBack: async (payment) => void (await admin.post(`payments/${payment}/reverse`, { reason: 'bounced' })),
    hasten: async ({ id }) => {
      const service_plan_id = await addPlan(admin, 'Cepat', fasterItem, 2 * price);
      await admin.post(`subscriptions/${id}/change-plan`, { service_plan_id, reason: 'asked for it' });
    },
    end: async ({ id }) => void (await admin.post(`subscriptions/${id}/terminate`, { reason: 'moved away' })),
    balance: async ({ customerId }) =>
      (await admin.get<{ closing: number }>(`customers/${customerId}/statement`)).closing,
    close: () => jobs.close(),
  };
}

type Pushed = { readonly kind: string; readonly state: string };

type Open = { readonly name: string; readonly outstanding_amount?: number; readonly unallocated_amount?: number };

async function erpBooks({ hub }: Door, admin: Client, erp: Erpnext): Promise<Books> {
  const customerOf = async ({ customerId }: Subscriber): Promise<string> =>
    eventually(
      async () => (await admin.get<{ erp_customer: string | null }>(`customers/${customerId}`)).erp_customer ?? '',
      (name) => name !== '',
    );
  const subscriptionOf = ({ id }: Subscriber): Promise<string> =>
    eventually(
      async () => (await admin.get<{ erp_subscription: string | null }>(`subscriptions/${id}`)).erp_subscription ?? '',
      (name) => name !== '',
    );
  const listed = async (doctype: string, filters: unknown, fields: readonly string[]): Promise<readonly Open[]> => {
    const query = new URLSearchParams({
      filters: JSON.stringify(filters),
      fields: JSON.stringify(['name', ...fields]),
      limit_page_length: '0',
    });
    const answer = await fetch(`${erp.url}/api/resource/${encodeURIComponent(doctype)}?${query}`, {
      headers: { authorization: `token ${erp.apiKey}:${erp.apiSecret}` },
    });
    return ((await answer.json()) as { data: readonly Open[] }).data;
  };
  const bill = async (who: Subscriber, dueDate: string): Promise<string> =>
    erp.createInvoice({
      customer: await customerOf(who),
      subscription: await subscriptionOf(who),
      item: fiberItem,
      amount: price,
      due_date: dueDate,
    });
  return {
    bill,
    billMonth: async (due, whose) => {
      for (const who of whose) await bill(who, due);
    },
    creditNote: async (invoice) => void erp.creditNote(invoice),
    takeBack: async (payment) => {
      const name = await eventually(
        async () => (await admin.get<{ erp_payment: string | null }>(`payments/${payment}`)).erp_payment ?? '',
        (one) => one !== '',
      );
      erp.cancelPayment(name);
    },
    hasten: async (who) => {
      await addPlan(admin, 'Cepat', fasterItem, 2 * price);
      erp.createItem({ item_code: fasterItem });
      erp.createPlan({ name: 'Cepat', item: fasterItem, cost: 2 * price });
      const subscription = await subscriptionOf(who);
      // Whoever changes it in the moment in which it was made is told to bill it by hand.
      await eventually(
        () => hub.look(`select from ledger_documents where doctype = 'Subscription' and name = $1`, [subscription]),
        (known) => known.length > 0,
      );
      erp.update('Subscription', subscription, { plans: [{ plan: 'Cepat', qty: 1 }] });
    },
    end: async (who) => erp.cancelSubscription(await subscriptionOf(who)),
    // What the hub shows is what ERPNext says, as soon as the two have heard of each other.
    balance: async (who) => {
      const read = async () => {
        const customer = await customerOf(who);
        const submitted = ['docstatus', '=', 1];
        const invoices = await listed(
          'Sales Invoice',
          [['customer', '=', customer], submitted],
          ['outstanding_amount'],
        );
        const receipts = await listed('Payment Entry', [['party', '=', customer], submitted], ['unallocated_amount']);
        const owed = invoices.reduce((sum, { outstanding_amount: open = 0 }) => sum + open, 0);
        const there = owed - receipts.reduce((sum, { unallocated_amount: free = 0 }) => sum + free, 0);
        const told = await admin.get<{ closing: number }>(`customers/${who.customerId}/statement`);
        return { there, here: told.closing };
      };
      return (await eventually(read, ({ here, there }) => here === there)).here;
    },
  };
}

async function connect({ hub, time }: Door, admin: Client, subdomain: string): Promise<Erpnext> {
  const erp = await smallIsp({ now: () => new Date(time.clock()) });
  const secret = 'rahasia-webhook';
  const { url, apiKey, apiSecret } = erp;
  await admin.put('connections/erpnext', { url, api_key: apiKey, api_secret: apiSecret, webhook_secret: secret });
  erp.addWebhooks({ url: `${hub.url}/webhooks/erpnext/${subdomain}`, secret });
  return erp;
}

/** Whose bills count for a provider. */
export type LedgerName = 'its own' | 'ERPNext';

/** A provider with either ledger, and the same deeds for both. */
export async function openLedgerOffice(door: Door, ledger: LedgerName): Promise<LedgerOffice> {
  const { hub, time } = door;
  const { admin, tenantId, subdomain } = await hub.addOffice('isp');
  const erp = ledger === 'its own' ? null : await connect(door, admin, subdomain);
  const own = erp ? null : await ownBooks(door, admin, tenantId);
  const books = own ?? (erp && (await erpBooks(door, admin, erp)));
  if (!books) throw new Error('there are no books');
  const planId = await addPlan(admin, 'Home', fiberItem);
  return {
    ...books,
    admin,
    register: async (who, mode, dueDay) => {
      const form = { name: who, phone: '0812', address: 'Jl. Melati 5', service_plan_id: planId };
      const wanted = { ...form, billing_mode: mode, due_date: dueDay };
      const { id, subscription } = await admin.post<{ id: string; subscription: Line }>('customers', wanted);
      await eventually(() => admin.get<Line>(`subscriptions/${subscription.id}`), isApplied);
      // ERPNext gets the customer, the line, and the bill of its first days.
      await eventually(
        () => admin.get<{ data: readonly Pushed[] }>(`outbox?subscription_id=${subscription.id}&page_size=100`),
        ({ data }) => data.every(({ kind, state }) => !kind.startsWith('ledger.') || state === 'done'),
      );
      return { id: subscription.id, customerId: id, username: subscription.username };
    },
    pay: async ({ customerId }, amount) => {
      const payment_date = localDate(time.clock(), zone);
      const wanted = { customer_id: customerId, amount, payment_method: 'cash', payment_date };
      return (await admin.post<{ id: string }>('payments', wanted)).id;
    },
    becomes: async ({ id }, state) => {
      await eventually(
        () => admin.get<Line>(`subscriptions/${id}`),
        (line) => line.state === state && isApplied(line),
      );
    },
    group: async ({ username }) => {
      const [row] = await hub.radius.rows(
        sql`select groupname from radusergroup where username = ${username.toLowerCase()}`,
      );
      return row?.groupname?.split(':')[1];
    },
    close: async () => {
      await own?.close();
      await erp?.stop();
    },
  };
}
