import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findBinaries } from './binaries.ts';
import { checkDurability } from './durability.ts';
import { readyPackage } from './platform-package.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './start.ts';

const run = promisify(execFile);
const isRoot = process.getuid?.() === 0;
const log = { info: () => undefined };

let folder: string;
let running: EmbeddedPostgres[];
let prepared: string;

async function openFolder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'jbe-'));
  await chmod(made, 0o755);
  return made;
}

// A cluster takes seconds to make; most tests begin with a copy of this one.
beforeAll(async () => {
  prepared = await openFolder();
  const database = await startEmbeddedPostgres({ dataDir: join(prepared, 'data'), log });
  await database.stop();
});

afterAll(() => rm(prepared, { recursive: true, force: true }));

beforeEach(async () => {
  folder = await openFolder();
  running = [];
});

afterEach(async () => {
  for (const database of running) await database.stop();
  await rm(folder, { recursive: true, force: true });
});

const copyPrepared = (): Promise<unknown> => run('cp', ['-a', join(prepared, 'data'), join(folder, 'data')]);

async function start(dataDir = join(folder, 'data'), environment?: { HUB_PG_BIN: string }): Promise<EmbeddedPostgres> {
  const options = { dataDir, log, outsideRoot: join(folder, 'outside') };
  const database = await startEmbeddedPostgres(environment ? { ...options, environment } : options);
  running.push(database);
  return database;
}

