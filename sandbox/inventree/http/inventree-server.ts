import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beginWork, type PluginEvent } from '../world/work.ts';
import { isNewer, type World } from '../world/world.ts';
import { type Answer, type Call, readCall } from './call.ts';
import { type Fate, type Fault, meetingPoint } from './faults.ts';
import { Refused } from './refused.ts';
import { route } from './routes.ts';

/** `status`: as it was answered; null where nothing was. */
export type Seen = Pick<Call, 'method' | 'path' | 'query' | 'body'> & { readonly status: number | null };

export type InventreeServer = {
  /** `http://127.0.0.1:<port>`, the same after `up`. */
  readonly url: string;
  /** Every request since the start, in order of arrival. */
  requests(): readonly Seen[];
  /** What befalls requests; asked once each. It may also do something itself, as a person who comes in between. */
  fate: Fate;
  /** Called when a request is done and not yet answered: what others do meanwhile, whoever asked does not learn from the answer. */
  meanwhile: (call: Pick<Call, 'method' | 'path' | 'query' | 'body'>) => void;
  /** The next `count` requests that write have all read before the first of them writes. */
  meet(count: number): void;
  /** What was held back by `late` is done now. */
  settle(): void;
  /** Connections are refused until `up`. */
  down(): Promise<void>;
  up(): Promise<void>;
};

export async function startServer(
  world: World,
  port: number,
  heard: (events: readonly PluginEvent[]) => void,
): Promise<InventreeServer> {
  const log: Seen[] = [];
  const held: (() => void)[] = [];
  const point = meetingPoint();
  const http = createServer((request, response) => {
    readCall(request)
      .then((call) => {
        const { method, path, query, body } = call;
        const place = log.push({ method, path, query, body, status: null }) - 1;
        response.once('finish', () => {
          log[place] = { method, path, query, body, status: response.statusCode };
        });
        return serve(call, response);
      })
      .catch((error: unknown) => broken(response, error));
  });
  const serve = async (call: Call, response: ServerResponse): Promise<void> => {
    const fault = await server.fate(call);
    if (fault?.kind === 'lost before') return void response.destroy();
    if (fault?.kind === 'slow') await new Promise((resolve) => setTimeout(resolve, fault.ms));
    const early = instead(fault);
    if (early) return send(world, response, early);
    if (fault?.kind === 'late') {
      // It is looked at now, and does what it had meant to do much later.
      const pause = (): Promise<void> => new Promise((resolve) => held.push(resolve));
      response.destroy();
      return void (await perform(world, call, pause, heard));
    }
    const answer = await perform(world, call, point.arrive, heard);
    server.meanwhile(call);
    if (fault?.kind === 'hangs after') return;
    if (fault?.kind === 'cut after') return void response.destroy();
    send(world, response, fault?.kind === 'error after' ? crashed : answer);
  };
  // As long as the proxy before an InvenTree does; Node's five seconds end connections that were about to be used.
  http.keepAliveTimeout = 75_000;
  const taken = await listen(http, port);
  const server: InventreeServer = {
    url: `http://127.0.0.1:${taken}`,
    requests: () => [...log],
    fate: () => null,
    meanwhile: () => undefined,
    meet: point.meet,
    settle: () => {
      for (const pass of held.splice(0)) pass();
    },
    down: () => close(http),
    up: async () => {
      if (!http.listening) await listen(http, taken);
    },
  };
  return server;
}

/** Others may come in between what a request reads and what it writes, as they do in InvenTree. */
async function perform(
  world: World,
  call: Call,
  pause: () => Promise<void>,
  heard: (events: readonly PluginEvent[]) => void,
): Promise<Answer> {
  try {
    const { outcome, user } = route(world, call);
    if (!('write' in outcome) || !user) return outcome as Answer;
    await pause();
    const work = beginWork(world, user, call.path);
    const answer = outcome.write(work);
    heard(work.commit());
    return answer();
  } catch (error) {
    return refusal(error);
  }
}

function refusal(error: unknown): Answer {
  if (error instanceof Refused) return { status: error.status, body: error.body, headers: error.headers };
  throw error;
}

const crashed: Answer = {
  status: 500,
  body: { error: 'OperationalError', error_class: "<class 'django.db.utils.OperationalError'>", status_code: 500 },
};

function instead(fault: Fault | null): Answer | null {
  if (fault?.kind === 'error before') return crashed;
  if (fault?.kind !== 'login refused') return null;
  return { status: 401, body: { detail: 'Token has been revoked' }, headers: { 'WWW-Authenticate': 'Token' } };
}

function send(world: World, response: ServerResponse, answer: Answer): void {
  const version = isNewer(world) ? { 'X-InvenTree-API': String(world.apiVersion) } : {};
  const type = answer.body === null ? {} : { 'Content-Type': 'application/json' };
  response.writeHead(answer.status, { ...type, ...version, ...answer.headers });
  response.end(answer.body === null ? undefined : JSON.stringify(answer.body));
}

/** A connection that the caller broke, or a fault of the stand-in itself, which must not look like an answer of InvenTree. */
function broken(response: ServerResponse, error: unknown): void {
  if (response.destroyed || response.headersSent) return;
  response.writeHead(599, { 'Content-Type': 'text/plain' });
  response.end(error instanceof Error ? error.stack : String(error));
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
