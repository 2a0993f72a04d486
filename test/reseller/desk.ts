import { randomUUID } from 'node:crypto';
import type * as Shapes from '../../web/reseller/api/shapes.ts';

type Body = Readonly<Record<string, unknown>>;

const at = '2026-11-21T03:00:00.000Z';
const price = 150_000;

/** What a counter of the hub's has: customers, a deposit, vouchers; and what it was asked to do, by its key. */
export function createDesk() {
  const customers: Shapes.CustomerStatus[] = [];
  const done = new Map<string, unknown>();
  const asked: { readonly path: string; readonly key: string | undefined; readonly body: Body }[] = [];
  const lost = new Map<string, number>();
  const moves: Shapes.Move[] = [];
  const texts = { any: '' };
  let balance = 1_000_000;

  const move = (kind: Shapes.Move['kind'], amount: number, memo: string): void => {
    balance += amount;
    moves.unshift({ no: moves.length + 1, at, kind, amount, balance, memo });
  };
  const offer = (): Shapes.Offer => ({
    batch_id: '7a0e3a58-5d8b-4f64-9b0c-0d6b2f6f5a10',
    days: 30,
    price: 100_000,
    reseller_price: 90_000,
    service_plan: { id: 'p', name: texts.any || 'Home 20' },
    expires_on: '2027-06-30',
    left: 97,
  });
  const saleOf = (id: string, count: number): Shapes.SaleWithCodes => ({
    id,
    batch: offer(),
    count,
    amount: count * offer().reseller_price,
    redeemed: 0,
    sold_at: at,
    vouchers: Array.from({ length: count }, (_, i) => ({
      no: i + 1,
      state: 'unused',
      code: texts.any || `KCB-2345-ABCDE-FGHJ${i}`,
    })),
  });

  /** What is done once by its key; the same key is answered the same. */
  const deeds: Readonly<Record<string, (body: Body) => unknown>> = {
    payments: ({ customer_id, amount }) => {
      const index = customers.findIndex(({ id }) => id === customer_id);
      const who = customers[index];
      if (who) customers[index] = { ...who, open: 0, dot: 'green', state: 'active' };
      move('payment', -Number(amount), who?.name ?? '');
      return { id: randomUUID(), amount, balance };
    },
    vouchers: ({ count }) => {
      move('vouchers', -Number(count) * offer().reseller_price, '');
      return saleOf(randomUUID(), Number(count));
    },
    customers: ({ name }) => ({
      id: randomUUID(),
      name,
      customer_code: 'KCB-015',
      subscription: { username: 'ckp015', password: texts.any || 'k7Qm2xVt9LpR' },
    }),
    'deposit/top-ups': ({ amount, method, reference = null }) => ({
      ...{ id: randomUUID(), amount, method, reference, state: 'requested', requested_at: at, reason: null },
      charge: method === 'qris' ? { qr_string: '00020101021226', virtual_account: null, bank: null, url: null } : null,
    }),
  };

  return {
    password: 'correct horse',
    customers,
    moves,
    asked,
    texts,
    price,
    offer,
    saleOf,
    balance: () => balance,
    /** Answers to this are not heard by the phone, so many times. */
    loseAnswers: (what: string, times: number) => lost.set(what, times),
    losesAnswers(what: string): boolean {
      const left = lost.get(what) ?? 0;
      if (left > 0) lost.set(what, left - 1);
      return left > 0;
    },
    do(path: string, key: string | undefined, body: Body): unknown {
      asked.push({ path, key, body });
      const before = key === undefined ? undefined : done.get(key);
      if (before !== undefined) return before;
      const answer = deeds[path]?.(body) ?? {};
      if (key !== undefined) done.set(key, answer);
      return answer;
    },
    addCustomer(customer: Partial<Shapes.CustomerStatus> & { readonly name: string }): Shapes.CustomerStatus {
      const { dot = 'red', open = price } = customer;
      const why = texts.any || 'Belum bayar Rp 150.000, jatuh tempo 20 November 2026: bayar di sini.';
      const made: Shapes.CustomerStatus = {
        id: randomUUID(),
        customer_code: `KCB-${customers.length + 1}`,
        phone: '0812-3456-7890',
        address: 'Perum Griya Indah Blok C3 No. 17, RT 004/RW 012, Karawang Timur',
        latitude: -6.3,
        longitude: 107.3,
        state: dot === 'green' ? 'active' : 'isolated',
        dot,
        open,
        lines: [
          {
            subscription_id: randomUUID(),
            username: 'ckp001',
            plan: { id: 'p', name: texts.any || 'Home 20', price },
            dot,
            online_since: dot === 'green' ? at : null,
            last_seen_at: at,
            why: { text: { id: why, en: why } },
            sessions: [{ started_at: at, ended_at: null, up_mb: 120, down_mb: 2_400 }],
          },
        ],
        ...customer,
      };
      customers.push(made);
      return made;
    },
    session: () => ({
      access_token: `a-${randomUUID()}`,
      refresh_token: `r-${randomUUID()}`,
      token_type: 'Bearer',
      expires_in: 900,
      user: { id: '16fd2706-8baf-433b-82eb-8c7fada847da', name: 'Bu Tini', role: 'reseller' },
    }),
  };
}
export type Desk = ReturnType<typeof createDesk>;
