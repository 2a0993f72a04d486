import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { Ask, Request, Told } from '#test/api/ask.ts';
import type { TestBridge } from '#test/setup/bridge.ts';

type DeedName =
  | 'bill'
  | 'top up'
  | 'pay out'
  | 'pay a part'
  | 'pay all'
  | 'buy vouchers'
  | 'reverse'
  | 'refund'
  | 'cancel';

/** Something that is done to a deposit by HTTP; of equal `key` it is the same request, or another one under its key. */
type Deed = { readonly what: DeedName; readonly amount: number; readonly shop: 0 | 1; readonly key: number };

/** A reseller with one customer, and those who ask in its name and in the provider's. */
export type Counter = { readonly id: string; readonly customer: string; readonly ask: Ask; readonly admin: Ask };

type Place = { readonly look: TestBridge['look']; readonly tenantId: string; readonly batchId: string };

const api = '/api/v1';
const posting = (path: string, body: object): Request => ({ method: 'POST', path: `${api}/${path}`, body });

const idOf = async (look: Place['look'], query: string, values: readonly unknown[]): Promise<string> =>
  (await look<{ id: string }>(query, values))[0]?.id ?? randomUUID();

/** The last payment out of a deposit that stands, one with free money first. */
const paidOf = ({ look, tenantId }: Place) =>
  idOf(
    look,
    `select id from payments where tenant_id = $1 and method = 'deposit' and status = 'paid'
     order by unallocated > 0 desc, created_at desc limit 1`,
    [tenantId],
  );
const billOf = ({ look }: Place, { customer }: Counter) =>
  idOf(look, 'select id from invoices where customer_id = $1 and cancelled_at is null order by created_at limit 1', [
    customer,
  ]);

type Work = (place: Place, at: Counter, amount: number) => Promise<readonly [Ask, Request]>;
const lineOf = (amount: number) => ({ description: 'Home 10', unit_price: amount });

const works: Readonly<Record<DeedName, Work>> = {
  bill: async (_p, { admin, customer }, amount) => [
    admin,
    posting('invoices', { customer_id: customer, lines: [lineOf(amount)] }),
  ],
  'top up': async (_p, { admin, id }, amount) => [
    admin,
    posting(`resellers/${id}/deposit/top-ups`, { amount: 2 * amount, method: 'cash' }),
  ],
  'pay out': async (_p, { admin, id }, amount) => [
    admin,
    posting(`resellers/${id}/deposit/refunds`, { amount, method: 'cash' }),
  ],
  'pay a part': async (_p, { ask, customer }, amount) => [
    ask,
    posting('reseller/payments', { customer_id: customer, amount }),
  ],
  'pay all': async (_p, { ask, customer }) => [ask, posting('reseller/payments', { customer_id: customer })],
  'buy vouchers': async ({ batchId }, { ask }) => [ask, posting('reseller/vouchers', { batch_id: batchId, count: 1 })],
  reverse: async (p, { admin }) => [admin, posting(`payments/${await paidOf(p)}/reverse`, { reason: 'uji' })],
  refund: async (p, { admin }, amount) => [
    admin,
    posting(`payments/${await paidOf(p)}/refunds`, { amount, payment_method: 'deposit', reason: 'uji' }),
  ],
  cancel: async (p, at) => [at.admin, posting(`invoices/${await billOf(p, at)}/cancel`, { reason: 'uji' })],
};

const names = Object.keys(works) as DeedName[];

/** Four to eight at once, by two resellers; most amounts and keys come more than once. */
export const storm: fc.Arbitrary<Deed[]> = fc.array(
  fc.record({
    what: fc.constantFrom(...names),
    amount: fc.constantFrom(50, 100, 250),
    shop: fc.constantFrom(0 as const, 1 as const),
    key: fc.nat(2),
  }),
  { minLength: 4, maxLength: 8 },
);

/** What a storm is about, which chance may leave out of a few: a full deposit covers all of it. */
export const firstStorm: Deed[] = (['bill', 'top up', 'pay a part', 'buy vouchers'] as const).map((what) => ({
  what,
  amount: 50,
  shop: 0,
  key: 0,
}));

/** Does one of them; `round` sets its keys apart from those of other storms. */
export async function attempt(
  place: Place,
  at: Counter,
  { what, amount, shop, key }: Deed,
  round: number,
): Promise<Told> {
  const [ask, request] = await works[what](place, at, amount);
  return ask({ ...request, headers: { 'Idempotency-Key': `${round} ${what} ${shop} ${key}`.replaceAll(' ', '-') } });
}
