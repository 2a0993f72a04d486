import { z } from '@hono/zod-openapi';
import { type DriftAction, type DriftKind, driftActions, driftKinds, driftPolicies } from '#domain/drift.ts';
import { isTimeZone } from '#domain/local-time.ts';
import { isQris } from '#domain/qris.ts';
import { gardenRule, isGardenPlace } from '#domain/routeros-network.ts';
import { codeFormat } from '#platform/code-format-settings.ts';
import { Commissions, CommissionsChange } from '#platform/commission-settings.ts';
import { Dunning, DunningChange, readDunning } from '#platform/dunning-settings.ts';
import { FieldWork, FieldWorkChange } from '#platform/field-work-settings.ts';
import { NoCut } from '#platform/no-cut-settings.ts';
import { filledText, storedText } from '#platform/stored-text.ts';
import { Tax, TaxChange } from '#platform/tax-settings.ts';

const currencies = new Set(Intl.supportedValuesOf('currency'));
const day = z.int().min(1).max(31);

/** Patterns of spec C7, and the place that `{LOCATION}` stands for. Null: this tenant has none. */
const codeFormats = {
  customer: codeFormat('code'),
  username: codeFormat('username'),
  location: z
    .string()
    .regex(/^[A-Za-z0-9]{1,8}$/, 'must be 1 to 8 letters or digits')
    .nullable(),
};
/** Where `branding.logo` points to when the logo was uploaded (`PUT settings/logo`). */
export const uploadedLogo = '/api/v1/settings/logo';

