import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Told } from './ask.ts';
import { databaseText } from './database-text.ts';
import { textFields } from './fields.ts';
import { type Operation, writes } from './operations.ts';
import { scriptPayloads, sqlPayloads } from './payloads.ts';
import { requestOf } from './recipe.ts';
import { type Prepared, prepared } from './recipes.ts';
import { firstOf, openStage, type Stage } from './stage.ts';
import type { Tenant } from './tenant.ts';

let stage: Stage;
let at: Tenant;
let fields: ReadonlyMap<Operation, readonly string[]>;

beforeAll(async () => {
  stage = await openStage('p');
  at = firstOf(stage);
  const found = stage.callable
    .filter(writes)
    .map((operation) => [operation, textFields(stage.document, operation)] as const);
  fields = new Map(found.filter(([, names]) => names.length > 0));
}, 180_000);
afterAll(() => stage?.close());

/** Calls in the name of a user of their own: making one takes two hashes of a password, so it serves until it is used up. */
const waiting = new Map<Operation, Prepared>();

/** What was answered where `payload` stands in these fields of an otherwise good request. */
async function typed(operation: Operation, names: readonly string[], payload: string): Promise<Told> {
  const call = waiting.get(operation) ?? (await prepared(operation, at));
  const hostile = Object.fromEntries(names.map((name) => [name, payload]));
  const body = { ...Object(call.parts.body), ...hostile };
  const told = await call.ask(requestOf(operation, { ...call.parts, body }));
  if (call.parts.ask && told.status >= 300) waiting.set(operation, call);
  else waiting.delete(operation);
  return told;
}

/**
 * The field is answered by another meaning: why a decision is as it is (what was typed stands in the timeline), what a
 * request began with (what was typed is its last message).
 */
const otherMeaning = new Set(['reason', 'text']);

/** What is wrong with an answer to hostile text; null: nothing. Texts with a form of their own may refuse it. */
function faultOf({ status, headers, json, text }: Told, names: readonly string[], payload: string): string | null {
  if (status >= 500) return 'a fault of the server';
  if (text !== '' && !headers.get('content-type')?.startsWith('application/json')) return 'is no JSON';
  if (headers.get('x-content-type-options') !== 'nosniff') return 'may be sniffed';
  if (status >= 300) return null;
  const other = names.find((name) => {
    const stored = Object(json)[name];
    return typeof stored === 'string' && stored !== payload && !otherMeaning.has(name);
  });
  return other === undefined ? null : `${other} is stored as ${Object(json)[other]}`;
}

/** All fields at once, and each by itself where one of them is refused. */
async function tried(operation: Operation, names: readonly string[], payload: string): Promise<string | null> {
  const told = await typed(operation, names, payload);
  const fault = faultOf(told, names, payload);
  if (fault !== null) return `${operation.at} ${names.join()} ${payload}: ${told.status} ${fault}`;
  if (told.status < 300 || names.length === 1) return null;
  for (const name of names) {
    const alone = await tried(operation, [name], `${payload} ${at.next()}`);
    if (alone !== null) return alone;
  }
  return null;
}

/** The first fault of an operation; null: none. */
async function faultAt(operation: Operation, names: readonly string[], payloads: readonly string[]) {
  for (const payload of payloads) {
    const fault = await tried(operation, names, `${payload} ${at.next()}`);
    if (fault !== null) return fault;
  }
  return null;
}

/** All of them at full length; else a few, other ones at each operation, so that all are used. */
function shareOf(payloads: readonly string[], n: number): readonly string[] {
  const scale = Number(process.env.JEMBATAN_FAULT_SCALE ?? '0.1');
  const count = Math.max(1, Math.floor((scale < 1 ? 0.5 : 1) * scale * payloads.length));
  return payloads.map((_, i) => payloads[(n * count + i) % payloads.length] ?? '').slice(0, count);
}

/** Four operations at a time: most of each call is waiting. */
async function faults(payloads: readonly string[]): Promise<readonly string[]> {
  const left = [...fields].map(([operation, names], n) => [operation, names, shareOf(payloads, n)] as const);
  const found: string[] = [];
  const work = async (): Promise<void> => {
    for (let next = left.pop(); next; next = left.pop()) {
      const fault = await faultAt(...next);
      if (fault !== null) found.push(fault);
    }
  };
  await Promise.all(Array.from({ length: 4 }, work));
  return found;
}

const timeline = async (): Promise<string> => (await databaseText(stage.hub)).get('timeline') ?? '';

describe('text that would do harm where it is not taken as text', { timeout: 900_000 }, () => {
  it('covers every text field of every writing route', () => {
    expect([...fields.values()].flat().length).toBeGreaterThan(20);
    expect(sqlPayloads.length + scriptPayloads.length).toBeGreaterThanOrEqual(30);
  });

  it('P52: SQL in any field does no harm, and is stored as it was typed', async () => {
    const tables = await stage.hub.look<{ n: string }>(
      `select count(*) as n from pg_tables where schemaname = 'public'`,
    );
    expect(await faults(sqlPayloads)).toEqual([]);
    expect(await stage.hub.look(`select count(*) as n from pg_tables where schemaname = 'public'`)).toEqual(tables);
    expect(await stage.hub.look(`select count(*)::int as n from users where role = 'platform_owner'`)).toEqual([
      { n: 1 },
    ]);
  });

  it('P53, SEC-15: script in any field is stored as it was typed, and answered as JSON that is not sniffed', async () => {
    expect(await faults(scriptPayloads)).toEqual([]);
    expect(await timeline()).toContain('window.ran=1');
  });
});
