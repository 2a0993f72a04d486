/** The hub's HTTP API as a person or a program uses it: JSON, a bearer token, nothing else. */
export type HubClient = {
  call<T>(method: 'GET' | 'POST' | 'PUT' | 'PATCH', path: string, body?: unknown): Promise<T>;
  /** Logs in; `subdomain` null: the platform owner. */
  login(email: string, password: string, subdomain: string | null): Promise<HubClient>;
};

/** `path` without the leading `/api/v1/`. A refusal is thrown with the hub's own words. */
export function openHubClient(url: string, token: string | null = null): HubClient {
  const client: HubClient = {
    async call<T>(method: string, path: string, body?: unknown): Promise<T> {
      const response = await fetch(`${url}/api/v1/${path}`, {
        method,
        headers: {
          'content-type': 'application/json',
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(15_000),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path} was answered with ${response.status}: ${text}`);
      // The contract says what comes; each caller names the part of it that it reads.
      return JSON.parse(text) as T;
    },
    async login(email, password, subdomain) {
      const who = { email, password, ...(subdomain === null ? {} : { subdomain }) };
      const session = await client.call<{ access_token: string }>('POST', 'auth/login', who);
      return openHubClient(url, session.access_token);
    },
  };
  return client;
}
