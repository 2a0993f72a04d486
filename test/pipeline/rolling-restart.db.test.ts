import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { freePort } from '#sandbox/services/free-port.ts';
import { createDatabase, type RadiusDatabase } from '#test/radius/radius-database.ts';
import { createTestBridge, type TestBridge } from '#test/setup/bridge.ts';
import { deliver, signatureOf } from './deliver.ts';
import { createHubChild, type HubChild } from './hub-child.ts';
import { hubEnvironment, logInOwner, openOffice } from './running-hub.ts';
import { openTwoDoors, type TwoDoors } from './two-doors.ts';

/** 10 at full length; two at least, so that each of the two hubs is replaced once. */
const restarts = Math.max(2, Math.round(10 * Number(process.env.JEMBATAN_FAULT_SCALE)));
const senders = 4;
const secret = 'rahasia-webhook-17';
/** What a supervisor waits before it kills; a hub that is well ends long before (REL-28: 10 s of draining). */
const patienceMs = 30_000;

let bridge: TestBridge;
let radius: RadiusDatabase;
let folder: string;
let hubs: HubChild[];
let doors: TwoDoors;

beforeAll(async () => {
  bridge = await createTestBridge(inject('postgresUrl'), 2);
  radius = await createDatabase('postgres', inject('postgresUrl'));
  folder = await mkdtemp(join(tmpdir(), 'jbr-'));
  const ports = [await freePort(), await freePort()];
  doors = await openTwoDoors(ports);
  hubs = ports.map((port) =>
    createHubChild(`http://127.0.0.1:${port}`, {
      ...hubEnvironment(bridge.url, radius.url, folder),
      JEMBATAN_PORT: String(port),
      // One installation has one address: what one hub signs the other takes.
      JEMBATAN_PUBLIC_URL: `http://127.0.0.1:${doors.port}`,
    }),
  );
  for (const hub of hubs) await hub.start();
}, 120_000);
afterAll(async () => {
  for (const hub of hubs ?? []) await hub.kill();
  await doors?.close();
  await radius.drop();
  await bridge.close();
  await rm(folder, { recursive: true, force: true });
});

type Sent = { readonly acknowledged: Buffer[]; readonly failed: string[] };

const tries = 3;

/**
 * Sends one event as ERPNext does: what got no answer is sent again, three times in all. The kernel resets a connection
 * that it has taken for a door which is just being closed; such a delivery was not acknowledged, and nothing is lost.
 */
async function sendOnce(door: string, body: Buffer, left = tries): Promise<number> {
  try {
    return (await deliver(door, body, signatureOf(body, secret))).status;
  } catch (error) {
    if (left <= 1) throw error;
    return sendOnce(door, body, left - 1);
  }
}

/** Sends events one after the other, each on a connection of its own. */
async function send(door: string, sent: Sent, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    const doc = { name: `ACC-SINV-${randomUUID()}`, modified: '2026-11-21 10:00:00' };
    const body = Buffer.from(JSON.stringify({ event: 'on_change', doctype: 'Sales Invoice', doc }));
    try {
      const status = await sendOnce(door, body);
      if (status === 202 || status === 200) sent.acknowledged.push(body);
      else sent.failed.push(String(status));
    } catch (error) {
      sent.failed.push(String(error));
    }
    await sleep(10);
  }
}

it(`REL-28: ${restarts} rolling restarts under load fail no delivery, lose none, and drain in time`, async () => {
  const url = `http://127.0.0.1:${doors.port}`;
  const office = await openOffice(url, await logInOwner(url), 'rolling');
  const erpnext = { url: 'http://127.0.0.1:9', api_key: 'k', api_secret: 's', webhook_secret: secret };
  await office.admin.put('connections/erpnext', erpnext);
  const sent: Sent = { acknowledged: [], failed: [] };
  let over = false;
  const door = `${url}/webhooks/erpnext/${office.subdomain}`;
  const traffic = Array.from({ length: senders }, () => send(door, sent, () => over));
  for (let i = 0; i < restarts; i++) {
    const hub = hubs[i % hubs.length];
    const { ms, code } = (await hub?.stop()) ?? { ms: 0, code: null };
    expect(code).toBe(0);
    expect(ms).toBeLessThan(patienceMs);
    await hub?.start();
  }
  over = true;
  await Promise.all(traffic);
  expect(sent.failed).toEqual([]);
  expect(sent.acknowledged.length).toBeGreaterThan(restarts * senders);
  const rows = await bridge.look<{ raw: Buffer }>('select raw from inbox');
  const kept = new Set(rows.map(({ raw }) => raw.toString('utf8')));
  expect(sent.acknowledged.filter((body) => !kept.has(body.toString('utf8')))).toEqual([]);
}, 300_000);
