import { z } from 'zod';
import { ok, type Result } from '#domain/result.ts';
import type { LedgerFailure } from '#ports/ledger/port.ts';
import type { SetupStep, WantedSetup } from '#ports/ledger/setup.ts';
import type { ErpnextClient, Fields } from '../client.ts';
import { doctypes } from '../doctypes.ts';
import type { ErpnextMapping } from '../mapping.ts';
import { companyOf } from '../push/company.ts';
import { accountOf } from '../push/journal.ts';
import { readSiteZone } from '../site-time.ts';
import { live } from '../subscriptions.ts';
import { sweep } from '../sweep.ts';

type Step = Promise<SetupStep>;
type Answer<T> = Promise<Result<T, LedgerFailure>>;

/** Each may be read by the API key's user, or what is in the way. */
async function readable(client: ErpnextClient, doctype: string): Answer<SetupStep> {
  const of = `reading ${doctype}`;
  const list = await client.list(doctype, { fields: ['name'], filters: [], pageLength: 1 });
  if (list.ok) return ok({ of, state: 'there', words: 'allowed' });
  const { reason, detail } = list.error;
  if (reason === 'unreachable' || reason === 'nonsense') return list;
  return ok({ of, state: 'todo', words: `give the API key's user a role that may (${detail})` });
}

const rolesShape = z.object({ roles: z.array(z.object({ role: z.string() })) });

/** A role that writes each of them as ERPNext comes; a site may have its own. */
const writers: readonly (readonly [what: string, roles: readonly string[]])[] = [
  ['webhooks, custom fields and the site’s settings', ['System Manager']],
  ['payments, bills and subscriptions', ['Accounts User', 'Accounts Manager']],
  ['customers', ['Sales User', 'Sales Manager', 'Sales Master Manager']],
];

async function roles(client: ErpnextClient): Promise<readonly SetupStep[]> {
  const user = await client.call('frappe.auth.get_logged_user');
  const document = user.ok && typeof user.value === 'string' ? await client.document('User', user.value) : null;
  const read = document?.ok ? rolesShape.safeParse(document.value) : null;
  const of = 'permissions';
  if (!read?.success) return [{ of, state: 'advice', words: 'the roles of the API key’s user could not be read' }];
  const own = new Set(read.data.roles.map(({ role }) => role));
  const lacking = writers.filter(([, some]) => !some.some((role) => own.has(role)));
  if (lacking.length === 0) return [{ of, state: 'there', words: 'the API key’s user has the usual roles' }];
  return lacking.map(([what, some]) => ({
    of,
    state: 'advice',
    words: `${what} are usually written by the role ${some.join(' or ')}, which the API key’s user has not`,
  }));
}

async function zone(client: ErpnextClient, { timeZone }: WantedSetup): Step {
  const of = 'time zone';
  const site = await readSiteZone(client);
  if (site === timeZone) return { of, state: 'there', words: timeZone };
  if (site === null)
    return { of, state: 'todo', words: 'could not be read: give the API user the role System Manager' };
  const words = `the site is in ${site}, the tenant in ${timeZone}: bills fall due by the tenant’s days; set one of the two`;
  return { of, state: 'todo', words };
}

const switchShape = z.object({ enable_scheduler: z.string().nullable() });

async function scheduler(client: ErpnextClient): Step {
  const of = 'scheduler';
  const query = { doctype: 'System Settings', fieldname: '["enable_scheduler"]' };
  const answer = await client.call('frappe.client.get_value', query);
  const read = answer.ok ? switchShape.safeParse(answer.value) : null;
  if (!read?.success) return { of, state: 'advice', words: 'whether it runs could not be read' };
  if (read.data.enable_scheduler === '1') return { of, state: 'there', words: 'on' };
  const words = 'is off: ERPNext makes no bills by itself; switch it on (System Settings, or bench enable-scheduler)';
  return { of, state: 'todo', words };
}

