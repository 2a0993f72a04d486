import { z } from 'zod';
import { methodsOf } from '#connectors/kit/charge-methods.ts';
import { parseExactJson } from '#connectors/kit/exact-json.ts';
import {
  createGatewayCalls,
  type GatewayAnswer,
  type GatewayCalls,
  type GatewayLine,
  instant,
  readAnswer,
  rejected,
  rupiah,
} from '#connectors/kit/gateway-calls.ts';
import type { ChargeFinding, ChargeOrder, ChargeStatus, GatewayFailure, OpenedCharge } from '#domain/charge.ts';
import { err, ok, type Result } from '#domain/result.ts';
import type {
  Callback,
  CallbackHeaders,
  ChargeName,
  PaymentGateway,
  RefundOrder,
} from '#ports/payment-gateway/port.ts';
import { type XenditSettings, xenditUrl } from './settings.ts';
import { carriesToken, tokenHeader } from './signature.ts';

const who = 'Xendit';

const statuses: Readonly<Record<string, ChargeStatus>> = {
  PENDING: 'pending',
  PAID: 'paid',
  SETTLED: 'paid',
  EXPIRED: 'expired',
};
const status = z.string().transform((word, context) => {
  const known = statuses[word];
  if (known !== undefined) return known;
  context.addIssue('is a status that is not known');
  return z.NEVER;
});

const invoice = z.object({
  id: z.string().min(1).max(100),
  external_id: z.string().min(1),
  status,
  amount: rupiah,
  paid_amount: rupiah.nullish(),
  paid_at: instant,
});
const newInvoice = z.object({ id: z.string().min(1), invoice_url: z.string().min(1) });
const notification = z.object({
  id: z.string().min(1).max(100),
  external_id: z.string().min(1).max(200),
  status: z.string().min(1).max(40),
});
const refunded = z.object({ status: z.enum(['PENDING', 'SUCCEEDED', 'FAILED']) });
const refusal = z.object({ error_code: z.string().optional(), message: z.string().optional() });

function refusedBy({ status: code, body }: GatewayAnswer): Result<never, GatewayFailure> {
  const read = refusal.safeParse(body);
  return rejected(who, read.data?.error_code ?? code, read.data?.message);
}

function invoiceBody(order: ChargeOrder, { virtual_account, e_wallet }: XenditSettings, now: Date) {
  const means = { qris: 'QRIS', virtual_account, e_wallet }[order.method];
  return {
    external_id: order.orderId,
    amount: Number(order.amount),
    currency: 'IDR',
    description: order.description,
    invoice_duration: Math.max(60, Math.round((order.expiresAt.getTime() - now.getTime()) / 1_000)),
    payment_methods: [means],
    customer: { given_names: order.customer.name },
  };
}

async function create(calls: GatewayCalls, settings: XenditSettings, order: ChargeOrder) {
  const body = invoiceBody(order, settings, new Date());
  const answer = await calls.ask({ method: 'POST', path: '/v2/invoices', body });
  if (!answer.ok) return answer;
  if (answer.value.status !== 200) return refusedBy(answer.value);
  const read = readAnswer(who, answer.value, newInvoice);
  return read.ok ? ok<OpenedCharge>({ gatewayRef: read.value.id, url: read.value.invoice_url }) : read;
}

/**
 * By its external id: Xendit takes one external id several times, and a forged callback may name an invoice of another
 * order. Of several the one that was paid counts.
 */
async function find(calls: GatewayCalls, { orderId }: ChargeName) {
  const answer = await calls.ask({ method: 'GET', path: '/v2/invoices', query: { external_id: orderId } });
  if (!answer.ok) return answer;
  if (answer.value.status !== 200) return refusedBy(answer.value);
  const read = readAnswer(who, answer.value, z.array(invoice));
  if (!read.ok) return read;
  const mine = read.value.filter(({ external_id }) => external_id === orderId);
  const one = mine.find((each) => each.status === 'paid') ?? mine.find((each) => each.status === 'pending') ?? mine[0];
  if (!one) return ok(null);
  const amount = one.status === 'paid' ? (one.paid_amount ?? one.amount) : one.amount;
  return ok<ChargeFinding>({ status: one.status, gatewayRef: one.id, amount, paidAt: one.paid_at });
}

function read(raw: Uint8Array, headers: CallbackHeaders, token: string): Result<Callback, 'unsigned' | 'malformed'> {
  if (!carriesToken(headers.get(tokenHeader), token)) return err('unsigned');
  const json = parseExactJson(new TextDecoder().decode(raw));
  const body = json.ok ? notification.safeParse(json.value) : null;
  const told = body?.success ? statuses[body.data.status] : undefined;
  if (!body?.success || told === undefined) return err('malformed');
  const { id, external_id, status: word } = body.data;
  return ok({ orderId: external_id, gatewayRef: id, status: told, dedup: `${id} ${word}` });
}

async function giveBack(calls: GatewayCalls, { gatewayRef, amount, key }: RefundOrder) {
  const body = { invoice_id: gatewayRef, amount: Number(amount), currency: 'IDR', reason: 'REQUESTED_BY_CUSTOMER' };
  const headers = { 'idempotency-key': key };
  const answer = await calls.ask({ method: 'POST', path: '/refunds', body, headers });
  if (!answer.ok) return answer;
  if (answer.value.status !== 200) return refusedBy(answer.value);
  const told = readAnswer(who, answer.value, refunded);
  if (!told.ok) return told;
  if (told.value.status === 'FAILED') return rejected(who, 'FAILED', 'the refund was not made');
  return ok(told.value.status === 'SUCCEEDED' ? ('refunded' as const) : ('pending' as const));
}

/** Xendit (Invoices v2): each charge is a page of Xendit's own that takes one means of payment. */
export function createXendit(settings: XenditSettings, line: GatewayLine): PaymentGateway {
  const { secret_key: secret, callback_token: token, virtual_account, e_wallet } = settings;
  const authorization = `Basic ${Buffer.from(`${secret}:`).toString('base64')}`;
  const calls = createGatewayCalls(who, xenditUrl(settings), { Authorization: authorization }, line);
  return {
    methods: methodsOf({ qris: 'QRIS', virtual_account, e_wallet }),
    createCharge: (order) => create(calls, settings, order),
    readCallback: (raw, headers) => read(raw, headers, token),
    status: (name) => find(calls, name),
    refund: (order) => giveBack(calls, order),
    async test() {
      const found = await find(calls, { orderId: 'jembatan-connection-test', gatewayRef: null });
      return found.ok ? ok(`${who} takes the secret key.`) : found;
    },
    close: () => calls.close(),
  };
}
