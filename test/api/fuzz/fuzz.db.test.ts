import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ask, asker, type Told } from '../ask.ts';
import { bodySchema, type Operation } from '../operations.ts';
import { requestOf } from '../recipe.ts';
import { type Prepared, prepared, preparedOnce } from '../recipes.ts';
import { firstOf, openStage, type Stage } from '../stage.ts';
import type { Tenant } from '../tenant.ts';
import { answerFault, checker } from '../validate.ts';
import { type Attempt, attempts } from './attempt.ts';

/** 10^4 at the full scale of fault tests; the default keeps the suite short. */
const requests = Math.round(10_000 * Number(process.env.JEMBATAN_FAULT_SCALE ?? '0.1'));

/** What an error must never tell (SEC-26). */
const inside =
  /node_modules|\.[cm]?[jt]s:\d+|\bat \w+ \(|select .+ from |insert into |update .+ set |pg_catalog|relation "|syntax error at|kysely|ECONN/i;

let stage: Stage;
let at: Tenant;
let check: ReturnType<typeof checker>;
const tally = { requests: 0, errors: 0 };

beforeAll(async () => {
  stage = await openStage('f');
  at = firstOf(stage);
  check = checker(stage.document);
}, 180_000);
afterAll(() => stage?.close());

/** Whether the request may have an effect, or must be done, so that it needs parts of its own. */
const mayWork = ({ token, expects, kind, operation }: Attempt): boolean =>
  kind === 'as it should be' || (token === undefined && expects === undefined && operation.method !== 'get');

/** What was made for a call that may work is used up by it. */
const preparedFor = (attempt: Attempt): Promise<Prepared> =>
  mayWork(attempt) ? prepared(attempt.operation, at) : preparedOnce(attempt.operation, at);

function askFor({ token }: Attempt, ask: Ask): Ask {
  if (token === 'none') return stage.nobody;
  return token === 'broken' ? asker(stage.hub.url, 'eyJhbGciOiJub25lIn0.e30.') : ask;
}

const changed = (body: unknown, fields: Attempt['fields']): unknown =>
  fields === undefined
    ? body
    : Object.fromEntries(Object.entries({ ...Object(body), ...fields }).filter(([, value]) => value !== undefined));

/** The request of an attempt, and whether its body breaks what the document says of it. */
async function made(attempt: Attempt) {
  const { operation, fields, raw, query, params, headers, method } = attempt;
  const { parts, ask } = await preparedFor(attempt);
  const body = changed(parts.body, fields);
  const schema = bodySchema(stage.document, operation);
  const isBroken = fields !== undefined && schema !== undefined && check(schema)(body) !== null;
  const whole = requestOf(operation, {
    params: { ...parts.params, ...params },
    query: { ...parts.query, ...query },
    ...(body === undefined ? {} : { body: raw ?? body }),
  });
  return {
    request: { ...whole, ...(method ? { method } : {}), headers: { ...parts.headers, ...headers } },
    isBroken,
    ask: askFor(attempt, ask),
  };
}

/** Nobody listens where the tenant's other side should be: to say so is what the hub is asked for. */
const isUpstreamAway = ({ status, text }: Told): boolean =>
  (status === 502 && text.includes('"UPSTREAM_FAILED"')) ||
  (status === 503 && text.includes('The stock system does not answer'));

function faultOf(attempt: Attempt, told: Told, isBroken: boolean): string | null {
  const { operation, expects, method, query } = attempt;
  if (told.status >= 500 && !isUpstreamAway(told)) return 'a fault of the server';
  if (told.status >= 400 && inside.test(told.text)) return 'tells what is inside';
  if (isBroken && told.status !== 400) return 'took what the document forbids';
  if (expects && !expects.includes(told.status)) return `should be ${expects.join(' or ')}`;
  if (attempt.kind === 'as it should be' && told.status >= 300) return 'should be done';
  // Of chosen fields the answer has those alone.
  const isPart = query?.fields !== undefined;
  return method || isPart ? null : answerFault(check, operation, told);
}

async function tried(attempt: Attempt): Promise<void> {
  const { request, isBroken, ask } = await made(attempt);
  const told = await ask(request);
  tally.requests += 1;
  if (told.status >= 400) tally.errors += 1;
  const fault = faultOf(attempt, told, isBroken);
  const words = (): string =>
    `${attempt.kind}: ${JSON.stringify(request).slice(0, 600)} → ${told.status} ${told.text.slice(0, 600)}`;
  if (fault !== null) throw new Error(`${fault}. ${words()}`);
  if (!attempt.twice) return;
  const again = await ask(request);
  tally.requests += 1;
  if (![404, 409, 204, 202].includes(again.status)) throw new Error(`use after delete: ${again.status}. ${words()}`);
}

describe('the API under requests that are nearly right', { timeout: 300_000 }, () => {
  it(`SEC-18, SEC-26: ${requests} requests, each with at most one rule broken: no 5xx, every answer as documented, none without its login, nothing told of the inside`, async () => {
    const operations: readonly Operation[] = stage.callable;
    await fc.assert(fc.asyncProperty(attempts(stage.document, operations), tried), {
      numRuns: requests,
      // Each failure prints its seed and path; `seed` and `path` here run it again.
      endOnFailure: true,
    });
    expect(tally.requests).toBeGreaterThanOrEqual(requests);
    expect(tally.errors).toBeGreaterThan(requests / 4);
  }, 900_000);

  it('SEC-26: after it the hub is well', async () => {
    expect((await stage.nobody({ method: 'GET', path: '/readyz' })).status).toBe(200);
  });
});
