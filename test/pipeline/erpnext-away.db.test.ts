import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Connection } from '#features/connections/schema.ts';
import type { Event } from '#features/integrations/schema.ts';
import type { Nonsense } from '#sandbox/erpnext/rest/nonsense.ts';
import { eventually } from './eventually.ts';
import { type Isp, openIsp, type Subscriber } from './isp.ts';
import { type RunningHub, startRunningHub } from './running-hub.ts';

type Trouble = Nonsense | 'refused';

/** What the operator is told of each, by the connection's test. */
const words: Readonly<Record<Trouble, RegExp>> = {
  hang: /no whole answer within 10000 ms/,
  refused: /ECONNREFUSED/,
  html200: /no JSON/,
  empty: /no JSON/,
  'empty-list': /without what was asked for/,
  half: /no JSON/,
  cut: /aborted/,
  '403': /user may not do this/,
  '500': /ERPNext failed \(500/,
  '502': /ERPNext failed \(502/,
  '503': /ERPNext failed \(503/,
  '429': /rate limit/,
  'login-redirect': /redirects are not followed/,
};
/** The slowest first: the others go on beside it. */
const troubles = Object.keys(words).sort((a) => (a === 'hang' ? -1 : 0)) as Trouble[];

let hub: RunningHub;
beforeAll(async () => {
  hub = await startRunningHub({
    postgresUrl: inject('postgresUrl'),
    flavor: 'postgres',
    radiusServerUrl: inject('postgresUrl'),
  });
});
afterAll(() => hub.close());

/** A provider with one who pays, one who owes and is walled in, and one who will come to owe. */
type Scene = {
  readonly isp: Isp;
  readonly payer: Subscriber;
  readonly debtor: Subscriber;
  readonly next: Subscriber;
  /** What the debtor owes. */
  readonly invoice: string;
};

async function openScene(trouble: Trouble): Promise<Scene> {
  const isp = await openIsp(hub, Date.now, trouble);
  const [payer, debtor, next] = [
    await isp.addSubscriber('Paid'),
    await isp.addSubscriber('Owing'),
    await isp.addSubscriber('Next'),
  ];
  const invoice = isp.billOverdue(debtor);
  await isp.becomes(debtor, 'isolated');
  await isp.erp.delivered();
  return { isp, payer, debtor, next, invoice };
}

async function begin(isp: Isp, trouble: Trouble): Promise<void> {
  if (trouble === 'refused') await isp.erp.down();
  else isp.erp.nonsense(trouble);
}

async function end(isp: Isp): Promise<void> {
  await isp.erp.up();
  isp.erp.nonsense(null);
}

async function connection(isp: Isp): Promise<Connection | undefined> {
  const { data } = await isp.admin.get<{ data: Connection[] }>('connections');
  return data.find(({ system }) => system === 'erpnext');
}

const statesOf = ({ isp, payer, debtor, next }: Scene) =>
  Promise.all([payer, debtor, next].map(async (who) => (await isp.line(who)).state));

/** After a rate limit ERPNext says itself when to come back, half an hour later; a person can ask for it at once. */
async function replayAll(isp: Isp): Promise<void> {
  const { data } = await isp.admin.get<{ data: Event[] }>('events?state=done&page_size=100');
  for (const { id } of data) await isp.admin.post(`events/${id}/replay`);
}

describe.concurrent('law 3, REL-11: while ERPNext', () => {
  it.each(troubles)(
    'answers %s nobody is cut, the waiting is shown, and all is caught up afterwards',
    async (trouble) => {
      const scene = await openScene(trouble);
      const { isp, debtor, next, invoice } = scene;
      await begin(isp, trouble);
      isp.billOverdue(next);
      isp.erp.pay({ invoice });
      await isp.erp.delivered();
      expect(isp.erp.deliveries().filter(({ status }) => status !== 'delivered')).toEqual([]);

      const [tested] = await Promise.all([
        isp.admin.post<{ ok: boolean; text: string }>('connections/erpnext/test'),
        eventually(
          () => connection(isp),
          (now) => now !== undefined && now.waiting > 0 && now.waiting_error !== null,
        ),
      ]);
      expect([tested.ok, tested.text]).toEqual([false, expect.stringMatching(words[trouble])]);
      expect(await statesOf(scene)).toEqual(['active', 'isolated', 'active']);

      await end(isp);
      if (trouble === '429') await replayAll(isp);
      await isp.becomes(next, 'isolated', 60_000);
      await isp.becomes(debtor, 'active', 60_000);
      expect(await statesOf(scene)).toEqual(['active', 'active', 'isolated']);
      await isp.stop();
    },
  );
});
