import { z } from 'zod';
import type { GatewayFailure } from '#domain/charge.ts';
import { toMinor } from '#domain/money.ts';
import { err, ok, type Result } from '#domain/result.ts';
import type { AddressGuard } from './address-guard.ts';
import { createBreaker } from './breaker.ts';
import { parseExactJson } from './exact-json.ts';
import { createHttp, type HttpAnswer, type HttpRequest } from './http.ts';

/** How a gateway is reached. `now`: ms of a steady clock. */
export type GatewayLine = {
  readonly guard: AddressGuard;
  readonly timeoutMs: number;
  readonly now: () => number;
};

/** An answer's status, and its body with numbers as the text that the gateway wrote. */
export type GatewayAnswer = { readonly status: number; readonly body: unknown };

export type GatewayCalls = {
  /** Any answer below 500 that is JSON; who asks judges its status. */
  ask(request: HttpRequest): Promise<Result<GatewayAnswer, GatewayFailure>>;
  close(): void;
};

const maxBytes = 1_000_000;
const isForLater = (status: number): boolean => status >= 500 || status === 429 || status === 408;

/** Whole rupiah, however the gateway writes them: `"150000.00"`, `150000`. */
export const rupiah = z.string().transform((text, context) => {
  const amount = toMinor(text, 'IDR');
  if (amount.ok && amount.value > 0n) return amount.value;
  context.addIssue('is no amount in whole rupiah');
  return z.NEVER;
});

/** An instant that the gateway writes as ISO 8601, or null where it writes none that can be read. */
export const instant = z
  .string()
  .nullish()
  .transform((text) => (text && Number.isFinite(Date.parse(text)) ? new Date(text) : null));

/** What was answered, read by its shape. */
export function readAnswer<T>(who: string, { status, body }: GatewayAnswer, shape: z.ZodType<T>) {
  const read = shape.safeParse(body);
  if (read.success) return ok(read.data);
  const where = read.error.issues[0]?.path.join('.') ?? '';
  return err<GatewayFailure>({
    reason: 'nonsense',
    detail: `${who} answered ${status} without what was asked: ${where}`,
  });
}

/** Calls of one gateway: a system that is down is left alone for a while, and no answer is believed half. */
export function createGatewayCalls(
  who: string,
  baseUrl: string,
  headers: Readonly<Record<string, string>>,
  { guard, timeoutMs, now }: GatewayLine,
): GatewayCalls {
  const http = createHttp({ baseUrl, headers, timeoutMs, maxBytes, guard });
  const breaker = createBreaker({ threshold: 5, coolDownMs: 20_000, now });

  async function judged(request: HttpRequest): Promise<Result<GatewayAnswer, GatewayFailure>> {
    const answer = await http.request(request);
    if (answer.ok) return judge(who, answer.value);
    const { reason, detail } = answer.error;
    if (reason === 'too_large') return err({ reason: 'nonsense', detail });
    return err({ reason: reason === 'timeout' || reason === 'network' ? 'unreachable' : 'rejected', detail });
  }

  return {
    async ask(request) {
      const waitMs = breaker.admit();
      if (waitMs !== null) {
        const detail = `${who} failed several times; it is left alone a while. The last time: ${breaker.why()}`;
        return err({ reason: 'unreachable', detail, retryAfterMs: waitMs });
      }
      const answer = await judged(request);
      if (!answer.ok && answer.error.reason === 'unreachable') breaker.failed(answer.error.detail);
      else breaker.succeeded();
      return answer;
    },
    close: () => http.close(),
  };
}

function judge(who: string, { status, text }: HttpAnswer): Result<GatewayAnswer, GatewayFailure> {
  if (isForLater(status)) return err({ reason: 'unreachable', detail: `${who} answered ${status}` });
  const json = parseExactJson(text);
  if (json.ok) return ok({ status, body: json.value });
  return err({ reason: 'nonsense', detail: `${who} answered ${status} with no JSON` });
}

/** A refusal in the gateway's own words, as far as it has any; never longer than a line. */
export function rejected(who: string, status: number | string, message: unknown): Result<never, GatewayFailure> {
  const words = typeof message === 'string' && message !== '' ? `: ${message.slice(0, 200)}` : '';
  return err({ reason: 'rejected', detail: `${who} answered ${status}${words}` });
}
