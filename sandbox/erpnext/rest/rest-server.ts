import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { crashed, FrappeError } from '../site/frappe-error.ts';
import { compactSeparators, pythonJson } from '../site/python-json.ts';
import type { Site } from '../site/site.ts';
import { type ApiKey, authenticate } from './authenticate.ts';
import { errorBody } from './error-body.ts';
import { callMethod } from './methods.ts';
import { answerNonsense, loginPage, type Nonsense } from './nonsense.ts';
import { type Answer, answerResource } from './resource.ts';
import { type Call, type RestCall, readCall } from './rest-call.ts';

export type RestServer = {
  /** `http://127.0.0.1:<port>`, the same after `up`. */
  readonly url: string;
  /** Every call since the start, in order of arrival. */
  requests(): readonly RestCall[];
  /** Null: tell the truth again. */
  nonsense(kind: Nonsense | null): void;
  /** Connections are refused until `up`; webhooks go on, being sent by other processes. */
  down(): Promise<void>;
  up(): Promise<void>;
};

/** As nginx in front of Frappe has it: a client may keep a connection and use it again. */
const keepAliveMs = 75_000;

export async function startRestServer(site: Site, key: ApiKey, wantedPort: number): Promise<RestServer> {
  const log: RestCall[] = [];
  let lie: Nonsense | null = null;
  const server = createServer((request, response) => {
    readCall(request, site.settings.now())
      .then((call) => {
        log.push({ method: call.method, path: call.path, query: call.query, at: call.at });
        if (call.path === '/login') page(response);
        else if (lie) answerNonsense(response, lie, () => textOf(answer(site, key, call)));
        else send(response, answer(site, key, call));
      })
      .catch((error: unknown) => failed(response, error));
  });
  server.keepAliveTimeout = keepAliveMs;
  const port = await listen(server, wantedPort);
  return {
    url: `http://127.0.0.1:${port}`,
    requests: () => [...log],
    nonsense: (kind) => {
      lie = kind;
    },
    down: () => close(server),
    up: async () => {
      if (!server.listening) await listen(server, port);
    },
  };
}

/** Whatever goes wrong becomes an answer of Frappe's shape. */
function answer(site: Site, key: ApiKey, call: Call): Answer {
  try {
    return routed(site, key, call);
  } catch (error) {
    const refusal = error instanceof FrappeError ? error : crashed('Exception', String(error));
    return { status: refusal.status, body: errorBody(refusal) };
  }
}

function routed(site: Site, key: ApiKey, call: Call): Answer {
  const [, api, kind, first = '', ...rest] = call.path.split('/');
  if (api !== 'api') throw new FrappeError(404, 'DoesNotExistError', `${call.path} not found`);
  const open = kind === 'method' && first === 'ping';
  if (!open) authenticate(call.authorization, key);
  if (kind === 'method') return { status: 200, body: { message: callMethod(site, call, first) } };
  if (kind === 'resource') return answerResource(site, call, first, rest.length === 0 ? null : rest.join('/'));
  throw new FrappeError(404, 'DoesNotExistError', `${call.path} not found`);
}

const textOf = (answered: Answer): string => pythonJson(answered.body, compactSeparators);

function send(response: ServerResponse, answered: Answer): void {
  const body = textOf(answered);
  response.writeHead(answered.status, { 'Content-Type': 'application/json', 'Content-Length': body.length });
  response.end(body);
}

function page(response: ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' });
  response.end(loginPage);
}

/** Only a body that is no JSON, or a connection that the caller broke, comes here. */
function failed(response: ServerResponse, error: unknown): void {
  const refusal = error instanceof FrappeError ? error : crashed('Exception', String(error));
  if (!response.destroyed) send(response, { status: refusal.status, body: errorBody(refusal) });
}

const listen = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    if (!server.listening) return resolve();
    server.close(() => resolve());
    server.closeAllConnections();
  });
