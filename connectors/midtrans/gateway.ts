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
} from '#connectors/kit/gateway-calls.ts';
import { isSameText } from '#connectors/kit/same-text.ts';
import type { ChargeFinding, ChargeOrder, GatewayFailure, OpenedCharge } from '#domain/charge.ts';
import { err, ok, type Result } from '#domain/result.ts';
import type { Callback, PaymentGateway } from '#ports/payment-gateway/port.ts';
import { type MidtransSettings, midtransUrl } from './settings.ts';
import { signatureKey } from './signature.ts';
import { forPayer, statusOf, transaction } from './transaction.ts';

const who = 'Midtrans';

const notification = z.object({
  order_id: z.string().min(1).max(50),
  status_code: z.string().max(10),
  gross_amount: z.string().max(40),
  signature_key: z.string(),
  transaction_id: z.string().min(1).max(100),
  transaction_status: z.string().max(40),
  fraud_status: z.string().max(40).optional(),
});

/** Midtrans says how it went in the body's own `status_code`; HTTP often says 200 whatever it is. */
const verdict = z.object({ status_code: z.string(), status_message: z.string().optional() });

function verdictOf({ status, body }: GatewayAnswer): { readonly code: string; readonly message: string } {
  const read = verdict.safeParse(body);
  return read.success
    ? { code: read.data.status_code, message: read.data.status_message ?? '' }
    : { code: String(status), message: '' };
}

const minutesLeft = (until: Date, now: Date): number =>
  Math.max(1, Math.round((until.getTime() - now.getTime()) / 60_000));

function chargeBody(order: ChargeOrder, { virtual_account, e_wallet }: MidtransSettings, now: Date) {
  const { orderId, amount, method, customer, description } = order;
  const means = {
    qris: { payment_type: 'qris', qris: { acquirer: 'gopay' } },
    virtual_account: { payment_type: 'bank_transfer', bank_transfer: { bank: virtual_account } },
    e_wallet: { payment_type: e_wallet },
  }[method];
  return {
    ...means,
    transaction_details: { order_id: orderId, gross_amount: Number(amount) },
    item_details: [{ id: orderId, price: Number(amount), quantity: 1, name: description.slice(0, 50) }],
    customer_details: { first_name: customer.name.slice(0, 255) },
    custom_expiry: { expiry_duration: minutesLeft(order.expiresAt, now), unit: 'minute' },
  };
}

function openedOf({ transaction_id, qr_string, va_numbers, permata_va_number, actions }: z.infer<typeof forPayer>) {
  const [va] = va_numbers ?? [];
  const link = actions?.find(({ name }) => name === 'deeplink-redirect') ?? actions?.[0];
  const account = va
    ? { bank: va.bank, number: va.va_number }
    : permata_va_number && { bank: 'permata', number: permata_va_number };
  return {
    gatewayRef: transaction_id,
    ...(qr_string && { qrString: qr_string }),
    ...(account && { virtualAccount: account }),
    ...(link && { url: link.url }),
  };
}

async function create(calls: GatewayCalls, settings: MidtransSettings, order: ChargeOrder) {
  const answer = await calls.ask({ method: 'POST', path: '/v2/charge', body: chargeBody(order, settings, new Date()) });
  if (!answer.ok) return answer;
  const { code, message } = verdictOf(answer.value);
  if (code.startsWith('5')) return err<GatewayFailure>({ reason: 'unreachable', detail: `${who} answered ${code}` });
  if (code !== '201' && code !== '200') return rejected(who, code, message);
  const read = readAnswer(who, answer.value, forPayer);
  return read.ok ? ok<OpenedCharge>(openedOf(read.value)) : read;
}

async function find(calls: GatewayCalls, orderId: string): Promise<Result<ChargeFinding | null, GatewayFailure>> {
  const answer = await calls.ask({ method: 'GET', path: `/v2/${encodeURIComponent(orderId)}/status` });
  if (!answer.ok) return answer;
  const { code, message } = verdictOf(answer.value);
  if (code === '404') return ok(null);
  if (code.startsWith('5')) return err({ reason: 'unreachable', detail: `${who} answered ${code}` });
  if (code === '401' || code === '403') return rejected(who, code, message);
  const read = readAnswer(who, answer.value, transaction);
  if (!read.ok) return read;
  const { order_id, transaction_id, transaction_status, fraud_status, gross_amount, settlement_time } = read.value;
  const status = statusOf(transaction_status, fraud_status);
  if (status === null || order_id !== orderId) {
    return err({ reason: 'nonsense', detail: `${who} answered about ${orderId} with ${transaction_status}` });
  }
  return ok({ status, gatewayRef: transaction_id, amount: gross_amount, paidAt: settlement_time });
}

function read(raw: Uint8Array, serverKey: string): Result<Callback, 'unsigned' | 'malformed'> {
  const json = parseExactJson(new TextDecoder().decode(raw));
  const body = json.ok ? notification.safeParse(json.value) : null;
  if (!body?.success) return err('unsigned');
  const { order_id, signature_key, transaction_id, transaction_status, fraud_status, status_code } = body.data;
  if (!isSameText(signature_key, signatureKey(body.data, serverKey))) return err('unsigned');
  const status = statusOf(transaction_status, fraud_status);
  if (status === null) return err('malformed');
  const dedup = [transaction_id, transaction_status, fraud_status ?? '', status_code].join(' ');
  return ok({ orderId: order_id, gatewayRef: transaction_id, status, dedup });
}

/** Midtrans (Core API v2). Its server key is the user of Basic authentication, and signs what it sends. */
export function createMidtrans(settings: MidtransSettings, line: GatewayLine): PaymentGateway {
  const { server_key: serverKey, virtual_account, e_wallet } = settings;
  const authorization = `Basic ${Buffer.from(`${serverKey}:`).toString('base64')}`;
  const calls = createGatewayCalls(who, midtransUrl(settings), { Authorization: authorization }, line);
  return {
    methods: methodsOf({ qris: 'QRIS', virtual_account, e_wallet }),
    createCharge: (order) => create(calls, settings, order),
    readCallback: (raw) => read(raw, serverKey),
    status: ({ orderId }) => find(calls, orderId),
    async refund({ orderId, amount, reason, key }) {
      const body = { refund_key: key, amount: Number(amount), reason };
      const answer = await calls.ask({ method: 'POST', path: `/v2/${encodeURIComponent(orderId)}/refund`, body });
      if (!answer.ok) return answer;
      const { code, message } = verdictOf(answer.value);
      return code === '200' ? ok('refunded') : rejected(who, code, message);
    },
    async test() {
      // No order is called so: a key that is taken is told that there is none.
      const found = await find(calls, 'jembatan-connection-test');
      return found.ok ? ok(`${who} takes the server key.`) : found;
    },
    close: () => calls.close(),
  };
}
