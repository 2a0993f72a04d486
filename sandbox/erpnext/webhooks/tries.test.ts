import { afterEach, describe, expect, it } from 'vitest';
import type { ErpnextOptions } from '../create-erpnext.ts';
import { type HeardIsp, heardIsp } from '../small-isp.ts';
import type { Received, ReceiverAnswer } from './receiver.ts';

const open: HeardIsp[] = [];
afterEach(async () => {
  for (const isp of open.splice(0)) await isp.stop();
});

async function isp(
  answer?: (received: Received, nth: number) => ReceiverAnswer,
  options?: ErpnextOptions,
): Promise<HeardIsp> {
  const made = await heardIsp(options, answer);
  open.push(made);
  return made;
}

const summary = ({ erp }: HeardIsp): unknown[] =>
  erp.deliveries().map(({ status, tries }) => [status, tries.map((one) => one.status ?? one.error)]);

describe('three tries, then lost', () => {
  it('a 4xx is tried again like a 5xx, with the same body and signature', async () => {
    const one = await isp((_received, nth) => ({ status: nth === 1 ? 409 : 500 }));
    one.erp.createCustomer({ customer_name: 'Bob' });
    await one.erp.delivered();
    expect(summary(one)).toEqual([['failed', [409, 500, 500]]]);
    expect(new Set(one.receiver.received.map(({ body }) => body)).size).toBe(1);
    expect(new Set(one.receiver.received.map(({ headers }) => headers['x-frappe-webhook-signature'])).size).toBe(1);
  });

  it('the pauses grow: retry1, then retry2', async () => {
    const one = await isp(() => ({ status: 503 }), { delaysMs: { send: 0, retry1: 60, retry2: 200, timeout: 1000 } });
    one.erp.createCustomer({ customer_name: 'Bob' });
    await one.erp.delivered();
    const [first = 0, second = 0, third = 0] = one.receiver.received.map(({ atMs }) => atMs);
    expect(second - first).toBeGreaterThanOrEqual(58);
    expect(third - second).toBeGreaterThanOrEqual(198);
  });

  it('a slow receiver gets the same event three times, without pauses', async () => {
    const slow = { send: 0, retry1: 10_000, retry2: 10_000, timeout: 250 };
    const one = await isp(() => ({ status: 200, afterMs: 1500 }), { delaysMs: slow });
    one.erp.createCustomer({ customer_name: 'Bob' });
    await one.erp.delivered();
    expect(summary(one)).toEqual([['failed', ['timeout', 'timeout', 'timeout']]]);
    expect(one.receiver.received).toHaveLength(3);
  });

  it('a refused connection is tried as often', async () => {
    const one = await isp();
    await one.receiver.stop();
    one.erp.createCustomer({ customer_name: 'Bob' });
    await one.erp.delivered();
    expect(summary(one)).toEqual([['failed', ['refused', 'refused', 'refused']]]);
  });

  it('the next event overtakes one that waits for its second try', async () => {
    const one = await isp((_received, nth) => ({ status: nth === 1 ? 503 : 200 }), {
      delaysMs: { send: 0, retry1: 800, retry2: 10, timeout: 1000 },
    });
    one.erp.createCustomer({ customer_name: 'First' });
    await new Promise((resolve) => setTimeout(resolve, 50));
    one.erp.createCustomer({ customer_name: 'Second' });
    await one.erp.delivered();
    const names = one.receiver.received.map(({ body }) => JSON.parse(body).doc.name);
    expect(names).toEqual(['First', 'Second', 'First']);
  });

  it('a redirect turns the POST into a GET without a body, and counts as delivered', async () => {
    const one = await isp(({ path }) =>
      path === '/hook' ? { status: 302, headers: { Location: '/elsewhere' } } : { status: 200 },
    );
    one.erp.createCustomer({ customer_name: 'Bob' });
    await one.erp.delivered();
    expect(one.receiver.received.map(({ method, path, body }) => [method, path, body.length > 0])).toEqual([
      ['POST', '/hook', true],
      ['GET', '/elsewhere', false],
    ]);
    expect(summary(one)).toEqual([['delivered', [200]]]);
  });

  it('a redirect loop ends after thirty', async () => {
    const one = await isp(() => ({ status: 302, headers: { Location: '/hook' } }));
    one.erp.createCustomer({ customer_name: 'Bob' });
    await one.erp.delivered();
    expect(summary(one)).toEqual([['failed', ['too_many_redirects', 'too_many_redirects', 'too_many_redirects']]]);
    expect(one.receiver.received).toHaveLength(90);
  });

  it('what waits when the site stops is lost', async () => {
    const one = await isp(undefined, { delaysMs: { send: 60_000 } });
    one.erp.createCustomer({ customer_name: 'Bob' });
    await one.erp.stop();
    expect(summary(one)).toEqual([['failed', []]]);
    expect(one.receiver.received).toHaveLength(0);
  });
});

describe('faults of delivery', () => {
  const customers = async (made: HeardIsp, count: number): Promise<string[]> => {
    for (let index = 0; index < count; index += 1) {
      made.erp.createCustomer({ customer_name: `C${String(index).padStart(2, '0')}` });
    }
    await made.erp.delivered();
    return made.receiver.received.map(({ body }) => String(JSON.parse(body).doc.name));
  };

  it('some are dropped and some doubled, the same ones for the same seed', async () => {
    const runs = [];
    for (let run = 0; run < 2; run += 1) {
      const one = await isp();
      one.erp.faults({ drop: 0.3, duplicate: 0.3, seed: 7 });
      runs.push((await customers(one, 40)).sort());
      const dropped = one.erp.deliveries().filter(({ status }) => status === 'dropped');
      expect(dropped.length).toBeGreaterThan(3);
      expect(dropped.length).toBeLessThan(25);
    }
    expect(runs[0]).toEqual(runs[1]);
    expect(new Set(runs[0]).size).toBeLessThan(runs[0]?.length ?? 0);
  });

  it('reordering changes the order and loses nothing', async () => {
    const one = await isp();
    one.erp.faults({ reorder: true, seed: 3 });
    const names = await customers(one, 20);
    expect(names).not.toEqual([...names].sort());
    expect(new Set(names).size).toBe(20);
  });

  it('a replay is the stored body with its old signature, however old', async () => {
    const one = await isp();
    one.erp.createCustomer({ customer_name: 'Bob' });
    await one.erp.delivered();
    one.erp.renameCustomer('Bob', 'Robert');
    await one.erp.delivered();
    expect(one.erp.replay(1)).toBe(3);
    await one.erp.delivered();
    expect(one.receiver.received[2]?.body).toBe(one.receiver.received[0]?.body);
    expect(one.erp.deliveries()[2]).toMatchObject({ replayOf: 1, status: 'delivered' });
    expect(() => one.erp.replay(99)).toThrow('no delivery 99');
  });
});