async function accounts(client: ErpnextClient): Step {
  const of = 'accounts';
  const company = await companyOf(client, null);
  if (!company.ok) return { of, state: 'todo', words: company.error.detail };
  const { name, default_cash_account: cash, default_bank_account: bank } = company.value;
  if (cash !== null && bank !== null) return { of, state: 'there', words: `${cash}, ${bank}` };
  const lacking = [cash === null ? 'cash' : null, bank === null ? 'bank' : null].filter((one) => one !== null);
  const words = `${name} has no default ${lacking.join(' and ')} account: money that the hub takes has nowhere to go`;
  return { of, state: 'todo', words };
}

/** Where commission of resellers is booked; a tenant without resellers needs none of it. */
async function commission(client: ErpnextClient, { commissionAccount }: WantedSetup): Step {
  const of = 'commission';
  const company = await companyOf(client, null);
  const account = company.ok ? await accountOf(client, company.value, commissionAccount) : company;
  if (!company.ok || !account.ok) {
    const detail = account.ok ? '' : account.error.detail;
    return { of, state: 'advice', words: `commission of resellers cannot be booked: ${detail}` };
  }
  const { name, default_payable_account: payable } = company.value;
  if (payable !== null) return { of, state: 'there', words: `${account.value}, ${payable}` };
  return {
    of,
    state: 'advice',
    words: `${name} has no default payable account: resellers who are suppliers cannot be paid`,
  };
}

const some = (rows: readonly Fields[]): string =>
  `${rows.length} Subscriptions (${rows
    .slice(0, 3)
    .map(({ name }) => String(name))
    .join(', ')}${rows.length > 3 ? ' …' : ''})`;

/** How ERPNext bills: prepaid before the period begins (spec R4), and whoever owes as well. */
async function billing(
  client: ErpnextClient,
  { billing_mode: modeField }: ErpnextMapping['Subscription'],
  { billingMode }: WantedSetup,
): Promise<readonly SetupStep[]> {
  const of = 'subscriptions';
  const fields = ['name', 'generate_invoice_at', 'generate_new_invoices_past_due_date', modeField];
  const swept = await sweep(client, 'Subscription', { fields, filters: live, pageLength: 500 });
  if (!swept.ok)
    return [{ of, state: 'advice', words: `how they are billed could not be read: ${swept.error.detail}` }];
  const { rows } = swept.value;
  const modeOf = (row: Fields): unknown => row[modeField] || billingMode;
  const late = rows.filter(
    (row) => modeOf(row) === 'prepaid' && !String(row.generate_invoice_at).startsWith('Days before'),
  );
  const blocked = rows.filter((row) => row.generate_new_invoices_past_due_date !== '1');
  const steps: SetupStep[] = [];
  if (late.length > 0) {
    const words = `${some(late)} are prepaid and billed when the period has begun: isolated the day they are billed. Set "Days before the current subscription period", 7`;
    steps.push({ of, state: 'advice', words });
  }
  if (blocked.length > 0) {
    const words = `${some(blocked)} get no further bill while one is unpaid: tick "Generate New Invoices Past Due Date"`;
    steps.push({ of, state: 'advice', words });
  }
  return steps.length > 0 ? steps : [{ of, state: 'there', words: 'billed in time' }];
}

/** What the hub can only look at: permissions, zone, scheduler, accounts, how subscriptions are billed. */
export async function lookAtSite(
  client: ErpnextClient,
  mapping: ErpnextMapping,
  wanted: WantedSetup,
): Answer<readonly SetupStep[]> {
  const steps: SetupStep[] = [];
  for (const doctype of doctypes) {
    const step = await readable(client, doctype);
    if (!step.ok) return step;
    steps.push(step.value);
  }
  return ok([
    ...steps,
    ...(await roles(client)),
    await zone(client, wanted),
    await scheduler(client),
    await accounts(client),
    await commission(client, wanted),
    ...(await billing(client, mapping.Subscription, wanted)),
  ]);
}
