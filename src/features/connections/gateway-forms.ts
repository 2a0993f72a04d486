import { z } from '@hono/zod-openapi';
import { filledText } from '#platform/stored-text.ts';
import { kept, site } from './schema.ts';
import type { Parts } from './settings.ts';

/** Left out: the gateway's own address. */
const url = site.nullable().default(null).openapi({ description: 'Instead of the gateway’s own address' });
const environment = z.enum(['production', 'sandbox']).default('production');
const code = filledText(100).trim();
const email = z.email().max(200).openapi({ description: 'Given to the gateway for customers that have none' });
const maybe = <const T extends readonly [string, ...string[]]>(codes: T) =>
  z.enum(codes).nullable().default(null).openapi({ description: 'Null: not offered' });

export const Midtrans = z
  .strictObject({
    environment,
    url,
    server_key: kept,
    virtual_account: maybe(['bca', 'bni', 'bri', 'cimb', 'permata']),
    e_wallet: maybe(['gopay', 'shopeepay']),
  })
  .openapi('MidtransConnection', {
    description: 'QRIS is always offered. Midtrans is told to notify /webhooks/payments/midtrans/{subdomain}.',
    example: { environment: 'production', server_key: 'Mid-server-x', virtual_account: 'bca', e_wallet: 'gopay' },
  });

export const Xendit = z
  .strictObject({
    url,
    secret_key: kept,
    callback_token: kept,
    virtual_account: maybe(['BCA', 'BNI', 'BRI', 'MANDIRI', 'PERMATA']),
    e_wallet: maybe(['OVO', 'DANA', 'SHOPEEPAY', 'LINKAJA']),
  })
  .openapi('XenditConnection', {
    description: 'QRIS is always offered. Xendit is told to notify /webhooks/payments/xendit/{subdomain}.',
    example: { secret_key: 'xnd_production_x', callback_token: 'token-of-the-dashboard', virtual_account: 'BCA' },
  });

export const Tripay = z
  .strictObject({
    environment,
    url,
    merchant_code: code,
    api_key: kept,
    private_key: kept,
    email,
    virtual_account: maybe(['BCAVA', 'BNIVA', 'BRIVA', 'MANDIRIVA', 'PERMATAVA']),
    e_wallet: maybe(['OVO', 'DANA', 'SHOPEEPAY']),
  })
  .openapi('TripayConnection', {
    description: 'QRIS is always offered.',
    example: {
      environment: 'production',
      merchant_code: 'T0001',
      api_key: 'DEV-x',
      private_key: 'x-y-z',
      email: 'billing@ujung.net',
      virtual_account: 'BCAVA',
    },
  });

export const Duitku = z
  .strictObject({
    environment,
    url,
    merchant_code: code,
    api_key: kept,
    email,
    qris: maybe(['SP', 'NQ', 'GQ', 'SQ']),
    virtual_account: maybe(['BC', 'I1', 'BR', 'M2', 'BT']),
    e_wallet: maybe(['OV', 'DA', 'SA', 'LA']),
  })
  .openapi('DuitkuConnection', {
    description: 'Means of payment by Duitku’s own codes.',
    example: {
      environment: 'production',
      merchant_code: 'D0001',
      api_key: 'x',
      email: 'billing@ujung.net',
      qris: 'SP',
    },
  });

export type GatewayInput =
  | ({ readonly system: 'midtrans' } & z.infer<typeof Midtrans>)
  | ({ readonly system: 'xendit' } & z.infer<typeof Xendit>)
  | ({ readonly system: 'tripay' } & z.infer<typeof Tripay>)
  | ({ readonly system: 'duitku' } & z.infer<typeof Duitku>);

const secretsOf: Readonly<Record<GatewayInput['system'], readonly string[]>> = {
  midtrans: ['server_key'],
  xendit: ['secret_key', 'callback_token'],
  tripay: ['api_key', 'private_key'],
  duitku: ['api_key'],
};

export const isGatewayInput = (input: { readonly system: string }): input is GatewayInput =>
  Object.hasOwn(secretsOf, input.system);

type SecretOf = (name: string, given: string | undefined) => Record<string, string>;

/** What of a gateway's form is open and what is secret; `secretOf` gives the one that is stored where it is left out. */
export function gatewayParts({ system, ...form }: GatewayInput, secretOf: SecretOf): Parts {
  const names = secretsOf[system];
  const given = new Map(
    Object.entries(form).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
  return {
    settings: Object.fromEntries(Object.entries(form).filter(([name]) => !names.includes(name))),
    secrets: Object.assign({}, ...names.map((name) => secretOf(name, given.get(name)))),
    warnings: [],
  };
}
