import { randomBytes } from 'node:crypto';
import { runDailyJob } from './accounts/daily-job.ts';
import { furnishCompany, furnishUser, installHubFields } from './furnish.ts';
import { insertDocument } from './lifecycle/save.ts';
import type { RestServer } from './rest/rest-server.ts';
import { startRestServer } from './rest/rest-server.ts';
import { createSite, type Site } from './site/site.ts';
import { type Desk, openDesk } from './verbs/desk.ts';
import { type InvoiceVerbs, invoiceVerbs } from './verbs/invoices.ts';
import { type MasterVerbs, masterVerbs } from './verbs/masters.ts';
import { type PaymentVerbs, paymentVerbs } from './verbs/payments.ts';
import type { Delays, Delivery } from './webhooks/delivery.ts';
import { type Hooks, startHooks, usualWebhooks, webhookDocument } from './webhooks/hooks.ts';
import { sendQueue } from './webhooks/send-queue.ts';

export type ErpnextOptions = {
  /** 0: a free one. */
  readonly port?: number;
  readonly timeZone?: string;
  readonly company?: string;
  readonly currency?: string;
  readonly now?: () => Date;
  /** Missing ones are as on a real site: 1 s to the first try, pauses of 1.2 s and 4 s, a timeout of 5 s. */
  readonly delaysMs?: Partial<Delays>;
  readonly apiKey?: string;
  readonly apiSecret?: string;
  /** False: a site on which the hub's fields are not installed yet. */
  readonly customFields?: boolean;
  /** True: frappe/hrms is installed. */
  readonly payroll?: boolean;
  /** Of the user that the API key belongs to; the stand-in itself allows that user everything. */
  readonly roles?: readonly string[];
  /** False: its daily jobs do not run. */
  readonly scheduler?: boolean;
};

export type Erpnext = Desk &
  MasterVerbs &
  InvoiceVerbs &
  PaymentVerbs &
  Hooks &
  Pick<RestServer, 'url' | 'requests' | 'nonsense' | 'down' | 'up'> & {
    readonly apiKey: string;
    readonly apiSecret: string;
    /** Registers the usual webhooks (or those of `doctypes`) to one receiver, all signed with `secret`. */
    addWebhooks(to: { readonly url: string; readonly secret: string; readonly doctypes?: readonly string[] }): void;
    /**
     * Work at the desk that is stamped now and that nobody sees before `commit` is called, as that of a request which
     * takes its time.
     */
    slowly(work: (desk: Desk) => void): { commit(): void };
    /** Takes a document out of the database by hand, without a trace. */
    vanish(doctype: string, name: string): void;
    /** ERPNext's daily scheduler: silent "Overdue", noisy subscriptions. */
    dailyJob(): void;
    deliveries(): readonly Delivery[];
    /** Sends the stored body of a delivery again, with its old signature; answers the id of the new delivery. */
    replay(deliveryId: number): number;
    /** Waits until every webhook has arrived or was given up. */
    delivered(): Promise<void>;
    stop(): Promise<void>;
  };

/** An ERPNext 15 site on 127.0.0.1, in memory: REST, webhooks, and their manners. */
export async function createErpnext(options: ErpnextOptions = {}): Promise<Erpnext> {
  const site = createSite(siteSettings(options));
  furnishCompany(site);
  furnishUser(site, options.roles ?? ['System Manager', 'Accounts User', 'Sales User']);
  if (options.customFields !== false) installHubFields(site);
  const desk = openDesk(site);
  const queue = sendQueue(options.delaysMs ?? {}, site.settings.now);
  const hooks = startHooks(site, queue);
  const key = {
    apiKey: options.apiKey ?? randomBytes(8).toString('hex'),
    apiSecret: options.apiSecret ?? randomBytes(8).toString('hex'),
  };
  const server = await startRestServer(site, key, options.port ?? 0);
  return {
    ...desk,
    ...masterVerbs(site, desk),
    ...invoiceVerbs(site, desk),
    ...paymentVerbs(site, desk),
    ...hooks,
    ...server,
    ...key,
    addWebhooks: (to) => addWebhooks(site, to),
    slowly: (work) => {
      const slow = site.begin();
      work(openDesk(slow.site));
      return slow;
    },
    vanish: (doctype, name) => site.remove(doctype, name),
    dailyJob: () => runDailyJob(site),
    deliveries: queue.deliveries,
    replay: queue.replay,
    delivered: queue.idle,
    stop: async () => {
      await server.down();
      await queue.stop();
    },
  };
}

function siteSettings(options: ErpnextOptions) {
  const { company = 'Fiber ISP', timeZone = 'Asia/Jakarta' } = options;
  return {
    timeZone,
    company,
    hasPayroll: options.payroll === true,
    singles: {
      'System Settings': {
        time_zone: timeZone,
        country: 'Indonesia',
        enable_scheduler: options.scheduler === false ? 0 : 1,
      },
      'Global Defaults': { default_company: company },
      'Subscription Settings': { grace_period: 1, cancel_after_grace: 0, prorate: 1 },
    },
    abbreviation: company
      .split(/\s+/)
      .map((word) => word.charAt(0).toUpperCase())
      .join(''),
    currency: options.currency ?? 'IDR',
    now: options.now ?? (() => new Date()),
  };
}

function addWebhooks(site: Site, to: Parameters<Erpnext['addWebhooks']>[0]): void {
  for (const doctype of to.doctypes ?? Object.keys(usualWebhooks)) {
    for (const event of usualWebhooks[doctype] ?? []) {
      const document = webhookDocument(doctype, event, to.url, to.secret);
      site.transact('Administrator', (tx) => insertDocument(tx, 'Webhook', document));
    }
  }
}
