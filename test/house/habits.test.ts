import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nameFault, sizeFaults } from './habits.ts';
import { root } from './planted-tree.ts';
import { sourceFiles } from './source-files.ts';

const zones = ['src', 'connectors', 'sandbox', 'web', 'test', 'tools', 'bin'].filter((zone) =>
  existsSync(join(root, zone)),
);
const files = zones.flatMap(sourceFiles);

const sizes = (...counts: readonly number[]) => new Map(counts.map((count, i) => [`file-${i}.ts`, count]));

describe('sizes of files', () => {
  it('a planted breach of each limit is caught', () => {
    expect(sizeFaults(sizes(10, 20, 30, 401))).toContain('file-3.ts: 401 lines');
    expect(sizeFaults(sizes(10, 80, 90))).toEqual(['the median file has 80 lines']);
    expect(sizeFaults(sizes(1, 1, 1, 1, 1, 1, 1, 1, 1, 220))).toEqual(['one file in ten has 220 lines or more']);
    expect(sizeFaults(sizes(1, 1, 1, 1, 1, 1, 1, 79, 219, 219))).toEqual([]);
  });

  it('hold in this tree', () => {
    const lines = new Map(files.map(({ path, text }) => [path, text.split('\n').length - 1]));
    expect(sizeFaults(lines)).toEqual([]);
    expect(lines.size).toBeGreaterThan(50);
  });
});

describe('names of files', () => {
  it.each(['src/utils/x.ts', 'src/db/query-helper.ts', 'src/common/x.ts', 'src/shared.ts', 'src/queue-manager.ts'])(
    'a planted name that says nothing is caught: %s',
    (path) => expect(nameFault(path)).toMatch(/says nothing/),
  );

  it.each(['src/inbox/Receive.ts', 'src/inbox/read_raw.ts', 'src/inBox/receive.ts'])(
    'a planted name that is no kebab-case is caught: %s',
    (path) => expect(nameFault(path)).toMatch(/kebab-case/),
  );

  it('hold in this tree', () => {
    expect(files.map(({ path }) => nameFault(path)).filter((fault) => fault !== null)).toEqual([]);
  });
});
