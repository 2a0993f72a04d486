import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Database, Tx } from '#db/database.ts';
import { cancelInvoice } from '#features/billing/cancel-invoice.ts';
import { creditInvoice } from '#features/billing/credit-note.ts';
import { issueByHand } from '#features/billing/issue-by-hand.ts';
import { getInvoice, getPayment, listInvoices, listPayments } from '#features/billing/listing.ts';
import { changePayment, recordPayment } from '#features/billing/pay-by-hand.ts';
import { readRevenue } from '#features/billing/revenue.ts';
import { readStatement } from '#features/billing/statement.ts';
import { refundPayment, reversePayment } from '#features/billing/take-back.ts';
import { payPayout } from '#features/commissions/pay.ts';
import * as payouts from '#features/commissions/payouts.ts';
import * as earned from '#features/commissions/reading.ts';
import * as rules from '#features/commissions/rules.ts';
import * as connections from '#features/connections/verbs.ts';
import * as integrations from '#features/integrations/verbs.ts';
import * as nas from '#features/nas/verbs.ts';
import { getOffer, replaceOffer } from '#features/resellers/offer.ts';
import * as resellers from '#features/resellers/verbs.ts';
import * as settings from '#features/settings/verbs.ts';
import { changePlanByHand, moveByHand } from '#features/subscriptions/by-hand.ts';
import { listPastSessions } from '#features/subscriptions/past-sessions.ts';
import { revealPassword, rotatePassword } from '#features/subscriptions/pppoe-password.ts';
import * as subscriptions from '#features/subscriptions/verbs.ts';
import type { Who } from '#platform/caller.ts';
import type { TenantVault } from '#platform/secrets.ts';

/** Whatever is asked of it is one question too many: nothing may be touched before the permission is. */
const untouchable = <T extends object>(): T =>
  new Proxy({} as T, {
    get: (_, name) => {
      throw new Error(`${String(name)} was touched`);
    },
  });

const keyWithout: Who = {
  tenantId: randomUUID(),
  caller: { userId: randomUUID(), tenantId: randomUUID(), role: 'api_key', scopes: [] },
  correlationId: 'c-1',
  address: '192.0.2.1',
};
const id = randomUUID();
const tx = untouchable<Tx>();
const vault = untouchable<TenantVault>();
const page = { page: 1, page_size: 10 };
const deps = untouchable<nas.NasDeps & connections.ConnectionsDeps & settings.SettingsDeps>();
const explaining = {
  db: untouchable<Database>(),
  radius: untouchable<Parameters<typeof subscriptions.getOnline>[0]>(),
};
const router = {
  name: 'CKP',
  address: '10.0.0.1',
  secret: 'x',
  coa_address: null,
  coa_port: 3799,
  type: 'other',
  sign_coa: true,
  require_message_authenticator: true,
  orders_per_second: 20,
};

const why = { reason: 'x' };
const money = { customer_id: id, amount: 1, payment_method: 'cash', notes: '', reference: null } as const;
const paid = { ...money, invoice_id: null, erp_invoice: null, payment_date: null };
const bill = { customer_id: id, subscription_id: null, reason: 'manual', lines: [], notes: '' } as const;

const partner = {
  ...{ name: 'Warung', phone: '', email: null, address: '', notes: '', is_active: true },
  ...{ erp_supplier: null, erp_employee: null },
};

const all = { reseller_id: null, service_plan_id: null };
const rule = {
  ...all,
  occasion: 'every' as const,
  kind: 'percent' as const,
  value: 1,
  tiers: [],
  valid_to: null,
  notes: '',
};

