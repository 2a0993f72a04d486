import { once } from 'node:events';
import { nowMs } from '../figures.ts';
import { deliver } from './deliver.ts';
import { customer, feeRupiah, type Installation, item } from './installation.ts';
import type { Subscriber } from './subscriber.ts';

/** Of one bill that fell due and was paid; milliseconds since the POST of the webhook, by the clock of 1970 inside. */
export type Cycle = {
  readonly dueToAckMs: number;
  readonly paidToRowsMs: number;
  /** When each webhook was sent, milliseconds since 1970 with fractions. */
  readonly dueAt: number;
  readonly paidAt: number;
};

const dayMs = 86_400_000;
const limitMs = 30_000;
const dueDate = (): string => new Date(Date.now() - 3 * dayMs).toISOString().slice(0, 10);

/** Resolves when the router acknowledged a Disconnect, and when its modem is online again after it. */
function dropped({ nas }: Installation): { readonly ackAt: Promise<number>; readonly back: Promise<unknown> } {
  const signal = AbortSignal.timeout(limitMs);
  return {
    ackAt: once(nas.events, 'order', { signal }).then(() => nowMs()),
    back: once(nas.events, 'login', { signal }),
  };
}

/** When the rows of the newest decision were committed, by the RADIUS database's own clock. */
async function rowsAt({ bridge }: Installation, { id }: Subscriber): Promise<number> {
  const { rows } = await bridge.query<{ at: string }>(
    `select intent->>'appliedAt' as at from outbox where kind = 'sessions.drop' and subscription_id = $1
     order by id desc limit 1`,
    [id],
  );
  return Date.parse(rows[0]?.at ?? '');
}

/** The bill falls due, the session is dropped and comes back walled in; the bill is paid, and it comes back free. */
export async function playCycle(at: Installation, subscriber: Subscriber): Promise<Cycle> {
  const subscription = subscriber.erpSubscription;
  const cut = dropped(at);
  const due = { customer, item, amount: feeRupiah, due_date: dueDate(), subscription };
  const invoice = at.erpnext.createInvoice(due);
  const dueAt = await deliver(at, 'on_submit', 'Sales Invoice', invoice);
  const ackAt = await cut.ackAt;
  await cut.back;

  const freed = dropped(at);
  const payment = at.erpnext.pay({ invoice });
  const paidAt = await deliver(at, 'on_submit', 'Payment Entry', payment);
  await freed.ackAt;
  const paidToRowsMs = (await rowsAt(at, subscriber)) - paidAt;
  await freed.back;
  return { dueToAckMs: ackAt - dueAt, paidToRowsMs, dueAt, paidAt };
}
