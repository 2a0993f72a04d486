import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { radiusEnvironment } from '#sandbox/services/freeradius-environment.ts';

const root = fileURLToPath(new URL('../../radius-config', import.meta.url));

const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .map((name) => ({ name, path: join(root, name) }))
  .filter(({ path }) => statSync(path).isFile());

const sorted = (names: Iterable<string>): readonly string[] => [...new Set(names)].sort();

const used = sorted(
  files
    .filter(({ name }) => !name.endsWith('.md'))
    .flatMap(({ path }) => [...readFileSync(path, 'utf8').matchAll(/\$ENV\{(\w+)\}/g)])
    .map(([, name]) => name ?? ''),
);

const documented = sorted(
  [...readFileSync(join(root, 'environment'), 'utf8').matchAll(/^(\w+)=/gm)].map(([, name]) => name ?? ''),
);

describe('radius-config', () => {
  it('every setting that it reads stands in `environment`, and no other', () => {
    expect(used.length).toBeGreaterThan(15);
    expect(documented).toEqual(used);
  });

  it('the sandbox sets all of them, in either dialect', () => {
    const place = { configDir: '/c', runDir: '/r', authPort: 1, acctPort: 2, statusPort: 3, statusSecret: 's' };
    const times = { rejectDelaySeconds: 0, interimSeconds: 300, requireSigned: true };
    for (const database of ['mysql://u:p%40x@127.0.0.1/radius', 'postgres://u:p%40x@127.0.0.1/radius']) {
      const settings = radiusEnvironment({ ...place, ...times, database });
      expect(sorted(Object.keys(settings))).toEqual(used);
      expect(settings.JEMBATAN_RADIUS_DB_PASSWORD).toBe('p@x');
      expect(settings.JEMBATAN_RADIUS_DB_PORT).toBe(database.startsWith('mysql') ? '3306' : '5432');
    }
  });

  it('R7: no query writes a password', () => {
    const queries = files.filter(({ name }) => name.includes('queries-'));
    expect(queries).toHaveLength(2);
    for (const { path } of queries) expect(readFileSync(path, 'utf8')).not.toMatch(/User-Password|CHAP-Password/i);
  });
});
