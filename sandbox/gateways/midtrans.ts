import { createHash } from 'node:crypto';
import { type Answered, type Asked, type GatewayStandIn, type Order, type Shop, startStandIn } from './stand-in.ts';

const words = {
  pending: ['201', 'pending'],
  paid: ['200', 'settlement'],
  expired: ['407', 'expire'],
  failed: ['202', 'deny'],
  refunded: ['200', 'refund'],
} as const;

/** Local time of Jakarta, unmarked. */
const jakarta = (at: Date): string =>
  new Date(at.getTime() + 7 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');

/** Amounts are texts with two digits behind the point, whatever was sent. */
const money = (amount: bigint): string => `${amount}.00`;

function described(order: Order) {
  const [status_code, transaction_status] = words[order.status];
  return {
    status_code,
    status_message: 'Success, transaction is found',
    transaction_id: order.ref,
    order_id: order.id,
    gross_amount: money(order.status === 'paid' ? order.paid : order.amount),
    currency: 'IDR',
    payment_type: order.method,
    transaction_time: jakarta(new Date()),
    transaction_status,
    fraud_status: 'accept',
    ...(order.paidAt && { settlement_time: jakarta(order.paidAt) }),
  };
}

const said = (status_code: string, status_message: string): Answered => ({
  status: 200,
  body: { status_code, status_message, id: 'f0a1' },
});

function charge({ body }: Asked, shop: Shop): Answered {
  const { transaction_details, payment_type, bank_transfer } = body;
  const { order_id, gross_amount } = Object(transaction_details);
  if (shop.ordersOf(order_id).length > 0) return said('406', 'The request could not be completed due to a conflict');
  const order = shop.sell({ id: order_id, amount: BigInt(gross_amount), method: String(payment_type) });
  const forPayer = {
    qris: { acquirer: 'gopay', qr_string: `00020101021226620014COM.GO-JEK.WWW${order.ref}` },
    bank_transfer: { va_numbers: [{ bank: Object(bank_transfer).bank, va_number: '812785002530231' }] },
    gopay: { actions: [{ name: 'deeplink-redirect', method: 'GET', url: `https://gopay.example/${order.ref}` }] },
  }[order.method];
  return { status: 200, body: { ...described(order), status_message: 'transaction is created', ...forPayer } };
}

function refund(order: Order | undefined, { body }: Asked): Answered {
  if (!order) return said('404', "Transaction doesn't exist.");
  const key = String(body.refund_key);
  if (order.refundKeys.has(key)) return said('406', 'Duplicate refund key');
  if (order.status !== 'paid') return said('412', 'Transaction status cannot be updated.');
  order.refundKeys.add(key);
  order.status = 'refunded';
  return { status: 200, body: { ...described(order), refund_key: key } };
}

/** Midtrans Core API v2, as far as the hub speaks it: HTTP says 200, the body's own code says what it means. */
export const startMidtrans = (serverKey: string): Promise<GatewayStandIn> =>
  startStandIn({
    answer(asked, shop) {
      const expected = `Basic ${Buffer.from(`${serverKey}:`).toString('base64')}`;
      if (asked.headers.authorization !== expected) return said('401', 'Unknown Merchant server_key/id');
      if (asked.path === '/v2/charge') return charge(asked, shop);
      const [, id = '', what] = /^\/v2\/([^/]+)\/(status|refund)$/.exec(asked.path) ?? [];
      const order = shop.ordersOf(decodeURIComponent(id)).at(-1);
      if (what === 'refund') return refund(order, asked);
      return order ? { status: 200, body: described(order) } : said('404', "Transaction doesn't exist.");
    },
    callback(order) {
      const told = described(order);
      const signed = told.order_id + told.status_code + told.gross_amount + serverKey;
      const signature_key = createHash('sha512').update(signed).digest('hex');
      const body = Buffer.from(JSON.stringify({ ...told, signature_key, merchant_id: 'G141532850' }));
      return { body, headers: { 'content-type': 'application/json' } };
    },
  });
