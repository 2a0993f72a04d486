import { createHash, createHmac, randomUUID } from 'node:crypto';
import { createDuitku } from '#connectors/duitku/gateway.ts';
import { createAddressGuard } from '#connectors/kit/address-guard.ts';
import { createMidtrans } from '#connectors/midtrans/gateway.ts';
import { createTripay } from '#connectors/tripay/gateway.ts';
import { createXendit } from '#connectors/xendit/gateway.ts';
import type { GatewayName } from '#domain/charge.ts';
import type { PaymentGateway } from '#ports/payment-gateway/port.ts';
import { startDuitku } from '#sandbox/gateways/duitku.ts';
import { startMidtrans } from '#sandbox/gateways/midtrans.ts';
import type { GatewayStandIn } from '#sandbox/gateways/stand-in.ts';
import { startTripay } from '#sandbox/gateways/tripay.ts';
import { startXendit } from '#sandbox/gateways/xendit.ts';

/** A callback as it arrives; header names in lower case. */
export type Arriving = { readonly body: Buffer; readonly headers: Readonly<Record<string, string>> };

/** A gateway's genuine callback, and where its signature and what that covers lie in it. */
export type Signed = {
  readonly name: GatewayName;
  readonly gateway: PaymentGateway;
  readonly genuine: Arriving;
  readonly signature: string;
  /** The key or token with which it is signed. */
  readonly secret: string;
  /** The same callback with another signature; null: with none. */
  with(signature: string | null): Arriving;
  /** What the scheme would give with another key. */
  signedBy(key: string): string;
  /** Texts of the body that the scheme covers. */
  readonly covered: readonly string[];
};

const line = {
  guard: createAddressGuard({ allow: { contains: () => true }, allowPrivate: true }),
  timeoutMs: 5_000,
  now: () => performance.now(),
};
const account = { environment: 'sandbox', email: 'billing@satu.net' } as const;
const secret = 'Rahasia-Gerbang-4711';

const accounts: Readonly<
  Record<GatewayName, { readonly start: () => Promise<GatewayStandIn>; readonly open: (url: string) => PaymentGateway }>
> = {
  midtrans: {
    start: () => startMidtrans(secret),
    open: (url) => createMidtrans({ ...account, url, server_key: secret, virtual_account: 'bca' }, line),
  },
  xendit: {
    start: () => startXendit('key', secret),
    open: (url) => createXendit({ url, secret_key: 'key', callback_token: secret }, line),
  },
  tripay: {
    start: () => startTripay({ merchantCode: 'T1', apiKey: 'key', privateKey: secret }),
    open: (url) => createTripay({ ...account, url, merchant_code: 'T1', api_key: 'key', private_key: secret }, line),
  },
  duitku: {
    start: () => startDuitku('D1', secret),
    open: (url) => createDuitku({ ...account, url, merchant_code: 'D1', api_key: secret, qris: 'SP' }, line),
  },
};

/** Sells an order for 150,000, has it paid, and takes what the stand-in tells of it. */
async function paidCallback(name: GatewayName) {
  const shop = await accounts[name].start();
  const gateway = accounts[name].open(shop.url);
  const { id } = shop.sell({ id: randomUUID(), amount: 150_000n, method: 'qris' });
  shop.pay(id);
  const genuine = shop.callback(id);
  await shop.close();
  return { name, gateway, genuine, secret, id };
}

const hash = (algorithm: string, text: string): string => createHash(algorithm).update(text).digest('hex');

async function inJson(): Promise<Signed> {
  const paid = await paidCallback('midtrans');
  const told = JSON.parse(paid.genuine.body.toString());
  const { signature_key: signature, ...rest } = told;
  return {
    ...paid,
    signature,
    with: (other) => ({
      ...paid.genuine,
      body: Buffer.from(JSON.stringify({ ...rest, ...(other === null ? {} : { signature_key: other }) })),
    }),
    signedBy: (key) => hash('sha512', told.order_id + told.status_code + told.gross_amount + key),
    covered: [paid.id, `"status_code":"${told.status_code}"`, told.gross_amount, signature],
  };
}

async function inForm(): Promise<Signed> {
  const paid = await paidCallback('duitku');
  const form = Object.fromEntries(new URLSearchParams(paid.genuine.body.toString()));
  const { signature = '', ...rest } = form;
  return {
    ...paid,
    signature,
    with: (other) => ({
      ...paid.genuine,
      body: Buffer.from(new URLSearchParams({ ...rest, ...(other !== null && { signature: other }) }).toString()),
    }),
    signedBy: (key) => hash('md5', `D1${form.amount}${form.merchantOrderId}${key}`),
    covered: [paid.id, 'merchantCode=D1', `amount=${form.amount}`, signature],
  };
}

async function inHeader(
  name: GatewayName,
  header: string,
  signedBy: (body: Buffer, key: string) => string,
): Promise<Signed> {
  const paid = await paidCallback(name);
  const { [header]: signature = '', ...rest } = paid.genuine.headers;
  return {
    ...paid,
    signature,
    with: (other) => ({ ...paid.genuine, headers: { ...rest, ...(other !== null && { [header]: other }) } }),
    signedBy: (key) => signedBy(paid.genuine.body, key),
    covered: name === 'tripay' ? [paid.genuine.body.toString()] : [],
  };
}

/** One of each gateway. */
export const signedCallbacks = (): Promise<readonly Signed[]> =>
  Promise.all([
    inJson(),
    inHeader('xendit', 'x-callback-token', (_body, key) => key),
    inHeader('tripay', 'x-callback-signature', (body, key) => createHmac('sha256', key).update(body).digest('hex')),
    inForm(),
  ]);