const branding = {
  name: filledText(100).nullable(),
  /** Of one's own web site, or the uploaded one. */
  logo: storedText(500)
    .refine(
      (text) => (URL.canParse(text) && /^https?:/i.test(text)) || text.startsWith(`${uploadedLogo}?`),
      'must be an address such as https://isp.example/logo.png',
    )
    .nullable(),
  colour: z
    .string()
    .regex(/^#[0-9a-fA-F]{6}$/, 'must look like #1a2b3c')
    .nullable(),
  /** Where subscribers ask for help; shown on the isolir page. */
  phone: z
    .string()
    .regex(/^\+?[0-9][0-9 ()/.-]{4,28}$/, 'must be a phone number such as 0812-3456-7890')
    .nullable(),
};

/** What is done about each kind of drift (spec B5); a kind that is not named goes by the habit. */
const driftPolicy = z
  .partialRecord(z.enum(driftKinds), z.enum(driftActions))
  .superRefine((policy, context) => {
    for (const [kind, action] of Object.entries(policy)) {
      const allowed: readonly DriftAction[] = driftPolicies[kind as DriftKind];
      if (!allowed.includes(action))
        context.addIssue({ code: 'custom', path: [kind], message: `must be ${allowed.join(' or ')}` });
    }
  })
  .openapi('DriftPolicy', { example: { wrong_password: 'adopt' } });

/** One tenant's settings (spec T5), each by itself; what is stored is only what was set. */
const fields = {
  time_zone: z.string().max(64).refine(isTimeZone, 'is no IANA time zone, such as Asia/Jakarta'),
  currency: z
    .string()
    .max(3)
    .toUpperCase()
    .refine((code) => currencies.has(code), 'is no ISO 4217 code, such as IDR'),
  language: z.enum(['id', 'en']),
  default_billing_mode: z.enum(['prepaid', 'postpaid']),
  prepaid_due_day: day,
  postpaid_due_day: day,
  grace_days: z.int().min(0).max(90),
  /** Where the hub is the ledger: on which day postpaid months begin and are billed, and how early prepaid is (spec L2, R4). */
  bill_day: day,
  /** Days before this are never billed; null: the hub makes no bills by itself. */
  bills_from: z.iso.date().nullable(),
  invoice_lead_days: z.int().min(1).max(28),
  brake_percent: z.int().min(1).max(100),
  brake_minimum: z.int().min(1).max(1_000_000),
  /** Promises to pay (spec X8): how far ahead, how many at once and in a calendar month of one customer; 0 days: none. */
  promise_max_days: z.int().min(0).max(60),
  promise_max_running: z.int().min(1).max(20),
  promise_max_per_month: z.int().min(1).max(31),
  /** How long before a cut a reminder must have been delivered (spec X7); 0: nobody need be told. */
  notice_hours: z.int().min(0).max(720),
  /** How to pay, in the tenant's own words, and its static QRIS as text: on the isolir page (spec R10). */
  payment_instructions: filledText(2_000).nullable(),
  qris: z
    .string()
    .max(520)
    .refine(isQris, 'is no QRIS text: copy the whole of it, from 000201 to the check sum')
    .nullable(),
  /** Whether a reseller may register customers where the hub knows of no coverage. */
  resellers_outside_coverage: z.boolean(),
  /** Hosts and networks, beside the page, that isolated subscribers may reach. */
  isolir_allow: z.array(z.string().refine(isGardenPlace, gardenRule)).max(50),
  allow_roaming: z.boolean(),
  /** Whether the hub may reach this tenant's ERPNext and RADIUS database in private networks (SEC-17). */
  allow_private_networks: z.boolean(),
  /** How long a modem that was installed may take to come online before its scan says so. */
  scan_online_minutes: z.int().min(1).max(1_440),
  /** After so many days of nothing but failure a webhook endpoint is turned off (spec X12). */
  webhook_disable_days: z.int().min(1).max(30),
  /** From this amount on two different people say yes to a top-up, or to giving a deposit back; null: one is enough. */
  deposit_two_people_from: z.int().min(0).nullable(),
  /** How long what is over and done with is kept. Metering counts deliveries and messages of two months again. */
  keep_events_days: z.int().min(63).max(3_650).nullable(),
  keep_messages_days: z.int().min(63).max(3_650),
  keep_webhooks_days: z.int().min(30).max(3_650),
};

/** As they are in force. What was once accepted is read back, whatever a change may name today. */
export const TenantSettings = z
  .object({
    time_zone: fields.time_zone.default('Asia/Jakarta'),
    currency: fields.currency.default('IDR'),
    language: fields.language.default('id'),
    default_billing_mode: fields.default_billing_mode.default('postpaid'),
    prepaid_due_day: fields.prepaid_due_day.default(1),
    postpaid_due_day: fields.postpaid_due_day.default(20),
    grace_days: fields.grace_days.default(0),
    bill_day: fields.bill_day.default(1),
    bills_from: fields.bills_from.default('2000-01-01'),
    invoice_lead_days: fields.invoice_lead_days.default(7),
    tax: Tax.prefault({}),
    brake_percent: fields.brake_percent.default(10),
    brake_minimum: fields.brake_minimum.default(20),
    promise_max_days: fields.promise_max_days.default(7),
    promise_max_running: fields.promise_max_running.default(1),
    promise_max_per_month: fields.promise_max_per_month.default(2),
    notice_hours: fields.notice_hours.default(0),
    no_cut: NoCut.prefault({}),
    dunning: Dunning,
    drift_policy: driftPolicy.default({}),
    field_work: FieldWork.prefault({}),
    commissions: Commissions.prefault({}),
    code_formats: z
      .object({
        customer: z.string().default('CUST{NNN}'),
        username: z.string().default('{ROUTER}{NNN}'),
        location: z.string().nullable().default(null),
      })
      .prefault({}),
    branding: z
      .object({
        name: z.string().nullable().default(null),
        logo: z.string().nullable().default(null),
        colour: z.string().nullable().default(null),
        phone: z.string().nullable().default(null),
      })
      .prefault({}),
    payment_instructions: z.string().nullable().default(null),
    qris: z.string().nullable().default(null),
    resellers_outside_coverage: fields.resellers_outside_coverage.default(false),
    isolir_allow: z.array(z.string()).default([]),
    allow_roaming: fields.allow_roaming.default(false),
    allow_private_networks: fields.allow_private_networks.default(false),
    scan_online_minutes: fields.scan_online_minutes.default(30),
    webhook_disable_days: fields.webhook_disable_days.default(5),
    deposit_two_people_from: fields.deposit_two_people_from.default(10_000_000),
    /** Null: as long as the installation keeps them. */
    keep_events_days: fields.keep_events_days.default(null),
    keep_messages_days: fields.keep_messages_days.default(365),
    keep_webhooks_days: fields.keep_webhooks_days.default(90),
  })
  .openapi('Settings');
export type TenantSettings = z.infer<typeof TenantSettings>;

/** What `PATCH settings` takes: any part; a field that there is not is refused, for it was meant to do something. */
export const TenantSettingsChange = z
  .strictObject({
    ...fields,
    tax: TaxChange,
    no_cut: NoCut,
    dunning: DunningChange,
    drift_policy: driftPolicy,
    field_work: FieldWorkChange,
    commissions: CommissionsChange,
    code_formats: z.strictObject(codeFormats).partial(),
    branding: z.strictObject(branding).partial(),
  })
  .partial()
  .openapi('SettingsChange', { example: { time_zone: 'Asia/Makassar', grace_days: 2 } });
export type TenantSettingsChange = z.infer<typeof TenantSettingsChange>;

const Stored = z.record(z.string(), z.unknown());

function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const part of Object.values(value)) frozen(part);
  return Object.freeze(value);
}

/** As many tenants' settings as are kept read; they are read for each decision, and hardly ever change. */
const mostKept = 1_000;
const kept = new Map<string, TenantSettings>();

/** A tenant's settings as they are in force, from the stored `tenants.settings`. Nobody may change what is answered. */
export const readTenantSettings = (stored: unknown): TenantSettings => {
  const text = JSON.stringify(stored ?? {});
  const known = kept.get(text);
  if (known) return known;
  const set = Stored.parse(stored ?? {});
  const settings = frozen(TenantSettings.parse({ ...set, dunning: readDunning(set.dunning) }));
  if (kept.size >= mostKept) kept.clear();
  kept.set(text, settings);
  return settings;
};
