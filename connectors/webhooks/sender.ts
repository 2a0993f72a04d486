import { isIP } from 'node:net';
import type { AddressGuard } from '#connectors/kit/address-guard.ts';
import { type Breaker, createBreaker } from '#connectors/kit/breaker.ts';
import { createHttp } from '#connectors/kit/http.ts';
import { err, ok, type Result } from '#domain/result.ts';
import type { WebhookAnswer, WebhookFailure, WebhookPost, WebhookSender } from '#ports/webhook-sender/port.ts';
import { signatureOf } from './signature.ts';

export type WebhookSenderOptions = {
  readonly guardFor: (allowPrivate: boolean) => AddressGuard;
  /** Seconds and milliseconds of the wall clock: the receiver compares the signed time with its own. */
  readonly clock: () => number;
  readonly timeoutMs?: number;
};

const usualTimeoutMs = 15_000;
/** An answer is looked at for its status alone. */
const maxAnswerBytes = 65_536;
const failuresInARow = 5;
const restMs = 30_000;
/** Breakers of endpoints that were long not used make room for others. */
const maxBreakers = 10_000;

const hostOf = (url: URL): string => url.hostname.replace(/^\[(.*)\]$/, '$1');

async function attempt(post: WebhookPost, o: WebhookSenderOptions): Promise<Result<WebhookAnswer, WebhookFailure>> {
  if (!URL.canParse(post.url)) return err({ reason: 'refused', detail: 'the address is no URL' });
  const { origin, pathname, search, username, password } = new URL(post.url);
  if (username !== '' || password !== '') return err({ reason: 'refused', detail: 'the address carries a password' });
  const timestamp = Math.floor(o.clock() / 1000);
  const http = createHttp({
    baseUrl: origin,
    timeoutMs: o.timeoutMs ?? usualTimeoutMs,
    maxBytes: Math.max(maxAnswerBytes, Buffer.byteLength(post.body)),
    guard: o.guardFor(post.allowPrivate),
  });
  const began = performance.now();
  try {
    const answer = await http.request({
      method: 'POST',
      path: pathname,
      search,
      text: post.body,
      headers: {
        'webhook-id': post.id,
        'webhook-timestamp': String(timestamp),
        'webhook-signature': signatureOf(post.id, timestamp, post.body, post.secrets),
      },
    });
    const latencyMs = Math.round(performance.now() - began);
    if (answer.ok) return ok({ status: answer.value.status, latencyMs });
    const { reason, detail } = answer.error;
    const isClosed = reason === 'refused' || reason === 'bad_url';
    return err({ reason: isClosed ? 'refused' : 'unreachable', detail });
  } finally {
    http.close();
  }
}

/** Sends webhooks; an endpoint that failed five times in a row is left alone for half a minute. */
export function createWebhookSender(options: WebhookSenderOptions): WebhookSender {
  const breakers = new Map<string, Breaker>();

  function breakerOf(url: string): Breaker {
    const known = breakers.get(url);
    if (known) return known;
    if (breakers.size >= maxBreakers) breakers.clear();
    const made = createBreaker({ threshold: failuresInARow, coolDownMs: restMs, now: () => performance.now() });
    breakers.set(url, made);
    return made;
  }

  return {
    async post(post) {
      const breaker = breakerOf(post.url);
      const waitMs = breaker.admit();
      if (waitMs !== null) return err({ reason: 'resting', detail: 'the endpoint failed several times', waitMs });
      const answered = await attempt(post, options);
      if (answered.ok && answered.value.status < 500) breaker.succeeded();
      else breaker.failed();
      return answered;
    },

    async check(url, allowPrivate) {
      if (!URL.canParse(url)) return err('the address is no URL');
      const host = hostOf(new URL(url));
      const guard = options.guardFor(allowPrivate);
      const judged = isIP(host) === 0 ? await guard.resolve(host) : guard.check(host);
      return judged.ok ? ok(null) : err(judged.error.detail);
    },
  };
}
