import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { root } from './planted-tree.ts';

type Tally = { readonly passed: number; readonly failed: number; readonly skipped: number };
type Tools = {
  packagesAreStale(folder: string): boolean;
  lockIsWhole(folder: string): boolean;
  countReport(report: unknown): Tally;
  conclude(...tallies: readonly Tally[]): number;
};

// The tools are plain JavaScript, since they run before TypeScript is installed; the compiler has no types for them.
const load = (name: string): Promise<Tools> => import(pathToFileURL(join(root, 'tools', name)).href);
const { packagesAreStale, lockIsWhole } = await load('bootstrap.mjs');
const { countReport, conclude } = await load('checks.mjs');

type Entry = { version?: string; optional?: boolean; optionalDependencies?: Readonly<Record<string, string>> };
type Lock = Readonly<Record<string, Entry>>;

async function inClone<T>(wanted: Lock, installed: Lock | null, ask: (folder: string) => T): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'jembatan-lock-'));
  try {
    await writeFile(join(folder, 'package-lock.json'), JSON.stringify({ packages: wanted }));
    if (installed) {
      await mkdir(join(folder, 'node_modules'));
      await writeFile(join(folder, 'node_modules/.package-lock.json'), JSON.stringify({ packages: installed }));
    }
    return ask(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const staleWith = (wanted: Lock, installed: Lock | null): Promise<boolean> =>
  inClone(wanted, installed, packagesAreStale);

describe('npm packages are installed', () => {
  const wanted: Lock = {
    '': {},
    'node_modules/a': { version: '1.0.0' },
    'node_modules/b': { version: '2.0.0', optional: true },
  };

  it('when there are none, one is missing, or one has another version', async () => {
    expect(await staleWith(wanted, null)).toBe(true);
    expect(await staleWith(wanted, {})).toBe(true);
    expect(await staleWith(wanted, { 'node_modules/a': { version: '0.9.0' } })).toBe(true);
    expect(
      await staleWith(wanted, { 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '1.0.0' } }),
    ).toBe(true);
  });

  it('not when all is there but what is for other platforms', async () => {
    expect(await staleWith(wanted, { 'node_modules/a': { version: '1.0.0' } })).toBe(false);
  });
});

describe('a lock file', () => {
  const needsPlatforms = { optionalDependencies: { '@tool/linux': '1', '@tool/darwin': '1' } };

  it('is whole when it has each platform’s packages, nested ones too, and else npm ci is not asked', async () => {
    const some: Lock = {
      '': {},
      'node_modules/tool': needsPlatforms,
      'node_modules/@tool/linux': { version: '1.0.0' },
    };
    const nested: Lock = { 'node_modules/tool/node_modules/@tool/darwin': { version: '1.0.0' } };
    expect(await inClone(some, null, lockIsWhole)).toBe(false);
    expect(await inClone({ ...some, ...nested }, null, lockIsWhole)).toBe(true);
  });
});

describe('the last line', () => {
  const report = (...files: readonly unknown[]) => ({
    numPassedTests: 3,
    numFailedTests: 1,
    numPendingTests: 1,
    numTodoTests: 1,
    testResults: files,
  });

  it('counts a file that could not be run as a failure of its own', () => {
    const say = vi.spyOn(console, 'log').mockReturnValue(undefined);
    const failed = {
      name: '/a.test.ts',
      status: 'failed',
      assertionResults: [{ status: 'passed' }, { status: 'failed' }],
    };
    const broken = { name: '/b.test.ts', status: 'failed', assertionResults: [] };
    expect(countReport(report(failed))).toEqual({ passed: 3, failed: 1, skipped: 2 });
    expect(countReport(report(failed, broken))).toEqual({ passed: 3, failed: 2, skipped: 2 });
    expect(say).toHaveBeenCalledTimes(1);
  });

  it('adds the checks to the tests, and one failure makes the exit code 1', () => {
    const say = vi.spyOn(console, 'log').mockReturnValue(undefined);
    const good = { passed: 2, failed: 0, skipped: 0 };
    expect(conclude(good, good)).toBe(0);
    expect(say).toHaveBeenLastCalledWith('4 passed, 0 failed, 0 skipped');
    expect(conclude(good, { passed: 1, failed: 1, skipped: 3 })).toBe(1);
    expect(say).toHaveBeenLastCalledWith('3 passed, 1 failed, 3 skipped');
  });
});
