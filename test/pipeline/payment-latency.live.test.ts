import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Nas, Session } from '#sandbox/nas/nas.ts';
import { quantile } from '#test/bench/figures.ts';
import { eventually } from './eventually.ts';
import { type Isp, isolirRate, planRate, type Subscriber } from './isp.ts';
import { type LiveIsp, openLiveIsp } from './live-isp.ts';
import { comesOnline, online } from './radius-stage.ts';

/** 100 at full length. */
const payments = Math.max(10, Math.round(100 * Number(process.env.JEMBATAN_FAULT_SCALE)));
/** So many pay at once without a word of it; more lines than the safety brake lets be cut in an hour would be held. */
const unheard = Math.min(15, Math.max(5, Math.round(payments / 5)));
/** The ledger is read whole this often, by the hub's clock; a little more than that has passed. */
const onePollMs = 61_000;

let live: LiveIsp;
let isp: Isp;
let nas: Nas;
let ahead = 0;
const clock = (): number => Date.now() + ahead;

beforeAll(async () => {
  live = await openLiveIsp(clock);
  ({ isp } = live);
  nas = await live.addRouter('CKP', '127.0.0.41');
  nas.behaviour({ autoRelogin: true });
});
afterAll(() => live?.close());

const withRate = (who: Subscriber, rate: string, not: Session) =>
  comesOnline(nas, who, ({ id, rateLimit }) => id !== not.id && rateLimit === rate);

it(`REL-13: ${payments} payments, each from the webhook to a new login at the plan's speed`, async () => {
  const who = await isp.addSubscriber('Lekas');
  let session = await online(nas, who);
  const taken: number[] = [];
  for (let i = 0; i < payments; i++) {
    const invoice = isp.billOverdue(who);
    const walled = await withRate(who, isolirRate, session);
    const begun = performance.now();
    isp.erp.pay({ invoice });
    session = await withRate(who, planRate, walled);
    taken.push(performance.now() - begun);
  }
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => quantile(taken, share).toFixed(0));
  process.stdout.write(`REL-13: payment to login, ${payments} times: p50 ${p50} ms, p95 ${p95} ms, p99 ${p99} ms\n`);
  expect(taken).toHaveLength(payments);
});

it(`REL-13, REL-7: ${unheard} payments that no webhook tells of restore their lines at the next reading`, async () => {
  const all: { who: Subscriber; invoice: string; walled: Session }[] = [];
  for (let i = 0; i < unheard; i++) {
    const who = await isp.addSubscriber(`Sunyi ${i}`);
    const session = await online(nas, who, { mac: `4C:5E:0C:AA:CC:${String(i % 90).padStart(2, '0')}` });
    const invoice = isp.billOverdue(who);
    all.push({ who, invoice, walled: await withRate(who, isolirRate, session) });
  }
  const deliveries = isp.erp.deliveries().length;
  await isp.erp.quiet(() => {
    for (const { invoice } of all) isp.erp.pay({ invoice });
  });
  const begun = performance.now();
  ahead += onePollMs;
  for (const { who, walled } of all) await withRate(who, planRate, walled);
  const ms = performance.now() - begun;
  process.stdout.write(
    `REL-13: ${unheard} payments unheard of: all online again ${ms.toFixed(0)} ms after the next reading was due (each ${onePollMs / 1_000} s)\n`,
  );
  expect(isp.erp.deliveries()).toHaveLength(deliveries);
});

it('REL-13, control: whoever takes the Disconnect-ACK for the end calls a line back that is not', async () => {
  const who = await isp.addSubscriber('Bohong');
  const session = await online(nas, who, { mac: '4C:5E:0C:AA:DD:01' });
  const invoice = isp.billOverdue(who);
  const walled = await withRate(who, isolirRate, session);
  nas.behaviour({ ackWithoutEffect: true });
  const before = nas.received().length;
  isp.erp.pay({ invoice });
  const [order] = await eventually(
    () => nas.received().slice(before),
    ([first]) => first !== undefined,
  );
  expect(order).toMatchObject({ kind: 'disconnect', answer: 'ack' });
  expect(nas.sessions().filter(({ username }) => username === who.username)).toMatchObject([
    { id: walled.id, rateLimit: isolirRate },
  ]);
  nas.behaviour({ ackWithoutEffect: false });
  // The hub does not: it looks again, and sends it away once more.
  await withRate(who, planRate, walled);
});
