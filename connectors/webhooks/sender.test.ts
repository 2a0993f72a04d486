import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { afterEach, describe, expect, it } from 'vitest';
import { type AddressGuard, createAddressGuard } from '#connectors/kit/address-guard.ts';
import { parseNetworks } from '#connectors/kit/address-kind.ts';
import { webhookSenderContract } from '#ports/webhook-sender/contract.ts';
import type { WebhookPost } from '#ports/webhook-sender/port.ts';
import { createWebhookSender, type WebhookSenderOptions } from './sender.ts';

type Seen = { readonly headers: IncomingHttpHeaders; readonly body: string; readonly url: string };

const opened = parseNetworks(['127.0.0.1/32']);
if (!opened.ok) throw new Error(opened.error);
const guard = createAddressGuard({ allow: opened.value, allowPrivate: false });

const senderOf = (over: Partial<WebhookSenderOptions> = {}) =>
  createWebhookSender({ guardFor: () => guard, clock: () => Date.now(), ...over });

async function serve(answer: RequestListener) {
  const seen: Seen[] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      seen.push({ headers: request.headers, body: Buffer.concat(chunks).toString(), url: request.url ?? '' });
      answer(request, response);
    });
  }).on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/hook/?key=a%20b&key=c`, port, seen, connections: () => connections, close };
}

const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});
async function endpoint(answer: RequestListener = (_request, response) => void response.writeHead(204).end()) {
  const served = await serve(answer);
  open.push(served.close);
  return served;
}

const secret = 'whsec_c2VjcmV0IG9mIHRoZSB0ZXN0cyE=';
const post = (url: string, over: Partial<WebhookPost> = {}): WebhookPost => ({
  url,
  id: 'msg_1',
  body: '{"type":"ping"}',
  secrets: [secret],
  allowPrivate: false,
  ...over,
});

webhookSenderContract('http', async () => {
  let status = 204;
  const served = await serve((_request, response) => void response.writeHead(status, { Location: '/elsewhere' }).end());
  return {
    sender: senderOf(),
    url: served.url,
    closedUrl: 'http://127.0.0.2:1/',
    answer: (next) => {
      status = next;
    },
    arrived: () => served.seen.map(({ headers, body }) => ({ id: String(headers['webhook-id']), body })),
    close: async () => served.close(),
  };
});

describe('webhooks over HTTP', () => {
  it('X12: whatever the body, the receiver’s own library verifies it, under the old and the new secret', async () => {
    const { url, seen } = await endpoint();
    const sender = senderOf();
    const older = 'whsec_YW5vdGhlciBzZWNyZXQgb2YgdGVzdHM=';
    await fc.assert(
      fc.asyncProperty(fc.json(), fc.uuid(), async (body, id) => {
        await sender.post(post(url, { id: `msg_${id}`, body, secrets: [secret, older] }));
        const { headers, body: arrived }: Omit<Seen, 'url'> = seen.at(-1) ?? { headers: {}, body: '' };
        const signed = {
          'webhook-id': String(headers['webhook-id']),
          'webhook-timestamp': String(headers['webhook-timestamp']),
          'webhook-signature': String(headers['webhook-signature']),
        };
        expect(headers['content-type']).toBe('application/json');
        for (const one of [secret, older]) expect(new Webhook(one).verify(arrived, signed)).toEqual(JSON.parse(body));
        expect(() => new Webhook('whsec_c29tZWJvZHkgZWxzZSdzIGtleQ==').verify(arrived, signed)).toThrow();
        expect(() => new Webhook(secret).verify(`${arrived} `, signed)).toThrow();
      }),
      { numRuns: 100 },
    );
  });

  it('SEC-6: an old or future time is refused by the receiver, and it is the time of the try', async () => {
    const { url, seen } = await endpoint();
    for (const [shift, fits] of [
      [0, true],
      [-3_600_000, false],
      [3_600_000, false],
    ] as const) {
      await senderOf({ clock: () => Date.now() + shift }).post(post(url));
      const { headers, body }: Omit<Seen, 'url'> = seen.at(-1) ?? { headers: {}, body: '' };
      const verify = (): unknown =>
        new Webhook(secret).verify(body, {
          'webhook-id': String(headers['webhook-id']),
          'webhook-timestamp': String(headers['webhook-timestamp']),
          'webhook-signature': String(headers['webhook-signature']),
        });
      if (fits) expect(verify).not.toThrow();
      else expect(verify).toThrow();
    }
  });

  it('the address is asked as it was given, its query and last slash included', async () => {
    const { url, seen } = await endpoint();
    await senderOf().post(post(url));
    expect(seen[0]?.url).toMatch(/^\/hook\/\?key=a(\+|%20)b&key=c$/);
  });

  const away = { ok: false, error: { reason: 'unreachable' } };

  it.each<readonly [string, RequestListener]>([
    ['hangs', () => undefined],
    ['cuts the line', (request) => void request.socket.destroy()],
    [
      'drips',
      (_request, response) => {
        const timer = setInterval(() => response.write('x'), 20);
        response.on('close', () => clearInterval(timer));
      },
    ],
    ['answers more than anybody reads', (_request, response) => void response.end('x'.repeat(200_000))],
  ])('an endpoint that %s is unreachable', async (_what, answer) => {
    const { url } = await endpoint(answer);
    expect(await senderOf({ timeoutMs: 400 }).post(post(url))).toMatchObject(away);
  });

  it('B10: an endpoint that fails five times in a row rests, and no other with it', async () => {
    const bad = await endpoint((_request, response) => void response.writeHead(503).end());
    const good = await endpoint();
    const sender = senderOf();
    for (let i = 0; i < 8; i++) await sender.post(post(bad.url));
    expect(bad.seen).toHaveLength(5);
    expect(await sender.post(post(bad.url))).toMatchObject({ ok: false, error: { reason: 'resting' } });
    expect(await sender.post(post(good.url))).toMatchObject({ ok: true });
  });

  it('SEC-17: a name whose answer changes is judged at each connect, and connected to where it was judged', async () => {
    const { port, connections, seen } = await endpoint();
    const answers = ['127.0.0.1', '127.0.0.2', '169.254.169.254', '::ffff:127.0.0.1'];
    let asked = 0;
    const rebinding: AddressGuard = createAddressGuard({
      allow: opened.value,
      allowPrivate: false,
      resolve: async () => {
        const address = answers[Math.min(asked, answers.length - 1)] ?? '';
        asked += 1;
        return [{ address, family: address.includes(':') ? 6 : 4 }];
      },
    });
    const sender = senderOf({ guardFor: () => rebinding });
    const url = `http://rebinding.example.net:${port}/`;
    expect(await sender.post(post(url))).toMatchObject({ ok: true });
    for (let i = 0; i < 3; i++)
      expect(await sender.post(post(url))).toMatchObject({ ok: false, error: { reason: 'refused' } });
    expect([connections(), seen.length, asked]).toEqual([1, 1, 4]);
  });
});
