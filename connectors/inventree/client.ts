import type { z } from 'zod';
import type { Breaker } from '#connectors/kit/breaker.ts';
import type { Http, HttpAnswer, HttpRequest } from '#connectors/kit/http.ts';
import { err, ok, type Result } from '#domain/result.ts';
import { serverInfo } from './shapes.ts';
import { saysMissing, wordsOf } from './words.ts';

/**
 * `unreachable`: whether it was done is not known. `forbidden`: 401 or 403. `invalid`: 400, nothing was done. `missing`: it
 * says itself that there is no such row. `rejected`: it cannot work like this; a person must mend it.
 */
export type InventreeFailure = {
  readonly reason: 'unreachable' | 'forbidden' | 'invalid' | 'missing' | 'rejected';
  readonly detail: string;
};
export type Asked<T> = Promise<Result<T, InventreeFailure>>;

export type Query = Readonly<Record<string, string | number | boolean>>;

/** InvenTree's REST API: paths, errors, versions; no knowledge of what its rows mean. Never throws. */
export type InventreeClient = {
  get<T>(path: string, query: Query, shape: z.ZodType<T>): Asked<T>;
  /** What is answered beyond the status is no proof of anything: who must know looks. */
  act(path: string, body: object): Asked<null>;
  send<T>(method: 'POST' | 'PATCH', path: string, body: object, shape: z.ZodType<T>): Asked<T>;
  /** The number of its API; refused where it is too old. Asked again every few minutes. */
  apiVersion(): Asked<number>;
};

/** `/api/stock/return/` of many units came with it. */
const oldest = 381;
const versionMs = 300_000;

const failure = (reason: InventreeFailure['reason'], detail: string): InventreeFailure => ({ reason, detail });

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A login page or half an answer: whoever expects a shape does not find it.
    return undefined;
  }
}

function failureOf({ status, headers, text }: HttpAnswer): InventreeFailure {
  const body = parse(text);
  const words = wordsOf(body);
  const said = words === '' ? `${status}` : `${status}: ${words}`;
  if (status === 401) return failure('forbidden', `InvenTree does not take the token (${said})`);
  if (status === 403) return failure('forbidden', `the token's user may not do this in InvenTree (${said})`);
  if (status === 404 && saysMissing(body)) return failure('missing', said);
  if (status === 400 && typeof body === 'object') return failure('invalid', said);
  if (status >= 500 || status === 408 || status === 429) return failure('unreachable', `InvenTree failed (${said})`);
  if (status >= 300 && status < 400) {
    const target = headers.location ?? '';
    const where = URL.canParse(target) ? new URL(target).origin : 'somewhere else';
    return failure('rejected', `InvenTree redirects to ${where}: set the URL that it leads to`);
  }
  return failure('rejected', `an answer that is not InvenTree's own (${said}): is the URL right?`);
}

function judge(answer: Awaited<ReturnType<Http['request']>>): Result<HttpAnswer, InventreeFailure> {
  if (answer.ok) {
    const isGood = answer.value.status >= 200 && answer.value.status < 300;
    return isGood ? answer : err(failureOf(answer.value));
  }
  const { reason, detail } = answer.error;
  // Too large an answer may have been to a request that was done.
  const isOpen = reason === 'timeout' || reason === 'network' || reason === 'too_large';
  return err(failure(isOpen ? 'unreachable' : 'rejected', `InvenTree: ${detail}`));
}

function read<T>({ status, text }: HttpAnswer, path: string, shape: z.ZodType<T>): Result<T, InventreeFailure> {
  const parsed = shape.safeParse(parse(text));
  if (parsed.success) return ok(parsed.data);
  const where = parsed.error.issues[0]?.path.join('.') ?? '';
  const what = `${path} answered ${status} without what was asked for${where === '' ? '' : ` (${where})`}`;
  return err(failure('unreachable', `${what}: is the URL that of an InvenTree?`));
}

async function ask(http: Http, breaker: Breaker, request: HttpRequest): Asked<HttpAnswer> {
  const waitMs = breaker.admit();
  if (waitMs !== null) {
    const why = `InvenTree failed several times; it is left alone a while. The last time: ${breaker.why()}`;
    return err(failure('unreachable', why));
  }
  const answer = judge(await http.request(request));
  if (!answer.ok && answer.error.reason === 'unreachable') breaker.failed(answer.error.detail);
  else breaker.succeeded();
  return answer;
}

const textual = (query: Query): Record<string, string> =>
  Object.fromEntries(Object.entries(query).map(([key, value]) => [key, String(value)]));

/** `now`: milliseconds of a steady clock. */
export function createInventreeClient(http: Http, breaker: Breaker, now: () => number): InventreeClient {
  let known: { readonly version: number; readonly until: number } | null = null;

  async function apiVersion(): Asked<number> {
    if (known && now() < known.until) return ok(known.version);
    const answer = await ask(http, breaker, { method: 'GET', path: '/api/' });
    if (!answer.ok) return answer;
    const info = read(answer.value, '/api/', serverInfo);
    if (!info.ok) return info;
    const { apiVersion: version, version: release } = info.value;
    if (version < oldest) {
      const words = `InvenTree ${release} (API ${version}) is too old: the hub needs API ${oldest}, InvenTree 1.0, or newer`;
      return err(failure('rejected', words));
    }
    known = { version, until: now() + versionMs };
    return ok(version);
  }

  async function gated(request: HttpRequest): Asked<HttpAnswer> {
    const version = await apiVersion();
    return version.ok ? ask(http, breaker, request) : version;
  }

  return {
    apiVersion,
    async get(path, query, shape) {
      const answer = await gated({ method: 'GET', path, query: textual(query) });
      return answer.ok ? read(answer.value, path, shape) : answer;
    },
    async act(path, body) {
      const answer = await gated({ method: 'POST', path, body });
      return answer.ok ? ok(null) : answer;
    },
    async send(method, path, body, shape) {
      const answer = await gated({ method, path, body });
      return answer.ok ? read(answer.value, path, shape) : answer;
    },
  };
}
