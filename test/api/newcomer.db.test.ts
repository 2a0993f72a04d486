import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually } from '#test/pipeline/eventually.ts';
import { type RunningHub, startRunningHub } from '#test/pipeline/running-hub.ts';

let hub: RunningHub;
let folder: string;
let page: string;

beforeAll(async () => {
  const postgresUrl = inject('postgresUrl');
  hub = await startRunningHub({ postgresUrl, flavor: 'postgres', radiusServerUrl: postgresUrl });
  folder = await mkdtemp(join(tmpdir(), 'jbn-'));
  page = await readFile(fileURLToPath(new URL('../../docs/api.md', import.meta.url)), 'utf8');
}, 180_000);
afterAll(async () => {
  await hub?.close();
  await rm(folder, { recursive: true, force: true });
});

/** What a reader would type: the page's blocks of shell, one after the other. */
const script = (): string => [...page.matchAll(/```sh\n([\s\S]+?)```/g)].map(([, block]) => block).join('\n');

/** What the page says that a line answers: the comment behind it. */
const promised = (): readonly string[] =>
  [...script().matchAll(/^(?!\s*\w+\(\)).*\S {3,}# (\S+)$/gm)].map(([, answer]) => answer ?? '');

async function run(text: string): Promise<{ readonly out: string; readonly errors: string; readonly code: unknown }> {
  const env = {
    PATH: process.env.PATH ?? '',
    hub: hub.url,
    owner_email: 'owner@jembatan.example',
    owner_password: 'correct horse battery',
  };
  const shell = spawn('bash', ['-euo', 'pipefail', '-c', text], {
    env,
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', errors: '' };
  shell.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    said.out += chunk;
  });
  shell.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    said.errors += chunk;
  });
  const [code] = await once(shell, 'close');
  return { ...said, code };
}

describe('the flow that a newcomer reads about', { timeout: 300_000 }, () => {
  it('works as it is written, with curl, in this order, and answers what the page says', async () => {
    const { out, errors, code } = await run(script());
    expect([code, errors], out).toEqual([0, '']);
    const lines = out.split('\n');
    expect(promised()).toEqual(['CUST001', 'active', 'pending', 'same', '403', 'address', '403', '404']);
    let from = 0;
    for (const answer of promised()) {
      const at = lines.indexOf(answer, from);
      expect(at, `${answer} in ${out}`).toBeGreaterThanOrEqual(from);
      from = at + 1;
    }
    const radius = await eventually(
      () =>
        hub.radius.db
          .selectFrom('radusergroup' as never)
          .selectAll()
          .execute(),
      (rows) => rows.length >= 3,
    );
    expect(JSON.stringify(radius).toLowerCase()).toContain('cust001');
  });
});
