import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createAddressGuard } from './address-guard.ts';
import { type Networks, parseNetworks } from './address-kind.ts';
import { createHttp, type Http } from './http.ts';

const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

const networks = (...entries: string[]): Networks => {
  const parsed = parseNetworks(entries);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
};
const loopback = createAddressGuard({ allow: networks('127.0.0.0/8'), allowPrivate: true });

async function serve(listener: RequestListener): Promise<{ port: number; server: Server; connections: () => number }> {
  let connections = 0;
  const server = createServer(listener).on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  open.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, server, connections: () => connections };
}

function client(baseUrl: string, over: Partial<Parameters<typeof createHttp>[0]> = {}): Http {
  const http = createHttp({ baseUrl, timeoutMs: 2000, maxBytes: 100_000, guard: loopback, ...over });
  open.push(() => http.close());
  return http;
}

describe('HTTP client of the connectors', () => {
  it('sends method, encoded path, query, headers and JSON, and hands back status, headers and exact text', async () => {
    const seen: unknown[] = [];
    const { port } = await serve(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      seen.push(request.method, request.url, request.headers['content-type'], request.headers.authorization, body);
      response.setHeader('X-Mark', 'a').writeHead(418).end('{"é": 50.0}');
    });
    const http = client(`http://127.0.0.1:${port}/sub/`, { headers: { Authorization: 'token k:s' } });
    const answer = await http.request({ method: 'PUT', path: '/Toko%20A%2FB', query: { q: 'a b&c' }, body: { x: 1 } });
    expect(seen).toEqual(['PUT', '/sub/Toko%20A%2FB?q=a+b%26c', 'application/json', 'token k:s', '{"x":1}']);
    expect(answer).toMatchObject({ ok: true, value: { status: 418, text: '{"é": 50.0}', headers: { 'x-mark': 'a' } } });
  });

  it('a redirect is an answer: its target is never asked', async () => {
    const target = await serve((_request, response) => response.end('secret'));
    const { port } = await serve((_request, response) =>
      response.writeHead(302, { Location: `http://127.0.0.1:${target.port}/` }).end(),
    );
    const answer = await client(`http://127.0.0.1:${port}`).request({ method: 'GET', path: '/' });
    expect(answer).toMatchObject({ ok: true, value: { status: 302 } });
    expect(target.connections()).toBe(0);
  });

  it('keeps one connection for requests one after the other', async () => {
    const { port, connections } = await serve((_request, response) => response.end('{}'));
    const http = client(`http://127.0.0.1:${port}`);
    for (let i = 0; i < 5; i += 1) await http.request({ method: 'GET', path: '/' });
    expect(connections()).toBe(1);
  });

  it.each([
    ['hangs before the head', (): void => undefined],
    [
      'drips a byte now and then',
      (response: import('node:http').ServerResponse): void => {
        const timer = setInterval(() => response.write(' '), 30);
        response.on('close', () => clearInterval(timer));
      },
    ],
  ])('a peer that %s is left at the deadline', async (_name, behave) => {
    const { port } = await serve((_request, response) => behave(response));
    const started = Date.now();
    const answer = await client(`http://127.0.0.1:${port}`, { timeoutMs: 200 }).request({ method: 'GET', path: '/' });
    expect(answer).toMatchObject({ ok: false, error: { reason: 'timeout' } });
    expect(Date.now() - started).toBeLessThan(1500);
  });

  it('an answer over the limit is refused, as it is or unpacked from a small gzip', async () => {
    const { port } = await serve((request, response) => {
      if (request.url === '/plain') return response.end('x'.repeat(200_000));
      return response.setHeader('Content-Encoding', 'gzip').end(gzipSync('x'.repeat(5_000_000)));
    });
    const http = client(`http://127.0.0.1:${port}`);
    expect(await http.request({ method: 'GET', path: '/plain' })).toMatchObject({ error: { reason: 'too_large' } });
    expect(await http.request({ method: 'GET', path: '/bomb' })).toMatchObject({ error: { reason: 'too_large' } });
  });

  it('a refused connection, a reset one and half an answer are network failures', async () => {
    const { port, server } = await serve((request, response) => {
      if (request.url === '/reset') return request.socket.destroy();
      return response.writeHead(200, { 'Content-Length': '100' }).end('half', () => request.socket.destroy());
    });
    const http = client(`http://127.0.0.1:${port}`);
    expect(await http.request({ method: 'GET', path: '/reset' })).toMatchObject({ error: { reason: 'network' } });
    expect(await http.request({ method: 'GET', path: '/half' })).toMatchObject({ error: { reason: 'network' } });
    server.close();
    expect(await http.request({ method: 'GET', path: '/' })).toMatchObject({ error: { reason: 'network' } });
  });

  it.each(['', 'erp.example.com', 'ftp://erp.example.com', 'http://user:pw@erp.example.com'])(
    '%j is no base URL',
    async (url) => {
      const answer = await client(url).request({ method: 'GET', path: '/' });
      expect(answer).toMatchObject({ ok: false, error: { reason: 'bad_url' } });
      expect(JSON.stringify(answer)).not.toContain('pw');
    },
  );

  it('a private certificate is accepted only with its authority, and the refusal says that it is the certificate', async () => {
    const cert = readFileSync(new URL('./fixtures/loopback-certificate.pem', import.meta.url), 'utf8');
    const key = readFileSync(new URL('./fixtures/loopback-test-only-key.pem', import.meta.url), 'utf8');
    const server = createTlsServer({ cert, key }, (_request, response) => response.end('tls'));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    open.push(() => server.close());
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const ask = { method: 'GET', path: '/' } as const;
    expect(await client(url).request(ask)).toMatchObject({ ok: false, error: { reason: 'tls' } });
    expect(await client(url, { ca: cert }).request(ask)).toMatchObject({ ok: true, value: { text: 'tls' } });
  });

  it("the environment's proxy settings are not followed", async () => {
    const proxy = await serve((_request, response) => response.end('through the proxy'));
    const { port } = await serve((_request, response) => response.end('direct'));
    vi.stubEnv('HTTP_PROXY', `http://127.0.0.1:${proxy.port}`);
    vi.stubEnv('NO_PROXY', '');
    vi.stubEnv('no_proxy', '');
    open.push(() => vi.unstubAllEnvs());
    const answer = await client(`http://127.0.0.1:${port}`).request({ method: 'GET', path: '/' });
    expect(answer).toMatchObject({ value: { text: 'direct' } });
  });
});

