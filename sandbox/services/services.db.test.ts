import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createConnection } from 'mysql2/promise';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startMariadb } from './mariadb.ts';
import { startPostgres } from './postgres.ts';
import { startRedis } from './redis.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'jbs-'));
  await chmod(dir, 0o755);
});
afterEach(() => rm(dir, { recursive: true, force: true }));

async function isListening(port: number): Promise<boolean> {
  const socket = connect({ host: '127.0.0.1', port });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function askPostgres(url: string, query: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url, query_timeout: 1_000 });
  await client.connect();
  try {
    return (await client.query(query)).rows[0];
  } finally {
    await client.end();
  }
}

describe('private servers', () => {
  it('PostgreSQL keeps its data when it is killed and started again at the same place', async () => {
    const first = await startPostgres({ dir: join(dir, 'pg'), durable: true });
    await askPostgres(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    first.kill('SIGKILL');
    await first.stop();
    const second = await startPostgres({ dir: join(dir, 'pg'), port: first.port });
    try {
      expect(second.url).toBe(first.url);
      expect(await askPostgres(second.url, 'SELECT answer FROM kept')).toEqual({ answer: 42 });
    } finally {
      await second.stop();
    }
    expect(await isListening(second.port)).toBe(false);
  });

  it('a paused PostgreSQL answers nobody, also not those who are connected already', async () => {
    const server = await startPostgres({ dir: join(dir, 'pg') });
    const client = new pg.Client({ connectionString: server.url, query_timeout: 500 });
    await client.connect();
    try {
      server.kill('SIGSTOP');
      await expect(client.query('SELECT 1')).rejects.toThrow(/timeout/);
      server.kill('SIGCONT');
      expect(await askPostgres(server.url, 'SELECT 1 AS one')).toEqual({ one: 1 });
    } finally {
      await client.end();
      await server.stop();
    }
  });

  it('MariaDB keeps its data when it is killed and started again at the same place', async () => {
    const first = await startMariadb({ dir: join(dir, 'my') });
    const before = await createConnection(first.url);
    await before.query('CREATE DATABASE kept');
    await before.query('CREATE TABLE kept.answers AS SELECT 42 AS answer');
    before.destroy();
    first.kill('SIGKILL');
    await first.stop();
    const second = await startMariadb({ dir: join(dir, 'my'), port: first.port });
    try {
      const after = await createConnection(second.url);
      expect((await after.query('SELECT answer FROM kept.answers'))[0]).toEqual([{ answer: 42 }]);
      await after.end();
    } finally {
      await second.stop();
    }
    expect(await isListening(second.port)).toBe(false);
  });

  it('no server outlives the process that started it, however that ends', async () => {
    const redis = fileURLToPath(new URL('./redis.ts', import.meta.url));
    const script = `import { startRedis } from ${JSON.stringify(redis)};
      const server = await startRedis({ dir: ${JSON.stringify(join(dir, 'rd'))} });
      process.stdout.write(String(server.port));
      setInterval(() => undefined, 1000);`;
    const parent = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [output]: unknown[] = await once(parent.stdout, 'data');
    const port = Number(String(output));
    expect(await isListening(port)).toBe(true);
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    await expect.poll(() => isListening(port), { timeout: 5_000 }).toBe(false);
  });

  it('several of a kind live side by side', async () => {
    const servers = await Promise.all(['a', 'b', 'c'].map((name) => startRedis({ dir: join(dir, name) })));
    expect(new Set(servers.map(({ port }) => port)).size).toBe(3);
    await Promise.all(servers.map((server) => server.stop()));
  });
});
