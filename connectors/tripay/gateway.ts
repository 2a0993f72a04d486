import { z } from 'zod';
import { methodsOf } from '#connectors/kit/charge-methods.ts';
import { parseExactJson } from '#connectors/kit/exact-json.ts';
import {
  createGatewayCalls,
  type GatewayAnswer,
  type GatewayCalls,
  type GatewayLine,
  readAnswer,
  rejected,
  rupiah,
} from '#connectors/kit/gateway-calls.ts';
import { isSameText } from '#connectors/kit/same-text.ts';
import type { ChargeFinding, ChargeOrder, ChargeStatus, GatewayFailure, OpenedCharge } from '#domain/charge.ts';
import { err, ok, type Result } from '#domain/result.ts';
import type { Callback, CallbackHeaders, PaymentGateway } from '#ports/payment-gateway/port.ts';
import { type TripaySettings, tripayUrl } from './settings.ts';
import { callbackSignature, eventHeader, orderSignature, signatureHeader } from './signature.ts';

const who = 'Tripay';

const statuses: Readonly<Record<string, ChargeStatus>> = {
  UNPAID: 'pending',
  PAID: 'paid',
  EXPIRED: 'expired',
  FAILED: 'failed',
  REFUND: 'refunded',
};
const status = z.string().transform((word, context) => {
  const known = statuses[word];
  if (known !== undefined) return known;
  context.addIssue('is a status that is not known');
  return z.NEVER;
});

/** Seconds since 1970. */
const seconds = z
  .string()
  .regex(/^\d{1,12}$/)
  .nullish()
  .transform((text) => (text ? new Date(Number(text) * 1_000) : null));
const fee = z
  .string()
  .regex(/^\d{1,15}$/)
  .nullish()
  .transform((text) => BigInt(text ?? '0'));

/** `amount` holds the fee that the customer bears; what is owed to the tenant is without it. */
const transaction = z.object({
  reference: z.string().min(1).max(100),
  merchant_ref: z.string().min(1),
  status,
  amount: rupiah,
  fee_customer: fee,
  paid_at: seconds,
});
const opened = z.object({
  reference: z.string().min(1).max(100),
  payment_method: z.string().optional(),
  pay_code: z.string().nullish(),
  qr_string: z.string().nullish(),
  checkout_url: z.string().nullish(),
});
const notification = z.object({
  reference: z.string().min(1).max(100),
  merchant_ref: z.string().min(1).max(200),
  status: z.string().min(1).max(40),
});
const envelope = z.object({ success: z.boolean(), message: z.string().optional(), data: z.unknown() });

/** What stands under `data`, or the refusal that Tripay says in words. */
function unwrap(answer: GatewayAnswer): Result<unknown, GatewayFailure> {
  const read = readAnswer(who, answer, envelope);
  if (!read.ok) return answer.status >= 400 ? rejected(who, answer.status, '') : read;
  return read.value.success ? ok(read.value.data) : rejected(who, answer.status, read.value.message);
}

function orderBody(order: ChargeOrder, settings: TripaySettings) {
  const { orderId, amount, customer, description } = order;
  const means = { qris: 'QRIS', virtual_account: settings.virtual_account, e_wallet: settings.e_wallet };
  return {
    method: means[order.method],
    merchant_ref: orderId,
    amount: Number(amount),
    customer_name: customer.name,
    customer_email: customer.email ?? settings.email,
    customer_phone: customer.phone,
    order_items: [{ name: description, price: Number(amount), quantity: 1 }],
    callback_url: order.callbackUrl,
    expired_time: Math.floor(order.expiresAt.getTime() / 1_000),
    signature: orderSignature(settings.merchant_code, orderId, amount, settings.private_key),
  };
}

async function create(calls: GatewayCalls, settings: TripaySettings, order: ChargeOrder) {
  const answer = await calls.ask({ method: 'POST', path: '/transaction/create', body: orderBody(order, settings) });
  if (!answer.ok) return answer;
  const data = unwrap(answer.value);
  if (!data.ok) return data;
  const read = readAnswer(who, { status: answer.value.status, body: data.value }, opened);
  if (!read.ok) return read;
  const { reference, qr_string, pay_code, checkout_url, payment_method } = read.value;
  return ok<OpenedCharge>({
    gatewayRef: reference,
    ...(qr_string && { qrString: qr_string }),
    ...(pay_code && { virtualAccount: { bank: (payment_method ?? '').replace(/VA$/, ''), number: pay_code } }),
    ...(checkout_url && { url: checkout_url }),
  });
}

/** By the hub's own order id, which no callback can choose; a reference that a callback named is not asked for. */
async function find(calls: GatewayCalls, orderId: string): Promise<Result<ChargeFinding | null, GatewayFailure>> {
  const request = { method: 'GET', path: '/merchant/transactions', query: { merchant_ref: orderId } } as const;
  const answer = await calls.ask(request);
  if (!answer.ok) return answer;
  const data = unwrap(answer.value);
  if (!data.ok) return data;
  const read = readAnswer(who, { status: answer.value.status, body: data.value }, z.array(transaction));
  if (!read.ok) return read;
  const mine = read.value.filter(({ merchant_ref }) => merchant_ref === orderId);
  const one = mine.find((each) => each.status === 'paid') ?? mine[0];
  if (!one) return ok(null);
  const { reference, amount, fee_customer, paid_at } = one;
  return ok({ status: one.status, gatewayRef: reference, amount: amount - fee_customer, paidAt: paid_at });
}

function read(raw: Uint8Array, headers: CallbackHeaders, key: string): Result<Callback, 'unsigned' | 'malformed'> {
  if (!isSameText(headers.get(signatureHeader), callbackSignature(raw, key))) return err('unsigned');
  if (headers.get(eventHeader) !== 'payment_status') return err('malformed');
  const json = parseExactJson(new TextDecoder().decode(raw));
  const body = json.ok ? notification.safeParse(json.value) : null;
  const told = body?.success ? statuses[body.data.status] : undefined;
  if (!body?.success || told === undefined) return err('malformed');
  const { reference, merchant_ref, status: word } = body.data;
  return ok({ orderId: merchant_ref, gatewayRef: reference, status: told, dedup: `${reference} ${word}` });
}

/** Tripay (closed payments). It signs callbacks over their raw bytes, and gives nothing back by its API. */
export function createTripay(settings: TripaySettings, line: GatewayLine): PaymentGateway {
  const { api_key: apiKey, private_key: privateKey, virtual_account, e_wallet } = settings;
  const calls = createGatewayCalls(who, tripayUrl(settings), { Authorization: `Bearer ${apiKey}` }, line);
  return {
    methods: methodsOf({ qris: 'QRIS', virtual_account, e_wallet }),
    createCharge: (order) => create(calls, settings, order),
    readCallback: (raw, headers) => read(raw, headers, privateKey),
    status: ({ orderId }) => find(calls, orderId),
    refund: async () => err({ reason: 'unsupported', detail: `${who} gives money back in its dashboard only` }),
    async test() {
      const found = await find(calls, 'jembatan-connection-test');
      return found.ok ? ok(`${who} takes the API key.`) : found;
    },
    close: () => calls.close(),
  };
}
