import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Event } from '#features/integrations/schema.ts';
import { recording, recordingNames } from '#sandbox/erpnext/recorded/recording.ts';
import { deliver, deliverRaw, signatureOf } from './deliver.ts';
import { eventually } from './eventually.ts';
import { hostileBodies } from './hostile-bodies.ts';
import { type Isp, openIsp, type Subscriber } from './isp.ts';
import { type Office, type RunningHub, startRunningHub } from './running-hub.ts';

let hub: RunningHub;
let isp: Isp;
let door: string;
let citra: Subscriber;

beforeAll(async () => {
  hub = await startRunningHub({
    postgresUrl: inject('postgresUrl'),
    flavor: 'postgres',
    radiusServerUrl: inject('postgresUrl'),
  });
  isp = await openIsp(hub, Date.now);
  door = `${hub.url}/webhooks/erpnext/${isp.subdomain}`;
  citra = await isp.addSubscriber('Citra');
});
afterAll(async () => {
  await isp.stop();
  await hub.close();
});

const sign = (body: Buffer): string => signatureOf(body, isp.webhookSecret);
const told = (doctype: string, name: string): Buffer =>
  Buffer.from(JSON.stringify({ event: 'on_change', doctype, doc: { name, modified: '2026-11-21 10:00:00' } }));

const stored = async (): Promise<number> => (await isp.admin.get<{ total: number }>('events?page_size=1')).total;
const eventWith = async (id: string, office: Office = isp): Promise<Event | undefined> => {
  const { data } = await office.admin.get<{ data: Event[] }>('events?page_size=100');
  return data.find((event) => event.id === id);
};
/** Waits until every document that was told of has been looked at. */
const lookedAt = () =>
  eventually(
    () => isp.admin.get<{ data: { waiting: number }[] }>('connections'),
    ({ data }) => data.every(({ waiting }) => waiting === 0),
  );

describe('who may knock', () => {
  it('unknown tenants, missing, wrong and foreign signatures: 401 in the same words, and nothing is stored', async () => {
    const body = told('Sales Invoice', 'ACC-SINV-2026-00001');
    const before = await stored();
    const signature = sign(body);
    const answers = await Promise.all([
      deliver(`${hub.url}/webhooks/erpnext/nobody`, body, signature),
      deliver(`${hub.url}/webhooks/erpnext/..%2f${isp.subdomain}`, body, signature),
      deliver(door, body, null),
      deliver(door, body, ''),
      deliver(door, body, `sha256=${signature}`),
      deliver(door, body, Buffer.from(signature, 'base64').toString('hex')),
      deliver(door, body, `${signature}, ${signature}`),
      deliver(door, body, signatureOf(body, 'another secret')),
      deliver(door, Buffer.concat([body, Buffer.from('\n')]), signature),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 401));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(await stored()).toBe(before);
  });

  it('T2: a deactivated tenant is told 403 and stores nothing, until it is active again', async () => {
    const other = await openIsp(hub, Date.now, 'other');
    const url = `${hub.url}/webhooks/erpnext/${other.subdomain}`;
    const body = told('Customer', 'Budi');
    const signature = signatureOf(body, other.webhookSecret);
    await hub.platform.patch(`tenants/${other.tenantId}`, { is_active: false });
    expect((await deliver(url, body, signature)).status).toBe(403);
    await hub.platform.patch(`tenants/${other.tenantId}`, { is_active: true });
    expect((await deliver(url, body, signature)).status).toBe(202);
    await other.stop();
  });

  it('SEC-6: the recorded deliveries of a real ERPNext are taken byte for byte, and once', async () => {
    const office = await hub.addOffice('recorded');
    const url = `${hub.url}/webhooks/erpnext/${office.subdomain}`;
    const [secret] = recordingNames.map((name) => recording(name).secret);
    const { url: site, apiKey, apiSecret } = isp.erp;
    const settings = { url: site, api_key: apiKey, api_secret: apiSecret, webhook_secret: secret };
    await office.admin.put('connections/erpnext', settings);
    for (const name of recordingNames) {
      const { raw_body, headers } = recording(name);
      const { Connection: _connection, 'X-Frappe-Webhook-Signature': signature = '', ...own } = headers;
      const body = Buffer.from(raw_body);
      const first = await deliver(url, body, signature, own);
      expect([name, first.status]).toEqual([name, 202]);
      expect(await deliver(url, body, signature, own)).toEqual({ status: 200, text: first.text });
      const [row] = await hub.look<{ raw: Buffer }>('select raw from inbox where id = $1', [
        JSON.parse(first.text).event_id,
      ]);
      expect(row?.raw.equals(body)).toBe(true);
    }
    expect((await office.admin.get<{ total: number }>('events')).total).toBe(recordingNames.length);

    for (const name of recordingNames) {
      const { raw_body, headers } = recording(name);
      const changes = oneByteChanges(Buffer.from(raw_body), headers['X-Frappe-Webhook-Signature'] ?? '');
      const answers = await Promise.all(changes.map(([body, signature]) => deliver(url, body, signature)));
      expect([name, ...new Set(answers.map(({ status }) => status))]).toEqual([name, 401]);
    }
    expect((await office.admin.get<{ total: number }>('events')).total).toBe(recordingNames.length);
  });
});

