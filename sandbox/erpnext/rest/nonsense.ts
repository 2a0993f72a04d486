import type { ServerResponse } from 'node:http';

/**
 * Ways in which a site answers everything but the truth.
 * - `html200`: a page with status 200, as a proxy's maintenance page
 * - `empty`: status 200 and no byte; `empty-list`: status 200 and `{"data":[]}` to everything
 * - `half`: the true answer, cut in the middle but well framed; `cut`: the connection breaks in the middle. The call
 *   itself was done in both
 * - `403`, `500`, `502`, `503`: refused, crashed, proxy without a site, maintenance
 * - `429`: over the rate limit
 * - `login-redirect`: 302 to a page that answers 200
 * - `hang`: no answer at all
 */
export type Nonsense =
  | 'html200'
  | 'empty'
  | 'empty-list'
  | 'half'
  | 'cut'
  | '403'
  | '500'
  | '502'
  | '503'
  | '429'
  | 'login-redirect'
  | 'hang';

export const loginPage =
  '<!DOCTYPE html>\n<html><head><title>Login</title></head><body>Login to Frappe</body></html>\n';

const rateLimitWindowSeconds = 1669;

const fixed: Readonly<Partial<Record<Nonsense, readonly [status: number, type: string, body: string]>>> = {
  html200: [200, 'text/html; charset=utf-8', loginPage],
  empty: [200, 'application/json', ''],
  'empty-list': [200, 'application/json', '{"data":[]}'],
  '403': [403, 'application/json', '{"exception":"frappe.exceptions.PermissionError","exc_type":"PermissionError"}'],
  '500': [500, 'application/json', '{"exception":"pymysql.err.OperationalError","exc_type":"OperationalError"}'],
  '502': [502, 'text/html', '<html><head><title>502 Bad Gateway</title></head></html>\n'],
  '503': [503, 'application/json', '{"exception":"frappe.exceptions.SessionStopped","exc_type":"SessionStopped"}'],
  '429': [
    429,
    'application/json',
    '{"exception":"frappe.exceptions.TooManyRequestsError","exc_type":"TooManyRequestsError"}',
  ],
  'login-redirect': [302, 'text/html', ''],
};

const headersOf: Readonly<Partial<Record<Nonsense, Readonly<Record<string, string>>>>> = {
  '429': { 'Retry-After': String(rateLimitWindowSeconds), 'X-RateLimit-Remaining': '0' },
  'login-redirect': { Location: '/login' },
};

/** Plays one wrong answer; `truth` is the call really done, and its answer as text. */
export function answerNonsense(response: ServerResponse, kind: Nonsense, truth: () => string): void {
  const plain = fixed[kind];
  if (plain) {
    const [status, type, body] = plain;
    response.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(body), ...headersOf[kind] });
    response.end(body);
  } else if (kind === 'half' || kind === 'cut') {
    answerHalf(response, kind, truth());
  }
  // `hang`: the connection stays open until the caller gives up or the site stops.
}

/** REST answers are ASCII, so characters are bytes. */
function answerHalf(response: ServerResponse, kind: 'half' | 'cut', body: string): void {
  const half = body.slice(0, Math.floor(body.length / 2));
  const promised = kind === 'half' ? half.length : body.length;
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': promised });
  if (kind === 'half') response.end(half);
  else response.write(half, () => response.socket?.destroy());
}
