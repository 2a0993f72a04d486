import { z } from 'zod';
import type { Breaker } from '#connectors/kit/breaker.ts';
import { parseExactJson } from '#connectors/kit/exact-json.ts';
import type { Http, HttpAnswer, HttpRequest } from '#connectors/kit/http.ts';
import { err, ok, type Result } from '#domain/result.ts';
import type { LedgerFailure } from '#ports/ledger/port.ts';
import { failureOf, readRefusal } from './refusal.ts';

type Operator = '=' | '!=' | '>' | '>=' | '<' | 'in';

/** Frappe's own form: field, operator, value; before them the child table's doctype, where the field is of its rows. */
export type Filter =
  | readonly [field: string, operator: Operator, value: unknown]
  | readonly [child: string, field: string, operator: Operator, value: unknown];

export type ListQuery = {
  readonly fields: readonly string[];
  readonly filters: readonly Filter[];
  /** One of these must hold too. */
  readonly orFilters?: readonly Filter[];
  readonly pageLength: number;
  /** By name ascending unless it says otherwise. */
  readonly orderBy?: 'modified asc, name asc' | 'modified desc';
};

/** A row or a document, numbers as the text that ERPNext wrote (`"50.0"`). */
export type Fields = Readonly<Record<string, unknown>>;

type Answer<T> = Promise<Result<T, LedgerFailure>>;

/** ERPNext's REST API, version 1 (v14 to v16). Paths, errors and list answers; no knowledge of any doctype. */
export type ErpnextClient = {
  /** The whole document with its child tables; null: Frappe itself says that there is none. */
  document(doctype: string, name: string): Answer<Fields | null>;
  /** One page. */
  list(doctype: string, query: ListQuery): Answer<readonly Fields[]>;
  update(doctype: string, name: string, changes: Fields): Answer<Fields>;
  /** Inserts a document; `duplicate`: one with the same unique field, or name, is there. */
  create(doctype: string, document: Fields): Answer<Fields | 'duplicate'>;
  /** A whitelisted method; answers its `message`. */
  call(method: string, query?: Readonly<Record<string, string>>): Answer<unknown>;
};

const fields = z.record(z.string(), z.unknown());
const documentBody = z.object({ data: fields });
const listBody = z.object({ data: z.array(fields) });
const callBody = z.object({ message: z.unknown() });

/** `.` and `..` would be taken for steps of the path. */
const nameable = (name: string): boolean =>
  name !== '' && name !== '.' && name !== '..' && !/\p{Surrogate}/u.test(name);

const resource = (doctype: string, name?: string): string =>
  `/api/resource/${encodeURIComponent(doctype)}${name === undefined ? '' : `/${encodeURIComponent(name)}`}`;

export function createErpnextClient(http: Http, breaker: Breaker, now: () => Date): ErpnextClient {
  async function ask<T>(request: HttpRequest, body: z.ZodType<T>): Answer<T> {
    const answer = await send(http, breaker, request, now);
    return answer.ok ? readBody(answer.value, request.path, body) : answer;
  }

  const named = async <T>(name: string, work: () => Answer<T>): Answer<T> =>
    nameable(name) ? work() : err({ reason: 'rejected', detail: `${JSON.stringify(name)} cannot name a document` });

  return {
    document: (doctype, name) =>
      named<Fields | null>(name, async () => {
        const request = { method: 'GET', path: resource(doctype, name) } as const;
        const answer = await send(http, breaker, request, now, isMissing);
        if (!answer.ok) return answer;
        if (isMissing(answer.value)) return ok(null);
        const read = readBody(answer.value, request.path, documentBody);
        return read.ok ? ownName(read.value.data, doctype, name) : read;
      }),

    async list(doctype, query) {
      const parameters = {
        fields: JSON.stringify(query.fields),
        filters: JSON.stringify(query.filters),
        ...(query.orFilters ? { or_filters: JSON.stringify(query.orFilters) } : {}),
        order_by: query.orderBy ?? 'name asc',
        limit_page_length: String(query.pageLength),
      };
      const read = await ask({ method: 'GET', path: resource(doctype), query: parameters }, listBody);
      return read.ok ? ok(read.value.data) : read;
    },

    update: (doctype, name, changes) =>
      named(name, async () => {
        const read = await ask({ method: 'PUT', path: resource(doctype, name), body: changes }, documentBody);
        return read.ok ? ok(read.value.data) : read;
      }),

    async create(doctype, document) {
      const request = { method: 'POST', path: resource(doctype), body: document } as const;
      const answer = await send(http, breaker, request, now, isDuplicate);
      if (!answer.ok) return answer;
      if (isDuplicate(answer.value)) return ok('duplicate');
      const read = readBody(answer.value, request.path, documentBody);
      return read.ok ? ok(read.value.data) : read;
    },

    async call(method, query) {
      const request = { method: 'GET', path: `/api/method/${method}`, ...(query ? { query } : {}) } as const;
      const read = await ask(request, callBody);
      return read.ok ? ok(read.value.message) : read;
    },
  };
}

