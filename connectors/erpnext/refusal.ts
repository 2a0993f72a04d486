import { z } from 'zod';
import { parseExactJson } from '#connectors/kit/exact-json.ts';
import type { HttpAnswer } from '#connectors/kit/http.ts';
import type { LedgerFailure } from '#ports/ledger/port.ts';

/** Frappe's error body. Any part may be missing: tracebacks are off on some sites, a proxy in front has its own words. */
const errorBody = z.object({
  exc_type: z.string().optional().catch(undefined),
  exception: z.string().optional().catch(undefined),
  _server_messages: z.string().optional().catch(undefined),
});

/** 417 that passes by itself: somebody else is saving, or saved, the document. */
const passing = new Set(['TimestampMismatchError', 'DocumentLockedError', 'QueryDeadlockError', 'QueryTimeoutError']);
const maxWords = 300;

/** Python's own: its code stumbled over what it was given (an unknown customer, no items), not over a busy machine. */
const crashes = /^(Attribute|Type|Key|Index|Value|ZeroDivision)Error$/;

export type Refusal = { readonly excType: string | null; readonly words: string };

/** What Frappe says of an error, in plain words; `excType` is null where it was not Frappe that answered. */
export function readRefusal(text: string): Refusal {
  const json = parseExactJson(text);
  const body = json.ok ? errorBody.safeParse(json.value) : null;
  if (!body?.success) return { excType: null, words: '' };
  const { exc_type, exception, _server_messages } = body.data;
  const words = serverMessage(_server_messages) ?? exception ?? exc_type ?? '';
  return { excType: exc_type ?? null, words: plain(words) };
}

/** The failure that an answer outside of 2xx stands for. A 404 that may mean "gone" is the caller's to tell. */
export function failureOf(answer: HttpAnswer, now: Date): LedgerFailure {
  const { status } = answer;
  const { excType, words } = readRefusal(answer.text);
  const said = `${status}${excType === null ? '' : ` ${excType}`}${words === '' ? '' : `: ${words}`}`;
  if (status === 401) return { reason: 'unauthorized', detail: `ERPNext does not know this API key (${said})` };
  if (status === 403) return { reason: 'unauthorized', detail: `the API key's user may not do this (${said})` };
  if (status === 429) return withWait({ reason: 'unreachable', detail: `rate limit (${said})` }, answer, now);
  if (status >= 300 && status < 400) return redirected(answer);
  // An unknown doctype is a matter of configuration, although Frappe answers 500.
  if (excType === 'ImportError') return { reason: 'rejected', detail: `ERPNext has no such doctype (${said})` };
  if (status >= 500) {
    const failed = { reason: 'unreachable', detail: `ERPNext failed (${said})` } as const;
    const isCrash = status === 500 && excType !== null && crashes.test(excType);
    return withWait({ ...failed, ...(isCrash ? { isCrash } : {}) }, answer, now);
  }
  if (excType !== null && passing.has(excType)) return { reason: 'unreachable', detail: `busy document (${said})` };
  if (excType === null)
    return { reason: 'nonsense', detail: `an answer that is not Frappe's (${said}); is the URL right?` };
  return { reason: 'rejected', detail: said };
}

function redirected({ status, headers }: HttpAnswer): LedgerFailure {
  const target = headers.location ?? 'somewhere else';
  const where = URL.canParse(target) ? new URL(target).origin : target;
  return {
    reason: 'nonsense',
    detail: `${status}: redirects are not followed; set the URL that it leads to (${plain(where)})`,
  };
}

function withWait(failure: LedgerFailure, { headers }: HttpAnswer, now: Date): LedgerFailure {
  const value = headers['retry-after'];
  if (value === undefined) return failure;
  const waitMs = /^\d{1,6}$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now.getTime();
  return Number.isFinite(waitMs) && waitMs >= 0 ? { ...failure, retryAfterMs: waitMs } : failure;
}

const messages = z.array(z.string()).min(1);
const message = z.object({ message: z.string() });

/** `_server_messages` is a JSON string of a list of JSON strings, each an object with HTML in it. */
function serverMessage(text: string | undefined): string | null {
  const list = text === undefined ? null : parseExactJson(text);
  const strings = list?.ok ? messages.safeParse(list.value) : null;
  const first = strings?.success ? parseExactJson(strings.data[0] ?? '') : null;
  const read = first?.ok ? message.safeParse(first.value) : null;
  return read?.success ? read.data.message : null;
}

const plain = (words: string): string =>
  words
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, maxWords);
