import { createHash } from 'node:crypto';
import { type Answered, type GatewayStandIn, type Order, startStandIn } from './stand-in.ts';

const codes = { pending: '01', paid: '00', expired: '02', failed: '02', refunded: '00' } as const;
/** Callbacks count otherwise: 01 is a failure there. */
const results = { pending: '01', paid: '00', expired: '02', failed: '01', refunded: '00' } as const;

const md5 = (...parts: readonly unknown[]): string => createHash('md5').update(parts.join('')).digest('hex');

/** Amounts are texts. */
const sum = (order: Order): string => String(order.status === 'paid' ? order.paid : order.amount);

const refused = (status: number, Message: string): Answered => ({ status, body: { Message } });

/** Duitku's merchant API v2: MD5 signatures, callbacks as forms of which two fields are signed. */
export const startDuitku = (merchantCode: string, apiKey: string): Promise<GatewayStandIn> =>
  startStandIn({
    answer({ path, body }, shop) {
      const id = String(body.merchantOrderId);
      if (body.merchantCode !== merchantCode) return refused(401, 'Merchant not found');
      if (path === '/transactionStatus') {
        if (body.signature !== md5(merchantCode, id, apiKey)) return refused(401, 'Wrong signature');
        const order = shop.ordersOf(id).at(-1);
        if (!order) return refused(404, 'Transaction not found');
        const said = { merchantOrderId: id, reference: order.ref, amount: sum(order), fee: '0.00' };
        return { status: 200, body: { ...said, statusCode: codes[order.status], statusMessage: 'SUCCESS' } };
      }
      if (body.signature !== md5(merchantCode, id, body.paymentAmount, apiKey)) return refused(401, 'Wrong signature');
      if (!body.email) return refused(400, 'Email is required');
      if (shop.ordersOf(id).length > 0) return refused(409, 'Bill already exists');
      const method = String(body.paymentMethod);
      const order = shop.sell({ id, amount: BigInt(Number(body.paymentAmount)), method });
      const isQris = method === 'SP';
      const forPayer = isQris ? { qrString: `000201${order.ref}` } : { vaNumber: '7007014001234567' };
      const common = { merchantCode, reference: order.ref, paymentUrl: `https://duitku.example/${order.ref}` };
      return { status: 200, body: { ...common, ...forPayer, statusCode: '00', statusMessage: 'SUCCESS' } };
    },
    callback(order) {
      const amount = sum(order);
      const form = new URLSearchParams({
        merchantCode,
        amount,
        merchantOrderId: order.id,
        productDetail: 'Internet',
        additionalParam: '',
        resultCode: results[order.status],
        paymentCode: order.method,
        merchantUserId: '',
        reference: order.ref,
        signature: md5(merchantCode, amount, order.id, apiKey),
      });
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      return { body: Buffer.from(form.toString()), headers };
    },
  });