const bodyChanges = 30;
const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Each character of the signature changed into its neighbour, and bytes all over the body with one bit turned. */
function oneByteChanges(body: Buffer, signature: string): readonly (readonly [Buffer, string])[] {
  const signatures = [...signature].map((character, at) => {
    const other = base64[(base64.indexOf(character) + 1) % base64.length] ?? 'A';
    return [body, signature.slice(0, at) + other + signature.slice(at + 1)] as const;
  });
  const bodies = Array.from({ length: bodyChanges }, (_, i) => {
    const changed = Buffer.from(body);
    const at = Math.floor((i * body.length) / bodyChanges);
    changed[at] = (changed[at] ?? 0) ^ (1 << (i % 8));
    return [changed, signature] as const;
  });
  return [...signatures, ...bodies];
}

describe('what they may bring', () => {
  it('SEC-6: unsigned, or with the signature of another body, none is stored', async () => {
    const before = await stored();
    const foreign = sign(Buffer.from('another body'));
    for (const { body } of hostileBodies) {
      const answers = await Promise.all([deliver(door, body, null), deliver(door, body, foreign)]);
      expect(answers.map(({ status }) => status)).toEqual([401, 401]);
    }
    expect(await stored()).toBe(before);
  });

  describe.concurrent('signed', () => {
    it.each(hostileBodies)('REL-24: $name is kept to the byte, as $kept', async ({ body, kept }) => {
      const answer = await deliver(door, body, sign(body));
      expect(answer.status).toBe(202);
      const id: string = JSON.parse(answer.text).event_id;
      const [row] = await hub.look<{ raw: Buffer }>('select raw from inbox where id = $1', [id]);
      expect(row?.raw.equals(body)).toBe(true);
      const event = await eventually(
        () => eventWith(id),
        (found) => found?.state !== 'new',
      );
      expect([event?.state, event?.error !== null]).toEqual([kept, kept === 'dead']);
      expect((await deliver(door, body, sign(body))).status).toBe(200);
    });
  });

  it('none of it decided anything, was asked for at a wrong address, or is left over', async () => {
    await lookedAt();
    const asked = isp.erp.requests().map(({ path }) => path.split('/').slice(0, 4).join('/'));
    const doctypes = [
      'Sales Invoice',
      'Payment Entry',
      'Journal Entry',
      'Subscription',
      'Subscription Plan',
      'Customer',
    ];
    const methods = ['get_count', 'get_value'].map((method) => `/api/method/frappe.client.${method}`);
    const allowed = [...doctypes.map((doctype) => `/api/resource/${doctype}`), ...methods];
    expect(allowed).toEqual(expect.arrayContaining([...new Set(asked)]));
    expect((await isp.line(citra)).state).toBe('active');
    expect(await hub.look(`select 1 from outbox where state = 'dead'`)).toEqual([]);
    const { status } = await fetch(`${hub.url}/readyz`);
    expect(status).toBe(200);
  });

  it('ten megabytes are 413, with a length and without one', async () => {
    const body = Buffer.alloc(10 * 1_048_576, 0x20);
    const before = await stored();
    const chunked = ['Transfer-Encoding: chunked', `X-Frappe-Webhook-Signature: ${sign(body)}`];
    const answers = await Promise.all([
      deliverRaw(door, [`Content-Length: ${body.length}`, `X-Frappe-Webhook-Signature: ${sign(body)}`], body),
      deliverRaw(door, chunked, Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body])),
    ]);
    expect(answers).toEqual([413, 413]);
    expect(await stored()).toBe(before);
  });
});

