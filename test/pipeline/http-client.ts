/** JSON whose shape is what a test proves: `T` is what the test takes it for, unchecked. */
export type Answer<T> = { readonly status: number; readonly body: T };

type Sent = Readonly<Record<string, string>>;

/** A caller of the hub's API: paths under `/api/v1/`. */
export type Client = {
  call<T>(method: string, path: string, body?: unknown, headers?: Sent): Promise<Answer<T>>;
  /** The body of a 2xx answer; any other answer is thrown. */
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body?: unknown, headers?: Sent): Promise<T>;
  put<T>(path: string, body: unknown): Promise<T>;
  patch<T>(path: string, body: unknown): Promise<T>;
};

export type Credentials = { readonly email: string; readonly password: string; readonly subdomain?: string };

async function request<T>(
  url: string,
  token: string | null,
  method: string,
  path: string,
  body: unknown,
  sent: Sent = {},
): Promise<Answer<T>> {
  const response = await fetch(`${url}/api/v1/${path}`, {
    method,
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...sent,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as T };
}

/** Logs in, and again whenever the token has run out. */
export async function logIn(url: string, credentials: Credentials): Promise<Client> {
  const newToken = async (): Promise<string> => {
    const { status, body } = await request<{ access_token: string }>(url, null, 'POST', 'auth/login', credentials);
    if (status !== 200) throw new Error(`login: ${status} ${JSON.stringify(body)}`);
    return body.access_token;
  };
  let token = await newToken();

  async function call<T>(method: string, path: string, body?: unknown, sent?: Sent): Promise<Answer<T>> {
    const answer = await request<T>(url, token, method, path, body, sent);
    if (answer.status !== 401) return answer;
    token = await newToken();
    return request<T>(url, token, method, path, body, sent);
  }
  async function demand<T>(method: string, path: string, body?: unknown, sent?: Sent): Promise<T> {
    const answer = await call<T>(method, path, body, sent);
    if (answer.status < 200 || answer.status > 299) {
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    }
    return answer.body;
  }
  return {
    call,
    get: (path) => demand('GET', path),
    post: (path, body = {}, sent) => demand('POST', path, body, sent),
    put: (path, body) => demand('PUT', path, body),
    patch: (path, body) => demand('PATCH', path, body),
  };
}