const verbs: Readonly<Record<string, (who: Who) => unknown>> = {
  'nas add': (who) => nas.addNas(deps, who, router),
  'nas change': (who) => nas.changeNas(deps, who, id, {}),
  'nas remove': (who) => nas.removeNas(deps, who, id),
  'nas get': (who) => nas.getNas(deps, who, id),
  'nas list': (who) => nas.findNas(deps, who, { ...page, sort: 'name' }),
  'connections connect': (who) => connections.connect(deps, who, { system: 'freeradius' }),
  'connections off': (who) => connections.disconnect(deps, who, 'erpnext'),
  'connections list': (who) => connections.findConnections(deps, who),
  'connections test': (who) => connections.testConnection(deps, who, 'erpnext'),
  'settings show': (who) => settings.showSettings(deps, who),
  'settings change': (who) => settings.changeSettings(deps, who, {}),
  'subscriptions list': (who) => subscriptions.listLines(tx, who, { ...page, sort: 'username' }, 0),
  'subscriptions get': (who) => subscriptions.getLineWithLinks(tx, who, id, 0),
  'subscriptions explain': (who) => subscriptions.explain(explaining, who, id),
  'subscriptions sessions': (who) => listPastSessions(explaining, who, id, page),
  'subscriptions move': (who) => moveByHand(tx, who, id, 'suspend', 'x', 0),
  'subscriptions change plan': (who) => changePlanByHand(tx, who, id, id, 'x'),
  'subscriptions reveal': (who) => revealPassword(tx, who, id, vault),
  'subscriptions rotate': (who) => rotatePassword(tx, who, id, vault),
  'invoices issue': (who) => issueByHand(tx, who, { ...bill, lines: [] }, 0),
  'invoices list': (who) => listInvoices(tx, who, { ...page, sort: '-created_at' }, 0),
  'invoices get': (who) => getInvoice(tx, who, id, 0),
  'invoices cancel': (who) => cancelInvoice(tx, who, id, why, 0),
  'invoices credit': (who) => creditInvoice(tx, who, id, why, 0),
  'customers statement': (who) => readStatement(tx, who, id, {}),
  'payments record': (who) => recordPayment(tx, who, paid, { idemKey: 'x', now: 0 }),
  'payments list': (who) => listPayments(tx, who, { ...page, sort: '-created_at' }, 0),
  'payments get': (who) => getPayment(tx, who, id, 0),
  'payments change': (who) => changePayment(tx, who, id, { status: 'paid' }, 0),
  'payments reverse': (who) => reversePayment(tx, who, id, why, 0),
  'payments refund': (who) => refundPayment(tx, who, id, { ...money, ...why, idemKey: 'x' }, 0),
  'billing revenue': (who) => readRevenue(tx, who, undefined, 0),
  'resellers add': (who) => resellers.addReseller(tx, who, partner),
  'resellers list': (who) => resellers.listResellers(tx, who, { ...page, is_active: 'all', sort: 'name' }),
  'resellers get': (who) => resellers.getReseller(tx, who, id),
  'resellers change': (who) => resellers.changeReseller(tx, who, id, {}),
  'resellers count': (who) => resellers.resellerStatistics(tx, who, id),
  'resellers plans': (who) => getOffer(tx, who, id),
  'resellers set plans': (who) => replaceOffer(tx, who, id, { plans: [] }),
  'commission rules add': (who) => rules.addRule(tx, who, rule, 0),
  'commission rules list': (who) => rules.listRules(tx, who, page),
  'commission rules get': (who) => rules.getRule(tx, who, id),
  'commission rules change': (who) => rules.changeRule(tx, who, id, {}, 0),
  'commission rules remove': (who) => rules.removeRule(tx, who, id),
  'commissions list': (who) => earned.listCommissions(tx, who, page),
  'commissions own': (who) => earned.listOwn(tx, who, page),
  'commissions this month': (who) => earned.earnedInMonth(tx, who, '2026-11'),
  'commissions sums': (who) => earned.summaryOf(tx, who, id, 0),
  'commissions own sums': (who) => earned.ownSummary(tx, who, 0),
  'payouts make': (who) => payouts.makePayouts(tx, who, { until: '2026-11-20', reseller_id: null }, 0),
  'payouts list': (who) => payouts.listPayouts(tx, who, page),
  'payouts get': (who) => payouts.getPayout(tx, who, id),
  'payouts approve': (who) => payouts.approvePayout(tx, who, id, 0),
  'payouts cancel': (who) => payouts.cancelPayout(tx, who, id),
  'payouts pay': (who) => payPayout(tx, who, id, { method: 'cash', reference: null }, 0, untouchable()),
  'events list': (who) => integrations.listEvents(tx, who, page),
  'events get': (who) => integrations.getEvent(tx, who, 1n),
  'events replay': (who) => integrations.replayEvent(tx, who, 1n),
  'outbox list': (who) => integrations.listIntents(tx, who, page),
  'outbox get': (who) => integrations.getIntent(tx, who, 1n),
  'outbox retry': (who) => integrations.retryIntent(tx, who, 1n),
};

describe('the verbs of the rooms', () => {
  it.each(Object.entries(verbs))(
    'I3, P7: %s asks for the permission itself, before anything is touched',
    async (_, verb) => {
      await expect((async () => verb(keyWithout))()).rejects.toMatchObject({ code: 'FORBIDDEN' });
    },
  );
});