/** Only Frappe's own word counts: a 404 of a proxy or of a site that is not found must not look like a deletion. */
const isMissing = (answer: HttpAnswer): boolean =>
  answer.status === 404 && readRefusal(answer.text).excType === 'DoesNotExistError';

const isDuplicate = ({ status, text }: HttpAnswer): boolean =>
  (status === 409 || status === 417) &&
  ['DuplicateEntryError', 'UniqueValidationError'].includes(readRefusal(text).excType ?? '');

async function send(
  http: Http,
  breaker: Breaker,
  request: HttpRequest,
  now: () => Date,
  accepts: (answer: HttpAnswer) => boolean = () => false,
): Answer<HttpAnswer> {
  const waitMs = breaker.admit();
  if (waitMs !== null) {
    return err({
      reason: 'unreachable',
      detail: `ERPNext failed several times; it is left alone a while. The last time: ${breaker.why()}`,
      retryAfterMs: waitMs,
    });
  }
  const answer = judge(await http.request(request), now, accepts);
  if (!answer.ok && answer.error.reason === 'unreachable') breaker.failed(answer.error.detail);
  else breaker.succeeded();
  return answer;
}

function judge(
  answer: Awaited<ReturnType<Http['request']>>,
  now: () => Date,
  accepts: (answer: HttpAnswer) => boolean,
): Result<HttpAnswer, LedgerFailure> {
  if (answer.ok) {
    const good = (answer.value.status >= 200 && answer.value.status < 300) || accepts(answer.value);
    return good ? answer : err(failureOf(answer.value, now()));
  }
  const { reason, detail } = answer.error;
  if (reason === 'too_large') return err({ reason: 'nonsense', detail });
  return err({ reason: reason === 'timeout' || reason === 'network' ? 'unreachable' : 'rejected', detail });
}

function readBody<T>(answer: HttpAnswer, path: string, body: z.ZodType<T>): Result<T, LedgerFailure> {
  const json = parseExactJson(answer.text);
  const read = json.ok ? body.safeParse(json.value) : null;
  if (read?.success) return ok(read.data);
  const what = json.ok ? 'JSON without what was asked for' : 'no JSON (a login page? half an answer?)';
  return err({ reason: 'nonsense', detail: `${path} answered ${answer.status} with ${what}` });
}

const collator = new Intl.Collator('en', { sensitivity: 'base' });

/** MariaDB compares names without regard to case, accents and trailing blanks; so an answer may be spelt otherwise. */
export const sameName = (a: unknown, b: string): boolean =>
  typeof a === 'string' && collator.compare(a.trimEnd(), b.trimEnd()) === 0;

function ownName(data: Fields, doctype: string, name: string): Result<Fields, LedgerFailure> {
  if (sameName(data.name, name)) return ok(data);
  return err({ reason: 'nonsense', detail: `asked for ${doctype} ${name}, ERPNext answered with another document` });
}