describe.concurrent('what is no delivery', () => {
  const good = told('Sales Invoice', 'ACC-SINV-2026-00007');
  it.each([
    ['a body shorter than its length', [`Content-Length: ${good.length + 5}`], good, [0, 400, 408]],
    ['a length and chunks at once', [`Content-Length: ${good.length}`, 'Transfer-Encoding: chunked'], good, [0, 400]],
    ['two lengths', ['Content-Length: 5', `Content-Length: ${good.length}`], good, [0, 400]],
    ['a length that is no number', ['Content-Length: many'], good, [0, 400]],
    [
      'a chunk that says it is larger than it is',
      ['Transfer-Encoding: chunked'],
      Buffer.from('fffff\r\n{}'),
      [0, 400, 408],
    ],
    ['a chunk without a size', ['Transfer-Encoding: chunked'], Buffer.from('zz\r\n{}\r\n'), [0, 400]],
    ['a header of 64 KB', [`X-Long: ${'x'.repeat(65_536)}`, `Content-Length: ${good.length}`], good, [0, 431]],
  ] as const)('%s: nothing is stored', async (_name, lines, body, answers) => {
    const before = await stored();
    const status = await deliverRaw(door, [...lines, `X-Frappe-Webhook-Signature: ${sign(good)}`], body);
    expect(answers).toContain(status);
    expect(await stored()).toBe(before);
  });
});

describe('what they tell of', () => {
  it('REL-4: the same delivery ten times and a hundred times at once is one event, and 2xx each time', async () => {
    const body = told('Sales Invoice', 'ACC-SINV-2026-00042');
    const before = await stored();
    const statuses: number[] = [];
    for (let i = 0; i < 10; i++) statuses.push((await deliver(door, body, sign(body))).status);
    const atOnce = await Promise.all(Array.from({ length: 100 }, () => deliver(door, body, sign(body))));
    statuses.push(...atOnce.map(({ status }) => status));
    expect(statuses.filter((status) => status === 202)).toHaveLength(1);
    expect(new Set(statuses)).toEqual(new Set([202, 200]));
    expect(await stored()).toBe(before + 1);
  });

  it('an unknown customer and a document that is gone: looked at, no error, nobody is cut', async () => {
    isp.erp.createCustomer({ customer_name: 'Nobody here' });
    isp.billOverdue({ erpCustomer: 'Nobody here' });
    const gone = told('Sales Invoice', 'ACC-SINV-2026-31337');
    await deliver(door, gone, sign(gone));
    await isp.erp.delivered();
    await lookedAt();
    const dead = await isp.admin.get<{ data: Event[] }>('events?state=dead&page_size=100&search=ACC-SINV');
    expect(dead.data).toEqual([]);
    expect((await isp.line(citra)).state).toBe('active');
  });

  it('law 1: a signed lie about a debt cuts nobody', async () => {
    const invoice = isp.erp.createInvoice({
      customer: 'Citra',
      item: 'FIBER-50M',
      amount: 150_000,
      due_date: '2099-12-31',
    });
    const doc = { ...isp.erp.get('Sales Invoice', invoice), due_date: '2020-01-01', status: 'Overdue' };
    const lie = Buffer.from(JSON.stringify({ event: 'on_change', doctype: 'Sales Invoice', doc }));
    expect((await deliver(door, lie, sign(lie))).status).toBe(202);
    await lookedAt();
    expect((await isp.line(citra)).state).toBe('active');
  });
});
