/** An answer of the hub as it went over the wire. */
export type Told = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body; null where there is none, or no JSON. */
  readonly json: unknown;
};

/** One request: `path` is whole, with its query. */
export type Request = {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

/** Asks the hub in somebody's name, or in nobody's. */
export type Ask = (request: Request) => Promise<Told>;

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    // Pages, metrics and empty answers are no JSON; who asks sees null.
    return null;
  }
};

const isRaw = (body: unknown): body is string | Uint8Array => typeof body === 'string' || body instanceof Uint8Array;

/** An asker at `url`; `token` null: without one. A body that is no text and no bytes is sent as JSON. */
export function asker(url: string, token: string | null): Ask {
  return async ({ method, path, body: given, headers = {} }) => {
    const body = method === 'GET' ? undefined : given;
    const response = await fetch(`${url}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isRaw(body) ? Buffer.from(body) : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: parsed(text) };
  };
}
