import { z } from '@hono/zod-openapi';
import { gardenPool, isAddress, poolRule } from '#domain/routeros-network.ts';
import { PageQuery, pageOf } from '#platform/routing.ts';
import { filledText } from '#platform/stored-text.ts';

/** FreeRADIUS's `nas.shortname` holds 32 characters, `nasname` is read as IPv4 by its lookups. */
const name = filledText(32).trim();
const address = z.ipv4('must be an IPv4 address, such as 10.20.0.1');

/** `nas.secret` holds 60 characters; FreeRADIUS would strip quotation marks around a value. */
const secret = z
  .string()
  .min(1)
  .max(60)
  .regex(/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/, 'must be printable ASCII without a space at either end')
  .refine((text) => !/^(["'`]).*\1$/.test(text) && !/^["'`]$/.test(text), 'must not stand in quotation marks');

const fields = {
  name,
  secret,
  coa_address: address.nullable(),
  coa_port: z.int().min(1).max(65_535),
  type: z.string().regex(/^[a-z0-9_-]{1,30}$/, 'must be a FreeRADIUS NAS type, such as other or mikrotik'),
  sign_coa: z.boolean(),
  require_message_authenticator: z.boolean(),
  orders_per_second: z.int().min(1).max(1_000).openapi({
    description: 'Disconnects and CoAs that it is given a second by each hub process, after a first eight',
  }),
};

export const NewNas = z
  .object({
    ...fields,
    address,
    coa_address: fields.coa_address.default(null),
    coa_port: fields.coa_port.default(3799),
    type: fields.type.default('other'),
    sign_coa: fields.sign_coa.default(true),
    require_message_authenticator: fields.require_message_authenticator.default(true),
    orders_per_second: fields.orders_per_second.default(20),
  })
  .openapi('NewNas', {
    example: { name: 'CKP', address: '10.20.0.1', secret: 'Vq8Zr2mN5xTk9LwB', type: 'mikrotik' },
  });
export type NewNas = z.infer<typeof NewNas>;

/** Strict: the address is what RADIUS knows a router by; another address is another NAS. */
export const NasChange = z
  .strictObject(fields)
  .partial()
  .openapi('NasChange', { example: { coa_port: 1700 } });
export type NasChange = z.infer<typeof NasChange>;

export const Nas = z
  .object({
    id: z.uuid(),
    name: z.string(),
    address: z.string(),
    coa_address: z.string().nullable(),
    coa_port: z.int(),
    type: z.string(),
    sign_coa: z.boolean(),
    require_message_authenticator: z.boolean(),
    orders_per_second: z.int(),
    answers: z.enum(['yes', 'silent', 'unknown']).openapi({ description: 'Whether it answers Disconnect and CoA' }),
    last_answer_at: z.iso.datetime().nullable(),
    last_silence_at: z.iso.datetime().nullable(),
    deaf_since: z.iso.datetime().nullable().openapi({ description: 'It has answered nothing since then' }),
    next_try_at: z.iso.datetime().nullable().openapi({ description: 'A deaf one is given no order before' }),
    waiting_orders: z.int().openapi({ description: 'Lines whose sessions wait for it' }),
    note: z.string().nullable().openapi({ description: 'What is known of why it is silent' }),
    created_at: z.iso.datetime(),
    warnings: z.array(z.string()),
  })
  .openapi('Nas', {
    example: {
      id: '9a3f0f44-0b2f-4a63-8e0e-1f6f7c8f5a21',
      name: 'CKP',
      address: '10.20.0.1',
      coa_address: null,
      coa_port: 3799,
      type: 'mikrotik',
      sign_coa: true,
      require_message_authenticator: true,
      orders_per_second: 20,
      answers: 'silent',
      last_answer_at: null,
      last_silence_at: '2026-01-06T02:00:30.000Z',
      deaf_since: '2026-01-06T02:00:30.000Z',
      next_try_at: '2026-01-06T02:00:35.000Z',
      waiting_orders: 3,
      note: 'Nothing has come back: wrong secret, source address, port or firewall, or "/radius incoming" is off.',
      created_at: '2026-01-05T02:00:00.000Z',
      warnings: [],
    },
  });
export type Nas = z.infer<typeof Nas>;

export const NasQuery = PageQuery.extend({
  sort: z.enum(['name', '-name', 'created_at', '-created_at']).default('name'),
});
export type NasQuery = z.infer<typeof NasQuery>;

export const NasPage = pageOf(Nas).openapi('NasPage');
export type NasPage = z.infer<typeof NasPage>;

const isPort = (text: string): boolean => /^[1-9]\d{0,4}$/.test(text) && Number(text) <= 65_535;
const isPlace = (text: string): boolean => {
  const [host = '', port, ...rest] = text.split(':');
  return rest.length === 0 && isAddress(host) && (port === undefined || isPort(port));
};

export const ScriptWanted = z
  .strictObject({
    radius_address: address.openapi({ description: 'Where the router reaches RADIUS' }),
    isolir_address: z
      .string()
      .max(21)
      .refine(isPlace, 'must be an IPv4 address, with a port where that is not 80')
      .openapi({ description: 'Where the router reaches the isolir page' }),
    pool: z
      .string()
      .max(18)
      .refine((text) => gardenPool(text) !== null, poolRule)
      .default('10.66.0.0/22')
      .openapi({ description: 'Network of isolated subscribers; another one for each router' }),
  })
  .openapi('RouterosScriptWanted', {
    example: { radius_address: '10.10.10.2', isolir_address: '10.10.10.5:8090', pool: '10.66.0.0/22' },
  });
export type ScriptWanted = z.infer<typeof ScriptWanted>;

export const RouterosScript = z
  .object({ script: z.string().openapi({ description: 'It holds the RADIUS secret in the clear' }) })
  .openapi('RouterosScript', { example: { script: '/radius remove [find comment="hub:radius"]\n' } });
