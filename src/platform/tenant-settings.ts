import { z } from '@hono/zod-openapi';
import { isTimeZone } from '#domain/local-time.ts';

const currencies = new Set(Intl.supportedValuesOf('currency'));
const day = z.int().min(1).max(31);
const format = z.string().trim().min(1).max(60);

/** Patterns of spec C7, and the place that `{LOCATION}` stands for. Null: this tenant has none. */
const codeFormats = {
  customer: format.refine((text) => /\{N+\}/.test(text), 'must hold a number, such as {NNN}'),
  username: format.refine((text) => /\{N+\}/.test(text), 'must hold a number, such as {NNN}'),
  location: z
    .string()
    .regex(/^[A-Za-z0-9]{1,8}$/, 'must be 1 to 8 letters or digits')
    .nullable(),
};
const branding = {
  name: z.string().trim().min(1).max(100).nullable(),
  logo: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .nullable(),
  colour: z
    .string()
    .regex(/^#[0-9a-fA-F]{6}$/, 'must look like #1a2b3c')
    .nullable(),
};

/** One tenant's settings (spec T5), each by itself; what is stored is only what was set. */
const fields = {
  time_zone: z.string().max(64).refine(isTimeZone, 'is no IANA time zone, such as Asia/Jakarta'),
  currency: z
    .string()
    .toUpperCase()
    .refine((code) => currencies.has(code), 'is no ISO 4217 code, such as IDR'),
  language: z.enum(['id', 'en']),
  default_billing_mode: z.enum(['prepaid', 'postpaid']),
  prepaid_due_day: day,
  postpaid_due_day: day,
  grace_days: z.int().min(0).max(90),
  brake_percent: z.int().min(1).max(100),
  brake_minimum: z.int().min(1).max(1_000_000),
  dunning: z.strictObject({}),
  allow_roaming: z.boolean(),
};

export const TenantSettings = z
  .object({
    time_zone: fields.time_zone.default('Asia/Jakarta'),
    currency: fields.currency.default('IDR'),
    language: fields.language.default('id'),
    default_billing_mode: fields.default_billing_mode.default('postpaid'),
    prepaid_due_day: fields.prepaid_due_day.default(1),
    postpaid_due_day: fields.postpaid_due_day.default(20),
    grace_days: fields.grace_days.default(0),
    brake_percent: fields.brake_percent.default(10),
    brake_minimum: fields.brake_minimum.default(20),
    dunning: fields.dunning.default({}),
    code_formats: z
      .object({
        customer: codeFormats.customer.default('CUST{NNN}'),
        username: codeFormats.username.default('{ROUTER}{NNN}'),
        location: codeFormats.location.default(null),
      })
      .prefault({}),
    branding: z
      .object({
        name: branding.name.default(null),
        logo: branding.logo.default(null),
        colour: branding.colour.default(null),
      })
      .prefault({}),
    allow_roaming: fields.allow_roaming.default(false),
  })
  .openapi('Settings');
export type TenantSettings = z.infer<typeof TenantSettings>;

/** What `PATCH settings` takes: any part; a field that there is not is refused, for it was meant to do something. */
export const TenantSettingsChange = z
  .strictObject({
    ...fields,
    code_formats: z.strictObject(codeFormats).partial(),
    branding: z.strictObject(branding).partial(),
  })
  .partial()
  .openapi('SettingsChange', { example: { time_zone: 'Asia/Makassar', grace_days: 2 } });
export type TenantSettingsChange = z.infer<typeof TenantSettingsChange>;

/** A tenant's settings as they are in force, from the stored `tenants.settings`. */
export const readTenantSettings = (stored: unknown): TenantSettings => TenantSettings.parse(stored ?? {});
