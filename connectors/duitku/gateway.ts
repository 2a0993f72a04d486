import { z } from 'zod';
import { methodsOf } from '#connectors/kit/charge-methods.ts';
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
import type { Callback, PaymentGateway } from '#ports/payment-gateway/port.ts';
import { type DuitkuSettings, duitkuUrl } from './settings.ts';
import { duitkuSignature } from './signature.ts';

const who = 'Duitku';

const statuses: Readonly<Record<string, ChargeStatus>> = { '00': 'paid', '01': 'pending', '02': 'expired' };
/** Of a callback, which knows other numbers. */
const results: Readonly<Record<string, ChargeStatus>> = { '00': 'paid', '01': 'failed', '02': 'expired' };

const opened = z.object({
  statusCode: z.literal('00'),
  reference: z.string().min(1).max(100),
  paymentUrl: z.string().nullish(),
  vaNumber: z.string().nullish(),
  qrString: z.string().nullish(),
});
const transaction = z.object({
  merchantOrderId: z.string().min(1),
  reference: z.string().min(1).max(100),
  amount: rupiah,
  statusCode: z.string(),
});
const refusal = z.object({ statusMessage: z.string().optional(), Message: z.string().optional() });
const notification = z.object({
  merchantCode: z.string().min(1).max(100),
  amount: z.string().min(1).max(40),
  merchantOrderId: z.string().min(1).max(100),
  signature: z.string(),
  resultCode: z.string().min(1).max(10),
  reference: z.string().min(1).max(100),
});

const banks: Readonly<Record<string, string>> = { BC: 'BCA', I1: 'BNI', BR: 'BRI', M2: 'Mandiri', BT: 'Permata' };

function refusedBy({ status, body }: GatewayAnswer): Result<never, GatewayFailure> {
  const read = refusal.safeParse(body);
  return rejected(who, status, read.data?.statusMessage ?? read.data?.Message);
}

function orderBody(order: ChargeOrder, settings: DuitkuSettings, now: Date) {
  const { merchant_code: merchantCode, api_key: apiKey, qris, virtual_account, e_wallet } = settings;
  const { orderId, amount, customer } = order;
  return {
    merchantCode,
    merchantOrderId: orderId,
    paymentAmount: Number(amount),
    paymentMethod: { qris, virtual_account, e_wallet }[order.method],
    productDetails: order.description,
    email: customer.email ?? settings.email,
    customerVaName: customer.name.slice(0, 20),
    phoneNumber: customer.phone,
    callbackUrl: order.callbackUrl,
    returnUrl: order.callbackUrl,
    expiryPeriod: Math.max(1, Math.round((order.expiresAt.getTime() - now.getTime()) / 60_000)),
    signature: duitkuSignature.order(merchantCode, orderId, amount, apiKey),
  };
}

async function create(calls: GatewayCalls, settings: DuitkuSettings, order: ChargeOrder) {
  const answer = await calls.ask({ method: 'POST', path: '/v2/inquiry', body: orderBody(order, settings, new Date()) });
  if (!answer.ok) return answer;
  const read = opened.safeParse(answer.value.body);
  if (!read.success) return refusedBy(answer.value);
  const { reference, qrString, vaNumber, paymentUrl } = read.data;
  return ok<OpenedCharge>({
    gatewayRef: reference,
    ...(qrString && { qrString }),
    ...(vaNumber && { virtualAccount: { bank: banks[settings.virtual_account ?? ''] ?? '', number: vaNumber } }),
    ...(paymentUrl && { url: paymentUrl }),
  });
}

async function find(calls: GatewayCalls, settings: DuitkuSettings, orderId: string) {
  const { merchant_code: merchantCode, api_key: apiKey } = settings;
  const signature = duitkuSignature.question(merchantCode, orderId, apiKey);
  const body = { merchantCode, merchantOrderId: orderId, signature };
  const answer = await calls.ask({ method: 'POST', path: '/transactionStatus', body });
  if (!answer.ok) return answer;
  if (answer.value.status === 404) return ok(null);
  if (answer.value.status >= 400) return refusedBy(answer.value);
  const read = readAnswer(who, answer.value, transaction);
  if (!read.ok) return read;
  const { merchantOrderId, reference, amount, statusCode } = read.value;
  const status = statuses[statusCode];
  if (status === undefined || merchantOrderId !== orderId) {
    return err<GatewayFailure>({ reason: 'nonsense', detail: `${who} answered about ${orderId} with ${statusCode}` });
  }
  return ok<ChargeFinding>({ status, gatewayRef: reference, amount, paidAt: null });
}

function read(raw: Uint8Array, settings: DuitkuSettings): Result<Callback, 'unsigned' | 'malformed'> {
  const form = Object.fromEntries(new URLSearchParams(new TextDecoder().decode(raw)));
  const body = notification.safeParse(form);
  if (!body.success || body.data.merchantCode !== settings.merchant_code) return err('unsigned');
  const { merchantCode, amount, merchantOrderId, signature, resultCode, reference } = body.data;
  const expected = duitkuSignature.callback(merchantCode, amount, merchantOrderId, settings.api_key);
  if (!isSameText(signature, expected)) return err('unsigned');
  const status = results[resultCode];
  if (status === undefined) return err('malformed');
  return ok({ orderId: merchantOrderId, gatewayRef: reference, status, dedup: `${reference} ${resultCode}` });
}

/** Duitku (merchant API v2). Callbacks are forms; only their amount and order are signed, so it is always asked. */
export function createDuitku(settings: DuitkuSettings, line: GatewayLine): PaymentGateway {
  const { qris, virtual_account, e_wallet } = settings;
  const calls = createGatewayCalls(who, duitkuUrl(settings), {}, line);
  return {
    methods: methodsOf({ qris, virtual_account, e_wallet }),
    createCharge: (order) => create(calls, settings, order),
    readCallback: (raw) => read(raw, settings),
    status: ({ orderId }) => find(calls, settings, orderId),
    refund: async () => err({ reason: 'unsupported', detail: `${who} gives money back in its dashboard only` }),
    async test() {
      const found = await find(calls, settings, 'jembatan-connection-test');
      return found.ok ? ok(`${who} takes the merchant code and the API key.`) : found;
    },
    close: () => calls.close(),
  };
}
