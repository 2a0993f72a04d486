import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { ClaimLost } from '#db/idempotency.ts';
import { isDatabaseAway, sqlStateOf } from '#http/database-away.ts';
import type { Log } from '#platform/log.ts';
import { Refusal, type RefusalCode, refusalStatus } from '#platform/refusal.ts';
import type { RouteEnv } from '#platform/routing.ts';

/** When to come back where the refusal does not say it, in seconds. */
const retryAfterSeconds = 5;

const codeOfStatus: Readonly<Record<number, RefusalCode>> = {
  400: 'VALIDATION_ERROR',
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  405: 'NOT_FOUND',
  409: 'CONFLICT',
  413: 'PAYLOAD_TOO_LARGE',
  415: 'VALIDATION_ERROR',
  429: 'RATE_LIMIT',
};

function refusalOfHttp(error: HTTPException): Refusal | null {
  if (error.status === 415) {
    return new Refusal('VALIDATION_ERROR', 'Send JSON, with the header Content-Type: application/json.');
  }
  const code = codeOfStatus[error.status];
  return code ? new Refusal(code, error.message || 'The request cannot be served.') : null;
}

/** What the database refuses and no verb foresaw: the caller's data, never the server's fault. */
function refusalOfState(state: string): Refusal | null {
  if (state.startsWith('22')) return new Refusal('VALIDATION_ERROR', 'A value cannot be stored in this form.');
  if (state === '23505') return new Refusal('DUPLICATE_ENTRY', 'This exists already.');
  if (state === '23503') return new Refusal('CONFLICT', 'Something that this refers to is missing or in use.');
  return null;
}

/** The refusal that an error amounts to; null: nobody foresaw it. */
export function refusalOf(error: unknown): Refusal | null {
  if (error instanceof Refusal) return error;
  if (error instanceof ClaimLost) return new Refusal('CONFLICT', error.message);
  if (error instanceof HTTPException) return refusalOfHttp(error);
  if (isDatabaseAway(error)) {
    return new Refusal('UNAVAILABLE', 'The database cannot be reached at the moment. Try again shortly.');
  }
  return refusalOfState(sqlStateOf(error));
}

/** The one error shape (spec O4). */
export function answerRefusal(c: Context, { code, message, details }: Refusal): Response {
  if (code === 'UNAVAILABLE') c.header('Retry-After', String(retryAfterSeconds));
  if (code === 'RATE_LIMIT') c.header('Retry-After', String(details?.retry_after ?? retryAfterSeconds));
  if (code === 'UNAUTHORIZED') c.header('WWW-Authenticate', 'Bearer');
  return c.json({ code, message, ...(details && { details }) }, refusalStatus[code]);
}

/** The last stop of every error: foreseen ones are told, the others are logged and told without details (SEC-26). */
export function answerError(log: Log): (error: unknown, c: Context<RouteEnv>) => Response {
  return (error, c) => {
    const refusal = refusalOf(error);
    if (refusal && refusal.code !== 'UNAVAILABLE') return answerRefusal(c, refusal);
    log.error('a request failed', { method: c.req.method, path: c.req.path, error });
    const unforeseen = 'Something went wrong here; the log knows more under this request id.';
    return answerRefusal(c, refusal ?? new Refusal('INTERNAL_ERROR', unforeseen));
  };
}
