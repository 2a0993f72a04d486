import { z } from '@hono/zod-openapi';
import { gatewayNames } from '#domain/charge.ts';
import { pageOf } from '#platform/routing.ts';
import { filledText, storedText } from '#platform/stored-text.ts';

export const systems = ['erpnext', 'freeradius', 'inventree', 'smtp', ...gatewayNames] as const;
export type System = (typeof systems)[number];
export const SystemParam = z.object({ system: z.enum(systems) });

/** The parts of an address; null where it is none (every check of a field runs, whatever the one before it said). */
const partsOf = (text: string): URL | null => (URL.canParse(text) ? new URL(text) : null);

const hasCredentials = (text: string): boolean => {
  const parts = partsOf(text);
  return parts !== null && (parts.username !== '' || parts.password !== '');
};

/** The address of a site, not of one of its pages: what `/api/…` is put after. */
export const site = z
  .url({ protocol: /^https?$/, error: 'must be an address such as https://erp.example.net' })
  .max(500)
  .refine((text) => text.isWellFormed() && !/\p{Cc}/u.test(text), 'holds characters that no address has')
  .refine((text) => !hasCredentials(text), 'must not carry a user name or a password')
  .refine(
    (text) => !/\/(app|desk|login|api)(\/|$)/.test(partsOf(text)?.pathname ?? ''),
    'must be the site, not one of its pages',
  )
  .transform((text) => text.replace(/\/+$/, ''));

const secret = filledText(200).trim();

/** Left out: the one that is stored stays. */
export const kept = secret.optional();

export const Erpnext = z
  .strictObject({
    url: site,
    api_key: kept,
    api_secret: kept,
    /** Not trimmed: ERPNext signs with exactly what was typed there. */
    webhook_secret: z.string().min(1).max(200).optional(),
  })
  .openapi('ErpnextConnection', {
    description: 'Secrets may be left out later: what is stored stays.',
    example: {
      url: 'https://erp.example.net',
      api_key: 'f1d2c3b4a5f6e7d',
      api_secret: 'a1b2c3d4e5f6a7b',
      webhook_secret: 'm4Zs9QeTq2VwYx7LpR3n',
    },
  });

const database = z
  .url({ protocol: /^(mysql|mariadb|postgres|postgresql)$/, error: 'must be mysql://… or postgres://…' })
  .max(1_000)
  .refine(
    (text) => (partsOf(text)?.pathname ?? '').length > 1,
    'must name a database, as in mysql://user:password@host/radius',
  )
  // A driver takes a host, a socket or a file from there, past the one that was judged (SEC-17).
  .refine(
    (text) => (partsOf(text)?.search ?? '') === '' && partsOf(text)?.hostname !== '',
    'must name a host, and have no settings after a question mark',
  );

export const Freeradius = z
  .strictObject({ database_url: z.union([database, z.literal(''), z.null()]).optional() })
  .openapi('FreeradiusConnection', {
    description: 'Empty: the RADIUS database of this installation. Left out later: what is stored stays.',
    example: { database_url: 'mysql://radius:password@10.0.0.5:3306/radius' },
  });

const place = z.int().positive().nullable().default(null);

export const Inventree = z
  .strictObject({
    url: site,
    token: kept,
    warehouse_location: place,
    bag_location_parent: place,
    /** Of the event plugin, where there is one; not trimmed, for it signs with exactly what was typed there. */
    webhook_secret: z.string().min(1).max(200).optional(),
  })
  .openapi('InventreeConnection', {
    description:
      'Secrets may be left out later: what is stored stays. The locations are InvenTree’s numbers: where new units lie, and under which each technician has a bag.',
    example: {
      url: 'https://stock.example.net',
      token: 'inv-1a2b3c4d5e6f',
      warehouse_location: 1,
      bag_location_parent: 2,
    },
  });

/** One mailbox, alone or with a name before it; what becomes a header of every mail. */
const mailbox = storedText(200).regex(
  /^(?:[^<>\p{Cc}",;:@]*<[^\s<>@,;:"]+@[^\s<>@,;:"]+>|[^\s<>@,;:"]+@[^\s<>@,;:"]+)$/u,
  'must be one address, such as Ujung Net <billing@ujung.net>',
);

export const Smtp = z
  .strictObject({
    host: storedText(253).regex(/^[A-Za-z0-9.:_-]+$/, 'must be a name or an address, without a port'),
    port: z.int().min(1).max(65_535).default(587),
    secure: z
      .enum(['tls', 'starttls', 'none'])
      .default('starttls')
      .openapi({ description: '`tls`: from the first byte (port 465); `starttls`: after the greeting, or not at all' }),
    user: storedText(200).trim().min(1).nullable().default(null),
    password: kept,
    from: mailbox,
  })
  .openapi('SmtpConnection', {
    description: 'The password may be left out later: what is stored stays.',
    example: {
      host: 'mail.ujung.net',
      port: 587,
      secure: 'starttls',
      user: 'billing@ujung.net',
      password: 'm4Zs9QeTq2VwYx7LpR3n',
      from: 'Ujung Net <billing@ujung.net>',
    },
  });

export const Connection = z
  .object({
    system: z.enum(systems),
    settings: z.record(z.string(), z.unknown()).openapi({ description: 'Without secrets' }),
    tested_at: z.iso.datetime().nullable(),
    test_ok: z.boolean().nullable(),
    test_text: z.string().nullable(),
    waiting: z.int().openapi({ description: 'Documents to look at and changes to write that wait for this system' }),
    waiting_error: z.string().nullable().openapi({ description: 'Why the oldest of them waits, where it was tried' }),
    updated_at: z.iso.datetime(),
    warnings: z.array(z.string()),
  })
  .openapi('Connection', {
    example: {
      system: 'erpnext',
      settings: { url: 'https://erp.example.net' },
      tested_at: '2026-01-05T02:00:00.000Z',
      test_ok: true,
      test_text: 'ERPNext 15 answers as jembatan@example.net.',
      waiting: 0,
      waiting_error: null,
      updated_at: '2026-01-05T02:00:00.000Z',
      warnings: [],
    },
  });
export type Connection = z.infer<typeof Connection>;
export const ConnectionPage = pageOf(Connection).openapi('ConnectionPage');

export const TestResult = z
  .object({ ok: z.boolean(), text: z.string() })
  .openapi('ConnectionTest', { example: { ok: false, text: 'ERPNext answers 401: the API key is wrong.' } });
export type TestResult = z.infer<typeof TestResult>;

const installStates = ['there', 'made', 'missing', 'todo', 'advice'] as const;
const InstallStep = z.object({ of: z.string(), state: z.enum(installStates), words: z.string() });
export type InstallStep = z.infer<typeof InstallStep>;

export const Installed = z
  .object({
    ok: z.boolean().openapi({ description: 'Nothing is left for a person but advice' }),
    steps: z.array(InstallStep),
  })
  .openapi('ErpnextInstalled', {
    description: '`there` as it should be; `made` just now; `todo` for a person, in words; `advice`: works without',
    example: {
      ok: false,
      steps: [
        { of: 'field Customer.jembatan_ref', state: 'made', words: 'Jembatan Reference' },
        { of: 'time zone', state: 'todo', words: 'the site is in Asia/Kolkata, the tenant in Asia/Jakarta: …' },
      ],
    },
  });
export type Installed = z.infer<typeof Installed>;
