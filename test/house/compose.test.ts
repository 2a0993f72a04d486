import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { root } from './planted-tree.ts';

type Service = {
  readonly image?: string;
  readonly build?: { readonly target: string };
  readonly environment?: Readonly<Record<string, string>>;
  readonly healthcheck?: unknown;
};
type Compose = {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, null>>;
};

const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const text = read('docker-compose.yml');
const { services }: Compose = parse(text, { merge: true });

/** The variables that the hub reads, as its configuration declares them. */
const hubVariables = new Set(
  read('src/platform/config.ts')
    .match(/^ {2}[A-Z][A-Z_]+(?=:)/gm)
    ?.map((name) => name.trim()),
);
const radiusVariables = new Set(read('radius-config/environment').match(/^[A-Z][A-Z_]+(?==)/gm));

const variablesOf = (target: string): readonly string[] =>
  Object.values(services)
    .filter(({ build }) => build?.target === target)
    .flatMap(({ environment }) => Object.keys(environment ?? {}));

describe('docker-compose.yml', () => {
  it('sets only what the hub reads, and each role once', () => {
    expect(hubVariables.size).toBeGreaterThan(10);
    expect(variablesOf('hub').filter((name) => !hubVariables.has(name))).toEqual([]);
    expect(services['hub-api']?.environment).toMatchObject({ JEMBATAN_ROLE: 'api' });
    expect(services['hub-worker']?.environment).toMatchObject({ JEMBATAN_ROLE: 'worker' });
  });

  it('sets all that radius-config asks for, and nothing else', () => {
    expect(new Set(variablesOf('radius'))).toEqual(radiusVariables);
  });

  it('holds no password of its own: each comes from outside and must be set', () => {
    const secrets = Object.values(services).flatMap(({ environment }) =>
      Object.entries(environment ?? {}).filter(([name]) => /PASSWORD|SECRET(?!_KEY_FILE)|PWD|_URL$/.test(name)),
    );
    const bare = secrets.filter(
      ([, value]) => !/\$\{[A-Z_]+(:\?|:-http)/.test(value) && value !== 'redis://redis:6379',
    );
    expect(bare).toEqual([]);
    expect(secrets.length).toBeGreaterThan(8);
  });

  it('watches the health of each service that others wait for', () => {
    for (const name of ['postgres', 'mariadb', 'redis', 'freeradius', 'hub-api']) {
      expect(services[name]?.healthcheck, name).toBeDefined();
    }
  });
});

describe('Dockerfile', () => {
  const lines = read('Dockerfile').split('\n');

  it('copies what is there', () => {
    const copies = lines.filter((line) => /^COPY (?!--from)/.test(line)).map((line) => line.split(' ').slice(1));
    const sources = copies.flatMap((words) => words.filter((word) => !word.startsWith('--')).slice(0, -1));
    expect(sources.filter((source) => !existsSync(join(root, source)))).toEqual([]);
    expect(sources.length).toBeGreaterThan(4);
  });

  it('runs nothing as root', () => {
    const images = read('Dockerfile')
      .split(/^FROM /m)
      .slice(2);
    expect(images.map((image) => /^USER (\w+)/m.exec(image)?.[1])).toEqual(['node', 'freerad']);
  });
});
