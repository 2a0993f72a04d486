import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What befalls one call on its way: it never arrives; or it is done, and its answer is lost or never comes. */
export type Fate = 'lost before' | 'cut after' | 'hangs after';

export type CuttingProxy = {
  readonly url: string;
  /** The site's own address. */
  towards: string;
  /** The fate of a call by its method and path; null: it is answered. Asked once a call. */
  fate: (method: string, path: string) => Fate | null;
  /** Fields that tell documents apart: looks for them find nothing, and they are taken off what is inserted. */
  forgets: readonly string[];
  stop(): Promise<void>;
};

function isLook(method: string, path: string, fields: readonly string[]): boolean {
  const filters = new URL(path, 'http://site').searchParams.get('filters') ?? '';
  return method === 'GET' && fields.some((field) => filters.includes(field));
}

/** A body without the fields. */
function without(body: Buffer, fields: readonly string[]): Buffer {
  const whole = Object.entries(JSON.parse(body.toString()) as Record<string, unknown>);
  return Buffer.from(JSON.stringify(Object.fromEntries(whole.filter(([field]) => !fields.includes(field)))));
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** A bad network before a site: every call goes through, but for those that it is told to lose. */
export async function startCuttingProxy(towards = ''): Promise<CuttingProxy> {
  async function carry(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url: path = '/', headers } = incoming;
    const { hostname, port } = new URL(proxy.towards);
    const given = await bodyOf(incoming);
    const { forgets } = proxy;
    const body = forgets.length > 0 && method === 'POST' ? without(given, forgets) : given;
    const length = { 'content-length': String(body.length) };
    if (isLook(method, path, forgets)) {
      return void response.writeHead(200, { 'content-type': 'application/json' }).end('{"data": []}');
    }
    const fate = proxy.fate(method, decodeURIComponent(path));
    if (fate === 'lost before') return void incoming.socket.destroy();
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const sent = { ...headers, ...(body === given ? {} : length) };
      const onward = forward({ hostname, port, method, path, headers: sent, agent: false }, resolve);
      onward.on('error', reject).end(body);
    });
    const told = await bodyOf(answer);
    if (fate === 'hangs after') return;
    if (fate === 'cut after') return void incoming.socket.destroy();
    response.writeHead(answer.statusCode ?? 502, answer.headers).end(told);
  }
  const server = createServer((incoming, response) => {
    carry(incoming, response).catch(() => incoming.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: CuttingProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    towards,
    fate: () => null,
    forgets: [],
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return proxy;
}
