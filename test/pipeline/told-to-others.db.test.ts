import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { headersOf, type MailServer, partOf, startMailServer } from '#connectors/smtp/testing/mail-server.ts';
import { eventually } from './eventually.ts';
import { type Office, type RunningHub, startRunningHub } from './running-hub.ts';

type Arrived = { readonly headers: IncomingHttpHeaders; readonly body: string };

let hub: RunningHub;
let alpha: Office;
let beta: Office;
let mail: MailServer;
let receiver: Server;
let secret: string;
const arrived: Arrived[] = [];
const wrongDoor: Arrived[] = [];

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

beforeAll(async () => {
  hub = await startRunningHub({
    postgresUrl: inject('postgresUrl'),
    flavor: 'postgres',
    radiusServerUrl: inject('postgresUrl'),
  });
  mail = await startMailServer({ disabledCommands: ['STARTTLS'] });
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const one = { headers: request.headers, body: Buffer.concat(chunks).toString() };
      (request.url === '/alpha' ? arrived : wrongDoor).push(one);
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((ready) => receiver.listen(0, '127.0.0.1', ready));
  [alpha, beta] = [await hub.addOffice('alpha'), await hub.addOffice('beta')];
  const url = (name: string): string => `http://127.0.0.1:${portOf(receiver)}/${name}`;
  ({ secret } = await alpha.admin.post<{ secret: string }>('webhook-endpoints', { url: url('alpha') }));
  await beta.admin.post('webhook-endpoints', { url: url('beta') });
  const smtp = { host: '127.0.0.1', port: mail.port, secure: 'none', from: 'Alpha Net <billing@alpha.example>' };
  await alpha.admin.put('connections/smtp', smtp);
});
afterAll(async () => {
  await hub.close();
  await mail.close();
  receiver.closeAllConnections();
  receiver.close();
});

const bodies = (type: string): { data: Record<string, unknown> }[] =>
  arrived.map(({ body }) => JSON.parse(body)).filter((body) => body.type === type);

describe('a hub that tells others', () => {
  it('M1: a mail server is connected, tested, and shown without its password', async () => {
    const tested = await alpha.admin.post<{ ok: boolean; text: string }>('connections/smtp/test');
    expect(tested).toMatchObject({ ok: true, text: expect.stringContaining('billing@alpha.example') });
    const none = await beta.admin.post<{ ok: boolean; text: string }>('connections/smtp/test');
    expect(none).toMatchObject({ ok: false, text: expect.stringContaining('connections/smtp') });
    const shown = await alpha.admin.put('connections/smtp', {
      host: '127.0.0.1',
      port: mail.port,
      secure: 'none',
      user: 'isp',
      password: 'rahasia',
      from: 'Alpha Net <billing@alpha.example>',
    });
    expect(JSON.stringify(shown)).not.toContain('rahasia');
  });

  it('P59, X12: a new customer is written to, and the tenant’s own systems hear of it, signed', async () => {
    const plan = await alpha.admin.post<{ id: string }>('service-plans', {
      name: 'Home 10',
      speed_download: 10,
      speed_upload: 5,
      price: 150_000,
    });
    const form = { name: 'Budi', phone: '0812', address: 'Jl. Melati 5', service_plan_id: plan.id };
    const customer = await alpha.admin.post<{ id: string; customer_code: string }>('customers', {
      ...form,
      email: 'budi@example.net',
    });
    await eventually(
      () => [mail.delivered.length, bodies('subscription.state_changed').length, bodies('customer.created').length],
      (counts) => counts.every((count) => count > 0),
    );
    expect([mail.delivered.length, bodies('customer.created').length]).toEqual([1, 1]);
    const [letter] = mail.delivered;
    expect(letter?.to).toEqual(['budi@example.net']);
    expect(partOf(letter?.raw ?? '', 'text/plain')).toContain(customer.customer_code);
    expect(headersOf(letter?.raw ?? '').get('list-unsubscribe')).toMatch(/^<http.*\/u\/[\w-]{64}>$/);
    expect(bodies('customer.created')[0]?.data).toEqual({
      id: customer.id,
      customer_code: customer.customer_code,
      name: 'Budi',
    });
    expect(bodies('subscription.state_changed')[0]?.data).toMatchObject({ state: 'active', was: null });
    expect(bodies('plan.created')[0]?.data).toEqual({ id: plan.id, name: 'Home 10', price: 150_000 });
    for (const { headers, body } of arrived) {
      const signed = {
        'webhook-id': String(headers['webhook-id']),
        'webhook-timestamp': String(headers['webhook-timestamp']),
        'webhook-signature': String(headers['webhook-signature']),
      };
      expect(new Webhook(secret).verify(body, signed)).toEqual(JSON.parse(body));
    }
    expect(wrongDoor).toEqual([]);
    expect(hub.log()).not.toContain('budi@example.net');
  });

  it('the link in the mail ends further ones, without a login', async () => {
    const link = /<(http[^>]+)>/.exec(headersOf(mail.delivered[0]?.raw ?? '').get('list-unsubscribe') ?? '')?.[1] ?? '';
    const page = await fetch(`${hub.url}${new URL(link).pathname}`, { method: 'POST' });
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await hub.look('select channel from opt_outs')).toEqual([{ channel: 'email' }]);
  });
});
