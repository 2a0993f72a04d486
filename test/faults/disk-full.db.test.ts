import { execFile } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serverAccount, underAccount } from '#sandbox/services/account.ts';
import { freePort } from '#sandbox/services/free-port.ts';
import { type Postgres, startPostgres } from '#sandbox/services/postgres.ts';
import { deliver, signatureOf } from '#test/pipeline/deliver.ts';
import { eventually } from '#test/pipeline/eventually.ts';
import { addTenant, type TestTenant } from '#test/setup/admin-app.ts';
import { createTestBridge, type TestBridge } from '#test/setup/bridge.ts';
import { lostOf } from './acknowledged.ts';
import type { ApiPlace } from './programs/api.ts';
import { openVictims, type Victim, type Victims } from './victims.ts';

const run = promisify(execFile);
const secret = 'rahasia-webhook-17';
const senders = 4;
/** A little more than PostgreSQL's own log needs for a file; the inbox reaches it after some twenty deliveries. */
const mostBytes = 18 * 1_048_576;
/** Text in base64; the bodies do not shrink when they are stored. */
const fillingBytes = 600_000;

let folder: string;
let postgres: Postgres;
let bridge: TestBridge;
let doors: Victims<ApiPlace>;
let tenant: TestTenant;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jbd-'));
  await chmod(folder, 0o755);
  postgres = await startPostgres({ dir: join(folder, 'pg') });
  bridge = await createTestBridge(postgres.url, 2);
  tenant = await addTenant(bridge);
  doors = await openVictims(new URL('./programs/api.ts', import.meta.url));
}, 120_000);
afterAll(async () => {
  await doors?.close();
  await bridge?.close();
  await postgres?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function openDoor(acknowledgesFirst: boolean): Promise<{ readonly door: Victim; readonly url: string }> {
  const port = await freePort();
  const door = await doors.next({ databaseUrl: bridge.url, port, tenantId: tenant.id, secret, acknowledgesFirst });
  await door.go();
  return { door, url: `http://127.0.0.1:${port}/webhooks/erpnext/x` };
}

/**
 * No file of the server may grow beyond so many bytes: its writes fail as on a full disk, which needs no file system of
 * the test's own, and ends when it is told to.
 */
async function limitFiles(bytes: number | 'unlimited'): Promise<void> {
  const account = await serverAccount('postgres');
  const children = readFileSync(`/proc/${postgres.pid}/task/${postgres.pid}/children`, 'utf8').trim().split(' ');
  for (const pid of [String(postgres.pid), ...children]) {
    const [file = '', ...args] = underAccount(account, 'TERM', ['prlimit', '--pid', pid, `--fsize=${bytes}:unlimited`]);
    await run(file, args).catch((error: unknown) => {
      // A connection that ended meanwhile.
      if (!String(error).includes('No such process')) throw error;
    });
  }
}

type Sent = { readonly acknowledged: string[]; readonly refused: number[]; stop(): Promise<void> };

/** Sends deliveries to a door, each until it is taken, until it is stopped. */
function startSending(to: string): Sent {
  const acknowledged: string[] = [];
  const refused: number[] = [];
  let isOver = false;
  async function send(): Promise<void> {
    while (!isOver) {
      const doc = { name: `ACC-SINV-${randomUUID()}`, filling: randomBytes(fillingBytes).toString('base64') };
      const body = Buffer.from(JSON.stringify({ event: 'on_change', doctype: 'Sales Invoice', doc }));
      for (let isTaken = false; !isTaken && !isOver; ) {
        const { status } = await deliver(to, body, signatureOf(body, secret));
        isTaken = status === 202 || status === 200;
        if (isTaken) acknowledged.push(body.toString('utf8'));
        else refused.push(status);
      }
    }
  }
  const sending = Promise.all(Array.from({ length: senders }, send));
  return {
    acknowledged,
    refused,
    stop: async () => {
      isOver = true;
      await sending;
    },
  };
}

it('REL-26: while the disk is full deliveries are refused with 503, and taken again when there is room', async () => {
  const { url } = await openDoor(false);
  await limitFiles(mostBytes);
  const { acknowledged, refused, stop } = startSending(url);
  await eventually(
    () => refused.length,
    (count) => count > 10 * senders,
    60_000,
  );
  const before = acknowledged.length;
  await limitFiles('unlimited');
  await eventually(
    () => acknowledged.length,
    (count) => count > before + 2 * senders,
    60_000,
  );
  await stop();
  process.stdout.write(
    `REL-26: ${refused.length} refused while the disk was full, ${acknowledged.length} taken, ${before} of them before it\n`,
  );
  expect(before).toBeGreaterThan(0);
  expect(new Set(refused)).toEqual(new Set([503]));
  expect(await lostOf({ acknowledged }, bridge)).toEqual([]);
}, 180_000);

it('REL-26, control: a door that acknowledges before the commit loses what it takes while the disk is full', async () => {
  const { url, door } = await openDoor(true);
  await limitFiles(mostBytes);
  const { acknowledged, stop } = startSending(url);
  await eventually(
    () => acknowledged.length,
    (count) => count > 2 * senders,
    60_000,
  );
  await stop();
  await door.kill();
  await limitFiles('unlimited');
  const lost = await lostOf({ acknowledged }, bridge);
  process.stdout.write(`REL-26, control: ${lost.length} of ${acknowledged.length} acknowledged are lost\n`);
  expect(lost.length).toBeGreaterThan(0);
}, 120_000);
