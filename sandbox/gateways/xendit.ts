import { type Answered, type GatewayStandIn, type Order, startStandIn } from './stand-in.ts';

const words = { pending: 'PENDING', paid: 'PAID', expired: 'EXPIRED', failed: 'EXPIRED', refunded: 'PAID' } as const;

const described = (order: Order) => ({
  id: order.ref,
  external_id: order.id,
  user_id: '5848fdf860053555135587e7',
  status: words[order.status],
  merchant_name: 'Satu Net',
  amount: Number(order.amount),
  payment_method: order.method,
  invoice_url: `https://checkout.xendit.example/${order.ref}`,
  currency: 'IDR',
  ...(order.paidAt && { paid_amount: Number(order.paid), paid_at: order.paidAt.toISOString() }),
});

const refused = (status: number, error_code: string, message: string): Answered => ({
  status,
  body: { error_code, message },
});

/** Xendit's invoices: one external id may be used again and again, and what was refunded still reads PAID. */
export function startXendit(secretKey: string, callbackToken: string): Promise<GatewayStandIn> {
  const expected = `Basic ${Buffer.from(`${secretKey}:`).toString('base64')}`;
  return startStandIn({
    answer({ method, path, query, headers, body }, shop) {
      if (headers.authorization !== expected) return refused(401, 'INVALID_API_KEY', 'API key is not valid');
      if (path === '/v2/invoices' && method === 'POST') {
        const [means = ''] = Array.isArray(body.payment_methods) ? body.payment_methods : [];
        const order = shop.sell({ id: String(body.external_id), amount: BigInt(Number(body.amount)), method: means });
        return { status: 200, body: described(order) };
      }
      if (path === '/v2/invoices') {
        return { status: 200, body: shop.ordersOf(query.get('external_id') ?? '').map(described) };
      }
      const order = shop.byRef(String(body.invoice_id));
      if (!order) return refused(404, 'DATA_NOT_FOUND', 'No such invoice');
      const key = String(headers['idempotency-key']);
      if (order.refundKeys.has(key)) return { status: 200, body: { status: 'SUCCEEDED' } };
      if (order.status !== 'paid') return refused(400, 'INELIGIBLE_TRANSACTION', 'It was not paid, or was refunded');
      order.refundKeys.add(key);
      order.status = 'refunded';
      return { status: 200, body: { id: `rfd-${order.ref}`, status: 'SUCCEEDED', amount: Number(order.paid) } };
    },
    callback: (order) => ({
      body: Buffer.from(JSON.stringify(described(order))),
      headers: { 'content-type': 'application/json', 'x-callback-token': callbackToken },
    }),
  });
}
