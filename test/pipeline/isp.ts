import { randomBytes } from 'node:crypto';
import { addDays, localDate } from '#domain/local-time.ts';
import type { Explanation, Line, LineDetail } from '#features/subscriptions/schema.ts';
import type { Clock } from '#platform/clock.ts';
import type { Erpnext, ErpnextOptions } from '#sandbox/erpnext/create-erpnext.ts';
import { fiberItem, smallIsp } from '#sandbox/erpnext/small-isp.ts';
import { eventually } from './eventually.ts';
import type { Client } from './http-client.ts';
import type { Office, RunningHub } from './running-hub.ts';

export const zone = 'Asia/Jakarta';
export const price = 150_000;
/** What `Mikrotik-Rate-Limit` says of 50 Mbps down and 25 up. */
export const planRate = '25M/50M';
export const isolirRate = '512k/512k';

export type Subscriber = {
  readonly id: string;
  readonly customerId: string;
  /** Its customer's name in ERPNext. */
  readonly erpCustomer: string;
  readonly username: string;
  readonly password: string;
};

type Registered = {
  readonly id: string;
  readonly subscription: { readonly id: string; readonly username: string; readonly password: string };
};

/** An Internet provider: a tenant of the hub, and its ERPNext with webhooks to it. */
export type Isp = Office & {
  readonly erp: Erpnext;
  readonly planId: string;
  readonly webhookSecret: string;
  /** Registers a customer of ERPNext on the plan, and waits until RADIUS holds it. */
  addSubscriber(name: string, more?: Readonly<Record<string, unknown>>): Promise<Subscriber>;
  /** A bill that has been due for three days; ERPNext tells the hub by itself. Answers its name. */
  billOverdue(who: Pick<Subscriber, 'erpCustomer'>): string;
  line(who: Pick<Subscriber, 'id'>): Promise<LineDetail>;
  explain(who: Pick<Subscriber, 'id'>): Promise<Explanation>;
  /** Waits until a decision of this state stands and RADIUS holds it. */
  becomes(who: Pick<Subscriber, 'id'>, state: Line['state'], withinMs?: number): Promise<LineDetail>;
  stop(): Promise<void>;
};

export const isApplied = (line: Line): boolean =>
  line.generation !== null && line.generation === line.applied_generation;

/** Connects an ERPNext to a tenant, as its admin would, and sends its webhooks there. */
async function connectErpnext(erp: Erpnext, hubUrl: string, office: Office): Promise<string> {
  const secret = randomBytes(12).toString('hex');
  const { url, apiKey, apiSecret } = erp;
  const settings = { url, api_key: apiKey, api_secret: apiSecret, webhook_secret: secret };
  await office.admin.put('connections/erpnext', settings);
  erp.addWebhooks({ url: `${hubUrl}/webhooks/erpnext/${office.subdomain}`, secret });
  return secret;
}

const addPlan = async (admin: Client): Promise<string> => {
  const plan = { name: 'Home 50', speed_download: 50, speed_upload: 25, price, erp_item: fiberItem };
  return (await admin.post<{ id: string }>('service-plans', plan)).id;
};

/** A provider with one plan; `clock` must be the hub's. */
export async function openIsp(
  hub: Pick<RunningHub, 'url' | 'addOffice'>,
  clock: Clock,
  name = 'isp',
  site: ErpnextOptions = {},
): Promise<Isp> {
  const office = await hub.addOffice(name);
  const { admin } = office;
  const erp = await smallIsp({ now: () => new Date(clock()), ...site });
  const webhookSecret = await connectErpnext(erp, hub.url, office);
  const planId = await addPlan(admin);

  const line: Isp['line'] = ({ id }) => admin.get<LineDetail>(`subscriptions/${id}`);
  const becomes: Isp['becomes'] = (who, state, withinMs) =>
    eventually(
      () => line(who),
      (now) => now.state === state && isApplied(now),
      withinMs,
    );
  return {
    ...office,
    erp,
    planId,
    webhookSecret,
    line,
    becomes,
    explain: ({ id }) => admin.get<Explanation>(`subscriptions/${id}/explain`),
    async addSubscriber(erpCustomer, more = {}) {
      erp.createCustomer({ customer_name: erpCustomer, mobile_no: '+6281200000002' });
      const form = { name: erpCustomer, phone: '0812', address: 'Jl. Melati 5', service_plan_id: planId };
      const wanted = { ...form, erp_customer: erpCustomer, ...more };
      const { id, subscription } = await admin.post<Registered>('customers', wanted);
      await eventually(() => line(subscription), isApplied);
      const { username, password } = subscription;
      return { id: subscription.id, customerId: id, erpCustomer, username, password };
    },
    billOverdue: ({ erpCustomer }) =>
      erp.createInvoice({
        customer: erpCustomer,
        item: fiberItem,
        amount: price,
        due_date: addDays(localDate(clock(), zone), -3),
      }),
    stop: () => erp.stop(),
  };
}