async function query(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

const stop = async (database: EmbeddedPostgres): Promise<void> => {
  running = running.filter((other) => other !== database);
  await database.stop();
};

const postmasterPid = async (clusterFolder: string): Promise<number> =>
  Number.parseInt(await readFile(join(clusterFolder, 'postmaster.pid'), 'utf8'), 10);

/** A hub process of its own that starts the database, says so, and waits. */
async function startInAnotherProcess(dataDir: string): Promise<ChildProcess> {
  const script = `
    import { startEmbeddedPostgres } from '#platform/embedded-postgres/start.ts';
    await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)}, log: { info: () => undefined } });
    process.stdout.write('serving');
    setInterval(() => undefined, 1000);`;
  const args = ['--import', 'tsx', '--input-type=module', '-e', script];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return child;
}

describe('the data folder', () => {
  it('holds two databases of a login that is no superuser and may create roles', async () => {
    await copyPrepared();
    const database = await start();
    const asked = `select current_database() as database, rolsuper, rolbypassrls, rolcreaterole,
      pg_get_userbyid(datdba) as owner from pg_roles, pg_database where rolname = current_user and datname = current_database()`;
    const expected = { rolsuper: false, rolbypassrls: false, rolcreaterole: true, owner: 'hub' };
    expect(await query(database.hubUrl, asked)).toEqual([{ ...expected, database: 'hub' }]);
    expect(await query(database.radiusUrl, asked)).toEqual([{ ...expected, database: 'radius' }]);
    const from = 'select host(inet_client_addr()) as address';
    expect(await query(database.hubUrl, from)).toEqual([{ address: null }]);
    expect(await query(database.radiusUrl, from)).toEqual([{ address: '127.0.0.1' }]);
    await query(database.hubUrl, 'create role hub_owner nologin; create table kept (id int)');
    expect(database.adopted).toBe(false);
  });

  it('lets FreeRADIUS into radius and into nothing else, and nobody in without a password', async () => {
    await copyPrepared();
    const { radiusLogin, hubUrl, adminUrl } = await start();
    const { user, password, host, port, database } = radiusLogin;
    const url = (name: string) => `postgres://${user}:${password}@${host}:${port}/${name}`;
    expect(await query(url(database), 'select current_user')).toEqual([{ current_user: 'freeradius' }]);
    await expect(query(url('hub'), 'select 1')).rejects.toThrow(/permission denied/);
    await expect(query(url('radius'), 'create table mine (id int)')).rejects.toThrow(/permission denied/);
    for (const right of [hubUrl, adminUrl]) {
      await expect(query(right.replace(/:[0-9a-f]{48}@/, ':wrong@'), 'select 1')).rejects.toThrow(/password/);
    }
  });

  it('keeps its passwords from other accounts', async () => {
    await copyPrepared();
    await start();
    expect((await stat(join(folder, 'data', 'postgres.json'))).mode & 0o077).toBe(0);
    expect((await stat(join(folder, 'data', 'postgres', 'cluster'))).mode & 0o077).toBe(0);
  });

  it('that the server’s account cannot enter has its cluster elsewhere, says so, and finds it again', async () => {
    const dataDir = join(folder, 'closed');
    await mkdir(dataDir, { mode: 0o700 });
    const first = await start(dataDir);
    expect(first.where.startsWith(join(folder, 'outside'))).toBe(isRoot);
    await query(first.hubUrl, 'create table kept as select 7 as id');
    await stop(first);
    const second = await start(dataDir);
    expect(second.where).toBe(first.where);
    expect(await query(second.hubUrl, 'select id from kept')).toEqual([{ id: 7 }]);
  });

  it('that was deleted and made anew begins with an empty database, and the old one is set aside, not lost', async () => {
    const dataDir = join(folder, 'closed');
    await mkdir(dataDir, { mode: 0o700 });
    await query((await start(dataDir)).hubUrl, 'create table kept (id int)');
    await rm(dataDir, { recursive: true });
    running = [];
    await mkdir(dataDir, { mode: 0o700 });
    const anew = await start(dataDir);
    expect(anew.adopted).toBe(false);
    await expect(query(anew.hubUrl, 'select id from kept')).rejects.toThrow(/does not exist/);
    const left = isRoot ? (await readdir(join(folder, 'outside'))).filter((name) => name.includes('.left-')) : ['none'];
    expect(left).toHaveLength(1);
  });
});

describe('a data folder that has a cluster', () => {
  beforeEach(copyPrepared);

  it('keeps its rows, passwords and port over a stop', async () => {
    const first = await start();
    await query(first.hubUrl, 'create table kept as select 42 as id');
    await stop(first);
    await expect(query(first.hubUrl, 'select 1')).rejects.toThrow();
    const second = await start();
    expect(second.hubUrl).toBe(first.hubUrl);
    expect(second.adopted).toBe(false);
    expect(await query(second.hubUrl, 'select id from kept')).toEqual([{ id: 42 }]);
  });

  it('is served by the server that a killed hub left behind, and stopped by who took it over', async () => {
    const dataDir = join(folder, 'data');
    const hub = await startInAnotherProcess(dataDir);
    const left = await postmasterPid(join(dataDir, 'postgres', 'cluster'));
    hub.kill('SIGKILL');
    await once(hub, 'exit');
    const database = await start();
    expect(database.adopted).toBe(true);
    expect(await postmasterPid(join(dataDir, 'postgres', 'cluster'))).toBe(left);
    expect(await query(database.hubUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
    await stop(database);
    await expect(query(database.hubUrl, 'select 1')).rejects.toThrow();
  });

  it('is stopped by its last user only', async () => {
    const first = await start();
    const second = await start();
    expect(second.adopted).toBe(true);
    await stop(first);
    expect(await query(second.hubUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
    await stop(second);
    await expect(query(second.hubUrl, 'select 1')).rejects.toThrow();
  });

  it('comes back after its server was killed, also when its old pid belongs to something else now', async () => {
    const first = await start();
    await query(first.hubUrl, 'create table kept as select 1 as id');
    const cluster = join(folder, 'data', 'postgres', 'cluster');
    process.kill(await postmasterPid(cluster), 'SIGKILL');
    const second = await start();
    expect(second.adopted).toBe(false);
    await stop(first);
    await stop(second);
    await writeFile(join(cluster, 'postmaster.pid'), `${process.pid}\n${cluster}\n1\n1\n\n127.0.0.1\n0 0\nready\n`);
    const third = await start();
    expect(await query(third.hubUrl, 'select id from kept')).toEqual([{ id: 1 }]);
  });

  it('is refused by a PostgreSQL of another major version, in words', async () => {
    await stop(await start());
    await writeFile(join(folder, 'data', 'postgres', 'cluster', 'PG_VERSION'), '12\n');
    await expect(start()).rejects.toMatchObject({ fault: 'wrong_major', message: /made by PostgreSQL 12/ });
  });

  it('is not replaced by an empty one when its passwords or its folder are gone', async () => {
    await stop(await start());
    await rm(join(folder, 'data', 'postgres.json'));
    await expect(start()).rejects.toMatchObject({ fault: 'lost_passwords' });
    await writeFile(join(folder, 'data', 'postgres.location'), join(folder, 'moved-away'));
    await expect(start()).rejects.toMatchObject({ fault: 'lost_cluster' });
  });
});

describe('the PostgreSQL that serves', () => {
  beforeEach(copyPrepared);

  it('gives the server none of root’s groups and nothing of the environment', async () => {
    process.env.JEMBATAN_OWNER_PASSWORD = 'not-for-postgres';
    await start();
    delete process.env.JEMBATAN_OWNER_PASSWORD;
    const pid = await postmasterPid(join(folder, 'data', 'postgres', 'cluster'));
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    expect(/^Uid:\s+0\s/m.test(status)).toBe(false);
    if (isRoot) expect(/^Groups:\s*$/m.test(status)).toBe(true);
    expect(await readFile(`/proc/${pid}/environ`, 'utf8')).not.toContain('not-for-postgres');
  });

  it('may be the optional npm package, without its links and where the account cannot enter too', async () => {
    const packaged = await findBinaries(18, {});
    const closed = join(folder, 'closed');
    await run('cp', ['-a', packaged.packageRoot ?? '', closed]);
    await run('find', [closed, '-type', 'l', '-delete']);
    await chmod(closed, 0o700);
    const home = join(folder, 'home');
    await mkdir(home, { mode: 0o755 });
    const asInstalled = { ...packaged, bin: join(closed, 'native/bin'), packageRoot: closed };
    const ready = await readyPackage(asInstalled, home, isRoot ? { name: 'nobody', uid: 65_534, gid: 65_534 } : null);
    expect(ready.bin.startsWith(isRoot ? home : closed)).toBe(true);
    const database = await start(join(folder, 'other'), { HUB_PG_BIN: ready.bin });
    const rows = await query(database.hubUrl, "select current_setting('server_version_num')::int / 10000 as major");
    expect(rows).toEqual([{ major: 18 }]);
    await query(database.hubUrl, 'create role hub_owner nologin noinherit');
    await query(database.hubUrl, 'set role hub_owner');
  });

  it('named in HUB_PG_BIN and not there is refused, in words', async () => {
    await expect(start(join(folder, 'data'), { HUB_PG_BIN: '/nowhere' })).rejects.toMatchObject({
      fault: 'no_binaries',
    });
  });

  it('REL-3: is refused with fsync, full_page_writes or synchronous_commit off', async () => {
    const database = await start();
    const ask = (sql: string) => query(database.hubUrl, sql);
    const change = async (how: string) => {
      await query(database.adminUrl, `alter system ${how}`);
      await query(database.adminUrl, 'select pg_reload_conf()');
    };
    expect(await checkDurability(ask)).toEqual({ ok: true, value: undefined });
    for (const setting of ['fsync', 'full_page_writes', 'synchronous_commit']) {
      await change(`set ${setting} = off`);
      const refusal = { ok: false, error: { reason: 'not_durable', settings: [setting] } };
      await expect.poll(() => checkDurability(ask)).toMatchObject(refusal);
      await change(`reset ${setting}`);
    }
    await expect.poll(() => checkDurability(ask)).toMatchObject({ ok: true });
  });
});