describe('SEC-17: no connection off the allowlist', () => {
  it('however a loopback address is written, nothing connects and the words name JEMBATAN_OUTBOUND_ALLOW', async () => {
    const { port, connections } = await serve((_request, response) => response.end('inside'));
    const guard = createAddressGuard({ allow: networks(), allowPrivate: true });
    const hosts = [
      '127.0.0.1',
      '127.1',
      '2130706433',
      '0x7f000001',
      '0177.0.0.1',
      '0.0.0.0',
      '0',
      'localhost',
      '[::1]',
    ];
    hosts.push(
      '[::ffff:127.0.0.1]',
      '[::ffff:7f00:1]',
      '[::]',
      '127.0.0.1.',
      '①②⑦.0.0.1',
      'LOCALHOST',
      '[::127.0.0.1]',
    );
    for (const host of hosts) {
      const answer = await client(`http://${host}:${port}`, { guard }).request({ method: 'GET', path: '/' });
      expect(answer, host).toMatchObject({ ok: false, error: { reason: 'refused' } });
      expect(JSON.stringify(answer), host).toContain('JEMBATAN_OUTBOUND_ALLOW');
    }
    expect(connections()).toBe(0);
  });

  it('a name that answers otherwise the second time is resolved once and connected where it was judged', async () => {
    const { port } = await serve((_request, response) => response.end('right'));
    let asked = 0;
    const resolve = async (): Promise<{ address: string; family: number }[]> => {
      asked += 1;
      return [{ address: asked === 1 ? '127.0.0.1' : '127.0.0.9', family: 4 }];
    };
    const guard = createAddressGuard({ allow: networks('127.0.0.1'), allowPrivate: true, resolve });
    const answer = await client(`http://rebind.test:${port}`, { guard }).request({ method: 'GET', path: '/' });
    expect(answer).toMatchObject({ ok: true, value: { text: 'right' } });
    expect(asked).toBe(1);
  });

  it('a name that is not resolved is a network failure, not a refusal', async () => {
    const guard = createAddressGuard({ allow: networks(), allowPrivate: true, resolve: async () => [] });
    const answer = await client('http://nowhere.test', { guard }).request({ method: 'GET', path: '/' });
    expect(answer).toMatchObject({ ok: false, error: { reason: 'network' } });
  });
});
