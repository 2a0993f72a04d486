/** What became of a request. `away`: it did not get there, or the hub cannot answer now; the same may be asked again. */
export type Outcome<T> =
  | { readonly is: 'done'; readonly status: number; readonly body: T }
  | {
      readonly is: 'refused';
      readonly status: number;
      readonly code: string;
      readonly message: string;
      readonly details: Readonly<Record<string, unknown>>;
    }
  | { readonly is: 'away'; readonly afterMs: number | null };

export type ListOf<T> = { readonly data: readonly T[] };

export type Sending = {
  readonly json?: unknown;
  readonly blob?: Blob;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** How long the hub may take for it; left out: half a minute. */
  readonly patienceMs?: number;
};

/** Behind a proxy's path too: a page lies at …/app/<page>/, the API beside it. */
const api = new URL('../../api/v1/', document.baseURI);

/** A request in the field may hang for ever on a dead connection. */
const usualPatienceMs = 30_000;

const retryAfter = (response: Response): number | null => {
  const seconds = Number(response.headers.get('Retry-After') ?? Number.NaN);
  return Number.isNaN(seconds) ? null : seconds * 1_000;
};

/** JSON, or a file of the kinds that the hub hands out; a portal's page is neither. */
async function bodyOf(response: Response): Promise<unknown> {
  const kind = response.headers.get('Content-Type') ?? '';
  if (kind.startsWith('application/json')) return response.json();
  return /^(image\/|application\/pdf|text\/csv)/.test(kind) ? response.blob() : undefined;
}

/** An answer that no hub gives (a captive portal's page, a proxy's error) is no answer. */
function outcomeOf<T>(response: Response, body: unknown): Outcome<T> {
  const { status } = response;
  const isPassing = status >= 500 || status === 429 || status === 408;
  const told: { code?: unknown; message?: unknown; details?: Record<string, unknown> } = Object(body);
  const { code, message, details = {} } = told;
  if (isPassing) return { is: 'away', afterMs: retryAfter(response) };
  // What comes over the wire has no type; the hub's document promises it.
  if (response.ok && (body !== undefined || status === 204)) return { is: 'done', status, body: body as T };
  if (typeof code !== 'string') return { is: 'away', afterMs: null };
  return { is: 'refused', status, code, message: typeof message === 'string' ? message : code, details };
}

/** Never throws: a phone in the field is offline as a matter of course. */
export async function request<T>(method: string, path: string, sending: Sending = {}): Promise<Outcome<T>> {
  const headers = new Headers(sending.headers);
  if (sending.token !== undefined) headers.set('Authorization', `Bearer ${sending.token}`);
  if (sending.json !== undefined) headers.set('Content-Type', 'application/json');
  if (sending.blob) headers.set('Content-Type', sending.blob.type);
  const body = sending.json === undefined ? sending.blob : JSON.stringify(sending.json);
  try {
    const response = await fetch(new URL(path, api), {
      method,
      headers,
      cache: 'no-store',
      credentials: 'omit',
      redirect: 'error',
      signal: AbortSignal.timeout(sending.patienceMs ?? usualPatienceMs),
      ...(body === undefined ? {} : { body }),
    });
    return outcomeOf<T>(response, await bodyOf(response));
  } catch {
    // fetch throws one kind of error for all that never arrived; a half answer's JSON is as good as none.
    return { is: 'away', afterMs: null };
  }
}
