import { createHmac } from 'node:crypto';
import { type Answered, type GatewayStandIn, type Order, startStandIn } from './stand-in.ts';

const words = { pending: 'UNPAID', paid: 'PAID', expired: 'EXPIRED', failed: 'FAILED', refunded: 'REFUND' } as const;

/** Of an order that was paid with another amount than its own only that amount is told: closed payments know none. */
const sum = (order: Order): number => Number(order.status === 'paid' ? order.paid : order.amount);

const described = (order: Order) => ({
  reference: order.ref,
  merchant_ref: order.id,
  payment_method: order.method,
  amount: sum(order),
  fee_merchant: 750,
  fee_customer: 0,
  amount_received: sum(order) - 750,
  checkout_url: `https://tripay.example/checkout/${order.ref}`,
  status: words[order.status],
  paid_at: order.paidAt && Math.floor(order.paidAt.getTime() / 1_000),
});

const refused = (status: number, message: string): Answered => ({ status, body: { success: false, message } });
const done = (data: unknown): Answered => ({ status: 200, body: { success: true, message: '', data } });

export type TripayKeys = { readonly merchantCode: string; readonly apiKey: string; readonly privateKey: string };

/** Tripay's closed payments: it signs the raw JSON, slashes escaped as PHP writes them. */
export function startTripay({ merchantCode, apiKey, privateKey }: TripayKeys): Promise<GatewayStandIn> {
  const hmac = (text: string): string => createHmac('sha256', privateKey).update(text).digest('hex');
  return startStandIn({
    answer({ path, query, headers, body }, shop) {
      if (headers.authorization !== `Bearer ${apiKey}`) return refused(401, 'Invalid API Key');
      if (path === '/merchant/transactions') return done(shop.ordersOf(query.get('merchant_ref') ?? '').map(described));
      const { merchant_ref, amount, method, signature } = body;
      if (signature !== hmac(`${merchantCode}${merchant_ref}${amount}`)) return refused(400, 'Invalid signature');
      if (!body.customer_email || !body.customer_name) return refused(400, 'The customer email field is required.');
      if (shop.ordersOf(String(merchant_ref)).length > 0) return refused(400, 'Merchant Ref sudah digunakan');
      const order = shop.sell({ id: String(merchant_ref), amount: BigInt(Number(amount)), method: String(method) });
      const forPayer = order.method === 'QRIS' ? { qr_string: `000201${order.ref}` } : { pay_code: '8810070012345678' };
      return done({ ...described(order), ...forPayer });
    },
    callback(order) {
      const { reference, merchant_ref, payment_method, status, amount, paid_at } = described(order);
      const told = {
        reference,
        merchant_ref,
        payment_method: `${payment_method} (Customizable)`,
        total_amount: amount,
        is_closed_payment: 1,
        status,
        paid_at,
        note: 'https://tripay.example/note',
      };
      const text = JSON.stringify(told).replaceAll('/', '\\/');
      return {
        body: Buffer.from(text),
        headers: {
          'content-type': 'application/json',
          'x-callback-signature': hmac(text),
          'x-callback-event': 'payment_status',
        },
      };
    },
  });
}
