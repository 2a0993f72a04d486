import { randomInt, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import type { Line } from '#features/subscriptions/schema.ts';
import { freePort } from '#sandbox/services/free-port.ts';
import { createDatabase, type RadiusDatabase } from '#test/radius/radius-database.ts';
import { createTestBridge, type TestBridge } from '#test/setup/bridge.ts';
import { deliver, signatureOf } from './deliver.ts';
import { eventually } from './eventually.ts';
import { createHubChild, type HubChild } from './hub-child.ts';
import { type Isp, isApplied, openIsp, type Subscriber } from './isp.ts';
import { hubEnvironment, logInOwner, openOffice } from './running-hub.ts';

/** 20 kills at full length; three at least. */
const kills = Math.max(3, Math.round(20 * Number(process.env.JEMBATAN_FAULT_SCALE)));
const subscribers = 12;
const senders = 4;
/** ERPNext tries three times: long enough for a restart between them. */
const retries = { send: 0, retry1: 3_000, retry2: 8_000 };
/** A killed hub's work is taken over when its lease has run out, and what its webhooks missed by the next sweep. */
const convergeMs = 150_000;

let bridge: TestBridge;
let radius: RadiusDatabase;
let folder: string;
let child: HubChild;
let url: string;
let isp: Isp;

beforeAll(async () => {
  bridge = await createTestBridge(inject('postgresUrl'), 2);
  radius = await createDatabase('mysql', inject('mariadbUrl'));
  folder = await mkdtemp(join(tmpdir(), 'jbk-'));
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  child = createHubChild(url, {
    ...hubEnvironment(bridge.url, radius.url, folder),
    JEMBATAN_PORT: String(port),
  });
  await child.start();
  const platform = await logInOwner(url);
  const doors = { url, addOffice: (name: string) => openOffice(url, platform, name) };
  isp = await openIsp(doors, Date.now, 'crash', { delaysMs: retries });
});
afterAll(async () => {
  await isp.stop();
  await child.kill();
  await radius.drop();
  await bridge.close();
  await rm(folder, { recursive: true, force: true });
});

/** Sends events without end, each until it is acknowledged, and keeps the bodies that were. */
async function sendEvents(acknowledged: Buffer[], isOver: () => boolean): Promise<void> {
  const door = `${url}/webhooks/erpnext/${isp.subdomain}`;
  while (!isOver()) {
    const name = `ACC-SINV-${randomUUID()}`;
    const doc = { name, modified: '2026-11-21 10:00:00' };
    const body = Buffer.from(JSON.stringify({ event: 'on_change', doctype: 'Sales Invoice', doc }));
    while (!isOver()) {
      try {
        const { status } = await deliver(door, body, signatureOf(body, isp.webhookSecret));
        if (status === 202 || status === 200) acknowledged.push(body);
        if (status === 202 || status === 200) break;
      } catch {
        // The hub is down, or died before it answered: nothing was promised, so it is sent again.
      }
      await sleep(50);
    }
    await sleep(20);
  }
}

/** Bills and pays at random; what ERPNext has in the end is the truth. */
async function bill(all: readonly Subscriber[], open: Map<string, string>, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    const who = all[randomInt(all.length)];
    if (!who) return;
    const invoice = open.get(who.id);
    if (invoice === undefined) open.set(who.id, isp.billOverdue(who));
    else {
      isp.erp.pay({ invoice });
      open.delete(who.id);
    }
    await sleep(randomInt(50, 250));
  }
}

const linesNow = async (): Promise<Line[]> =>
  (await isp.admin.get<{ data: Line[] }>('subscriptions?page_size=100')).data;

it(`REL-1, REL-2, O6: ${kills} kills of the hub lose no acknowledged event, and leave nobody in the wrong group`, async () => {
  const all: Subscriber[] = [];
  for (let i = 0; i < subscribers; i++) all.push(await isp.addSubscriber(`Crash ${i}`));
  const open = new Map<string, string>();
  const acknowledged: Buffer[] = [];
  let over = false;
  const traffic = [
    ...Array.from({ length: senders }, () => sendEvents(acknowledged, () => over)),
    bill(all, open, () => over),
  ];
  for (let i = 0; i < kills; i++) {
    await sleep(randomInt(200, 1_500));
    await child.kill();
    await child.start();
  }
  await sleep(500);
  over = true;
  await Promise.all(traffic);

  const rows = await bridge.look<{ raw: Buffer }>('select raw from inbox');
  const kept = new Set(rows.map(({ raw }) => raw.toString('utf8')));
  expect(acknowledged.length).toBeGreaterThan(kills * senders);
  expect(acknowledged.filter((body) => !kept.has(body.toString('utf8')))).toEqual([]);
  expect(new Set(rows.map(({ raw }) => raw.toString('utf8'))).size).toBe(rows.length);

  const wanted = (id: string): Line['state'] => (open.has(id) ? 'isolated' : 'active');
  const lines = await eventually(
    linesNow,
    (now) => now.every((line) => line.state === wanted(line.id) && isApplied(line)),
    convergeMs,
  );
  expect(lines).toHaveLength(subscribers);
  const held = await radius.rows(sql`SELECT username, groupname FROM radusergroup ORDER BY username`);
  expect(held.map(({ username, groupname }) => [username, groupname?.split(':')[1]])).toEqual(
    lines
      .map((line) => [line.username.toLowerCase(), open.has(line.id) ? 'isolir' : 'home-50'])
      .sort(([a = ''], [b = '']) => (a < b ? -1 : 1)),
  );
  await eventually(
    () => bridge.look(`select 1 from inbox where state = 'new'`),
    (waiting) => waiting.length === 0,
  );
}, 300_000);
