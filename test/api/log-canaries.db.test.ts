import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fieldsIn } from './fields.ts';
import type { Operation } from './operations.ts';
import { requestOf } from './recipe.ts';
import { prepared } from './recipes.ts';
import { secretWords } from './secret-words.ts';
import { firstOf, openStage, type Stage } from './stage.ts';
import type { Tenant } from './tenant.ts';

let stage: Stage;
let at: Tenant;
const words = new Set<string>();

beforeAll(async () => {
  stage = await openStage('l');
  at = firstOf(stage);
}, 180_000);
afterAll(() => stage?.close());

const nik = '3215010203040506';

/** A good request, and the same with a wrong field in it: what is refused is logged by other lines. */
async function asked(operation: Operation): Promise<void> {
  const { parts, ask } = await prepared(operation, at);
  const takesNik = 'national_id' in fieldsIn(stage.document, operation);
  const body = takesNik ? { ...Object(parts.body), national_id: nik } : parts.body;
  const whole = body === undefined ? parts : { ...parts, body };
  for (const sent of [
    whole,
    { ...whole, ...(body === undefined ? {} : { body: { ...Object(body), name: 17, reason: [] } }) },
  ]) {
    const told = await ask(requestOf(operation, sent));
    for (const word of [...secretWords(sent.body), ...secretWords(told.json)]) words.add(word);
  }
}

describe('the log of a hub through which everything has gone once', { timeout: 300_000 }, () => {
  it('SEC-22: holds no NIK, phone, e-mail, position, PPPoE password, RADIUS secret, token or key', async () => {
    for (const operation of stage.callable) await asked(operation);
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
