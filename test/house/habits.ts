/** Limits on file sizes, in lines: half of all files are under `median`, nine in ten under `ninth`, every one within `most`. */
const limits = { median: 80, ninth: 220, most: 400 } as const;

const banned = new Set(['utils', 'util', 'helpers', 'helper', 'common', 'shared', 'manager', 'base', 'misc', 'stuff']);

/** What is wrong with a path's names: words that say nothing, or no kebab-case. Endings like `.db.test.ts` are left out. */
export function nameFault(path: string): string | null {
  for (const part of path.split('/')) {
    const name = part.replace(/\..*$/, '');
    if (name !== '' && !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) return `${path}: ${name} is no kebab-case`;
    const word = name.split('-').find((w) => banned.has(w));
    if (word !== undefined) return `${path}: ${word} says nothing`;
  }
  return null;
}

const quantile = (sorted: readonly number[], share: number): number => sorted[Math.floor(sorted.length * share)] ?? 0;

/** Which limits the line counts break. */
export function sizeFaults(lines: ReadonlyMap<string, number>): readonly string[] {
  const sorted = [...lines.values()].sort((a, b) => a - b);
  const long = [...lines].filter(([, count]) => count > limits.most).map(([path, count]) => `${path}: ${count} lines`);
  const median = quantile(sorted, 0.5);
  const ninth = quantile(sorted, 0.9);
  return [
    ...long,
    ...(median >= limits.median ? [`the median file has ${median} lines`] : []),
    ...(ninth >= limits.ninth ? [`one file in ten has ${ninth} lines or more`] : []),
  ];
}
