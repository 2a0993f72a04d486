import type { Operations } from './operations.ts';

/** What the hub answered instead: its one error shape (docs/errors), and the status. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;
  /** Seconds after which to try again; null: the hub named none. */
  readonly retryAfter: number | null;
  /** Stands in every line of the hub's log about this request. */
  readonly requestId: string | null;

  constructor(response: Response, told: { code?: string; message?: string; details?: Record<string, unknown> }) {
    super(told.message ?? `The hub answered ${response.status}.`);
    this.name = 'ApiError';
    this.status = response.status;
    this.code = told.code ?? 'INTERNAL_ERROR';
    this.details = told.details ?? {};
    const after = Number(response.headers.get('Retry-After') ?? Number.NaN);
    this.retryAfter = Number.isNaN(after) ? null : after;
    this.requestId = response.headers.get('X-Request-Id');
  }
}

export type ClientOptions = {
  /** Where the hub is: `https://hub.example.net`. */
  readonly url: string;
  /** The access token of the moment, asked for at each request; null: without one. */
  readonly token?: () => string | null | Promise<string | null>;
  /** Instead of a token. */
  readonly apiKey?: string;
  /** Instead of the platform's own. */
  readonly fetch?: typeof fetch;
};

type Parts = { readonly params?: unknown; readonly query?: unknown; readonly body?: unknown };
type Extra = {
  /** Sent again with the same key, the request has its effect once. */
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
};
type Given<O> = Omit<O, 'answer'> & Extra;
type Answer<O> = O extends { answer: infer A } ? A : undefined;
/** What may be left out altogether, where an operation asks for nothing. */
type Arguments<O> = object extends Given<O> ? [given?: Given<O>] : [given: Given<O>];

export type Client = <N extends keyof Operations>(
  name: N,
  ...given: Arguments<Operations[N]>
) => Promise<Answer<Operations[N]>>;

function addressOf(url: string, path: string, { params, query }: Parts): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(Object(params)[name])));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(Object(query))) if (value !== undefined) search.set(name, String(value));
  const asked = search.toString();
  return `${url.replace(/\/+$/, '')}/api/v1${filled}${asked === '' ? '' : `?${asked}`}`;
}

async function headersOf({ token, apiKey }: ClientOptions, given: Parts & Extra): Promise<Headers> {
  const headers = new Headers();
  const bearer = await token?.();
  if (bearer) headers.set('Authorization', `Bearer ${bearer}`);
  if (apiKey !== undefined) headers.set('X-API-Key', apiKey);
  if (given.body !== undefined) headers.set('Content-Type', 'application/json');
  if (given.idempotencyKey !== undefined) headers.set('Idempotency-Key', given.idempotencyKey);
  return headers;
}

/**
 * A caller of the hub's API for browsers and programs: `await call('POST /customers', { body })`. Names, parameters and
 * answers are typed from the OpenAPI document. A refusal is thrown as `ApiError`.
 */
export function createClient(options: ClientOptions): Client {
  const ask = options.fetch ?? fetch;
  const call = async (name: string, given: Parts & Extra = {}): Promise<unknown> => {
    const [method = 'GET', path = '/'] = name.split(' ');
    const response = await ask(addressOf(options.url, path, given), {
      method,
      headers: await headersOf(options, given),
      ...(given.body === undefined ? {} : { body: JSON.stringify(given.body) }),
      ...(given.signal ? { signal: given.signal } : {}),
    });
    const text = await response.text();
    const isJson = response.headers.get('Content-Type')?.startsWith('application/json') ?? false;
    const told: unknown = isJson && text !== '' ? JSON.parse(text) : undefined;
    if (!response.ok) throw new ApiError(response, Object(told));
    return told;
  };
  // What comes over the wire has no type; the document promises it, and tests hold the hub to the document.
  return call as Client;
}
