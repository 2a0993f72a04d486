import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { isIP } from 'node:net';
import axios, { type AxiosInstance, type AxiosResponse } from 'axios';
import { err, ok, type Result } from '#domain/result.ts';
import type { AddressGuard } from './address-guard.ts';
import { type HttpFailure, httpFailure } from './http-failure.ts';

export type HttpOptions = {
  /** `http` or `https`, with an optional path before every request's own. Credentials in it are refused. */
  readonly baseUrl: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** From the name's resolution to the last byte of the answer. */
  readonly timeoutMs: number;
  /** Of an answer's body as it lies in memory, unpacked. */
  readonly maxBytes: number;
  readonly guard: AddressGuard;
  /** Certificate authority of the other side, PEM, where it is a private one. */
  readonly ca?: string;
};

export type HttpRequest = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Begins with `/`; its segments are percent-encoded already. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** The query as it is written in an address; instead of `query`. */
  readonly search?: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** JSON that is sent character by character, since it was signed; instead of `body`. */
  readonly text?: string;
  /** Beside those of every request. */
  readonly headers?: Readonly<Record<string, string>>;
};

/** Any status, 3xx included: a redirect is an answer here, it is never followed. Header names are lower case. */
export type HttpAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
};

export type Http = {
  request(request: HttpRequest): Promise<Result<HttpAnswer, HttpFailure>>;
  /** Ends the kept connections. */
  close(): void;
};

const maxSockets = 16;

/** The HTTP client of all connectors. It never throws; it connects only where the guard lets it. */
export function createHttp(options: HttpOptions): Http {
  const base = readBase(options.baseUrl);
  const wiring = { keepAlive: true, maxSockets, lookup: options.guard.lookup };
  const httpAgent = new HttpAgent(wiring);
  const httpsAgent = new HttpsAgent(options.ca === undefined ? wiring : { ...wiring, ca: options.ca });
  const client = createClient(options, httpAgent, httpsAgent);

  return {
    async request(request) {
      if (!base.ok) return base;
      // A socket looks up names only, so an address in the URL is judged here.
      const host = base.value.hostname.replace(/^\[(.*)\]$/, '$1');
      const verdict = isIP(host) === 0 ? ok(host) : options.guard.check(host);
      if (!verdict.ok) return err({ reason: 'refused', detail: verdict.error.detail });
      return send(client, request, base.value, options.timeoutMs);
    },
    close() {
      httpAgent.destroy();
      httpsAgent.destroy();
    },
  };
}

function readBase(text: string): Result<URL, HttpFailure> {
  const bad = (why: string): Result<URL, HttpFailure> =>
    err({ reason: 'bad_url', detail: `${why}: it must read like https://erp.example.com` });
  if (!URL.canParse(text)) return bad('the address is no URL');
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return bad('the address is neither http nor https');
  if (url.username !== '' || url.password !== '') return bad('the address carries a user name or password');
  return ok(url);
}

function createClient(options: HttpOptions, httpAgent: HttpAgent, httpsAgent: HttpsAgent): AxiosInstance {
  return axios.create({
    adapter: 'http',
    httpAgent,
    httpsAgent,
    // The environment's proxy would connect for us, past the guard.
    proxy: false,
    maxRedirects: 0,
    maxContentLength: options.maxBytes,
    maxBodyLength: options.maxBytes,
    responseType: 'arraybuffer',
    validateStatus: () => true,
    headers: { Accept: 'application/json', 'User-Agent': 'jembatan', ...options.headers },
  });
}

async function send(
  client: AxiosInstance,
  { method, path, query, search, body, text, headers }: HttpRequest,
  base: URL,
  timeoutMs: number,
): Promise<Result<HttpAnswer, HttpFailure>> {
  const url = new URL(base);
  url.pathname = base.pathname.replace(/\/+$/, '') + path;
  url.search = search ?? new URLSearchParams(query ?? {}).toString();
  const data = text ?? (body === undefined ? undefined : JSON.stringify(body));
  const json = data === undefined ? {} : { data: Buffer.from(data), headers: { 'Content-Type': 'application/json' } };
  // Axios's own timeout watches an idle socket only; a peer that drips bytes would outlast it.
  const deadline = AbortSignal.timeout(timeoutMs);
  try {
    return ok(
      readAnswer(
        await client.request<Buffer>({
          method,
          url: url.href,
          signal: deadline,
          ...json,
          headers: { ...json.headers, ...headers },
        }),
      ),
    );
  } catch (fault) {
    return err(httpFailure(fault, deadline.aborted, timeoutMs));
  }
}

function readAnswer(answer: AxiosResponse<Buffer>): HttpAnswer {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(answer.headers)) headers[name.toLowerCase()] = String(value);
  return { status: answer.status, headers, text: answer.data.toString('utf8') };
}
