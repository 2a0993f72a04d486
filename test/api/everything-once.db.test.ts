import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Told } from './ask.ts';
import { fieldsIn } from './fields.ts';
import { isPublic, type Operation, writes } from './operations.ts';
import { type Parts, requestOf } from './recipe.ts';
import { prepared, recipes } from './recipes.ts';
import { secretWords } from './secret-words.ts';
import { firstOf, openStage, type Stage } from './stage.ts';

/** Reviewed: a POST because of what it does outside or how it is asked, which changes no entity of the hub. */
const changesNothing: readonly string[] = [
  'post /api/v1/connections/{system}/test',
  'post /api/v1/dry-runs',
  'post /api/v1/reseller/coverage',
];
const nik = '3215010203040506';

type Call = { readonly operation: Operation; readonly told: Told };

let stage: Stage;
const calls: Call[] = [];
/** What came and went that no log may hold. */
const words = new Set<string>();

/** The same with a wrong field in it: what is refused is logged by other lines. */
const spoilt = (parts: Parts): Parts =>
  parts.body === undefined ? parts : { ...parts, body: { ...Object(parts.body), name: 17, reason: [] } };

async function callOnce(operation: Operation): Promise<void> {
  const { parts, ask } = await prepared(operation, firstOf(stage));
  const takesNik = 'national_id' in fieldsIn(stage.document, operation);
  const whole = takesNik ? { ...parts, body: { ...Object(parts.body), national_id: nik } } : parts;
  const told = await ask(requestOf(operation, whole));
  calls.push({ operation, told });
  const wrong = spoilt(whole);
  const refused = await ask(requestOf(operation, wrong));
  for (const seen of [whole.body, told.json, wrong.body, refused.json]) {
    for (const word of secretWords(seen)) words.add(word);
  }
}

beforeAll(async () => {
  stage = await openStage('e');
  for (const operation of stage.callable) await callOnce(operation);
}, 300_000);
afterAll(() => stage?.close());

describe('every operation of the API, called once as its recipe says', { timeout: 300_000 }, () => {
  it('has a recipe, and none is for a route that is gone', () => {
    expect(Object.keys(recipes).sort()).toEqual(stage.operations.map(({ at }) => at).sort());
  });

  it('O3: answers with a 2xx that it documents', () => {
    const wrong = calls.filter(
      ({ operation, told: { status } }) => status < 200 || status > 299 || !(String(status) in operation.responses),
    );
    const inWords = ({ operation, told }: Call): string => `${operation.at}: ${told.status} ${told.text.slice(0, 200)}`;
    expect(wrong.map(inWords)).toEqual([]);
  });

  it('P45: leaves an entry in the audit log, where it writes, with action, type, id, person and address', async () => {
    const missing: string[] = [];
    for (const { operation, told } of calls) {
      if (!writes(operation) || isPublic(operation) || changesNothing.includes(operation.at)) continue;
      const entries = await stage.hub.look<Record<string, string>>(
        'select action, entity_type, entity_id, actor_id from audit_logs where correlation_id = $1 and address <> $2',
        [told.headers.get('X-Request-Id'), ''],
      );
      if (entries.length === 0) missing.push(operation.at);
      for (const entry of entries) {
        for (const part of Object.values(entry)) expect(part, `${operation.at} ${JSON.stringify(entry)}`).not.toBe('');
      }
    }
    expect(missing).toEqual([]);
  });

  it('SEC-22: the log holds no NIK, phone, e-mail, position, PPPoE password, RADIUS secret, token or key', () => {
    const log = stage.hub.log();
    expect(log).toContain('a request was answered');
    expect(words.size).toBeGreaterThan(25);
    for (const word of [...words, nik]) expect(log.includes(word), `the log holds ${word}`).toBe(false);
    expect(log).not.toMatch(/eyJ[\w-]+\.[\w-]+\./);
  });

  it('SEC-22: no metric holds one either', async () => {
    const { text } = await stage.nobody({ method: 'GET', path: '/metrics' });
    for (const word of words) expect(text.includes(word), word).toBe(false);
  });
});
