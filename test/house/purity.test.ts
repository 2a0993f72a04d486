import { describe, expect, it } from 'vitest';
import { impurities } from './purity.ts';
import { sourceFiles } from './source-files.ts';

const found = (text: string): readonly string[] => impurities('planted.ts', text).map(({ what }) => what);

const planted: readonly (readonly [text: string, what: string])[] = [
  ['export const now = () => Date.now();', 'Date.now'],
  ['export const now = () => new Date();', 'Date without an argument'],
  ['export const now = () => Date();', 'Date without an argument'],
  ['export const now = () => performance.now();', 'performance'],
  ['export const dice = () => Math.random();', 'Math.random'],
  ['export const id = () => crypto.randomUUID();', 'crypto'],
  ["import { randomUUID } from 'node:crypto';\nexport const id = () => randomUUID();", "import 'node:crypto'"],
  ["import { readFileSync } from 'node:fs';\nexport const read = readFileSync;", "import 'node:fs'"],
  ["export const load = () => import('#domain/money.ts');", 'import()'],
  ['export const later = (f: () => void) => setTimeout(f, 1);', 'setTimeout'],
  ['export const often = (f: () => void) => setInterval(f, 1);', 'setInterval'],
  ['export const soon = (f: () => void) => queueMicrotask(f);', 'queueMicrotask'],
  ['export const wait = async (p: string) => p;', 'async'],
  ['export async function wait() { return await other(); }', 'await'],
  ['export const wait = () => Promise.resolve(1);', 'Promise'],
  ["export const stop = () => { throw new Error('no'); };", 'throw'],
  ['export const home = () => process.env.HOME;', 'process'],
  ["export const say = () => console.log('x');", 'console'],
  ["export const ask = () => fetch('http://x');", 'fetch'],
  ['const told = { where: globalThis };', 'globalThis'],
  ['let count = 0;\nexport const next = () => ++count;', 'state of the module'],
];

describe('purity of domain/ and decide/', () => {
  it.each(planted)('a planted violation is caught: %s', (text, what) => {
    expect(found(text)).toContain(what);
  });

  it('dates from a value, words that only look so, and types pass', () => {
    const pure = `import type { Money } from '#domain/money.ts';
      type Process = { readonly process: string; readonly fetch: Promise<void> };
      export const at = (ms: number, row: Process) => ({ date: new Date(ms), process: row.process, utc: Date.UTC(2026, 1) });
      export function sum(values: readonly number[]) { let total = 0; for (const v of values) total += v; return total; }`;
    expect(found(pure)).toEqual([]);
  });

  it('holds in this tree', () => {
    const files = ['src/domain', 'src/decide'].flatMap(sourceFiles).filter(({ path }) => !path.endsWith('.test.ts'));
    const all = files.flatMap(({ path, text }) =>
      impurities(path, text).map(({ what, line }) => `${path}:${line} ${what}`),
    );
    expect(all).toEqual([]);
    expect(files.length).toBeGreaterThan(5);
  });
});
