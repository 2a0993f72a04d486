import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { freePort } from '#sandbox/services/free-port.ts';
import { addTenant, type TestTenant } from '#test/setup/admin-app.ts';
import { createTestBridge, type TestBridge } from '#test/setup/bridge.ts';
import { lostOf, startTraffic, type Traffic } from './acknowledged.ts';
import type { ApiPlace } from './programs/api.ts';
import { openVictims, type Victim, type Victims } from './victims.ts';

const scale = Number(process.env.JEMBATAN_FAULT_SCALE);
/** 1,000 at full length; in every run of the tests half of its tenth. */
const kills = Math.max(10, Math.round((scale < 1 ? 500 : 1_000) * scale));
/** The wrong variant loses something at almost every kill; it gets a few. */
const killsOfControl = 40;
const senders = 16;
/** Between a sender's deliveries: the machine is to start processes meanwhile. */
const pauseMs = 50;
/** For one kill, on a machine that has much else to do. */
const patienceMs = 3_000;
const secret = 'rahasia-webhook-17';

let bridge: TestBridge;
let tenant: TestTenant;
let victims: Victims<ApiPlace>;
let place: ApiPlace;

beforeAll(async () => {
  bridge = await createTestBridge(inject('postgresUrl'), 2);
  tenant = await addTenant(bridge);
  victims = await openVictims(new URL('./programs/api.ts', import.meta.url));
  const port = await freePort();
  place = { databaseUrl: bridge.url, port, tenantId: tenant.id, secret, acknowledgesFirst: false };
});
afterAll(async () => {
  await victims?.close();
  await bridge?.close();
});

const open = (): Traffic => startTraffic(`http://127.0.0.1:${place.port}/webhooks/erpnext/x`, secret, senders, pauseMs);

/** Lives of the process at the doors, each killed at a random moment while deliveries come in; `isOver` ends them. */
async function killAgainAndAgain(acknowledgesFirst: boolean, isOver: () => Promise<boolean>): Promise<void> {
  const born = (): Promise<Victim> => victims.next({ ...place, acknowledgesFirst });
  for (let api = await born(); ; ) {
    await api.go();
    const next = await born();
    await sleep(Math.random() * 60);
    await api.kill();
    api = next;
    if (await isOver()) return api.kill();
  }
}

it(`REL-1: ${kills} SIGKILLs of the process at the doors lose nothing that it acknowledged, and double nothing`, {
  timeout: 60_000 + kills * patienceMs,
}, async () => {
  const traffic = open();
  let left = kills;
  await killAgainAndAgain(false, async () => --left === 0);
  await traffic.stop();
  const lost = await lostOf(traffic, bridge);
  process.stdout.write(
    `REL-1: ${kills} kills, ${traffic.acknowledged.length} acknowledged of ${traffic.tries.length} tries, ${lost.length} lost\n`,
  );
  expect(lost).toEqual([]);
  expect(traffic.acknowledged.length).toBeGreaterThan(kills * 20);
});

it('REL-1, control: a door that acknowledges before the commit loses deliveries', async () => {
  const traffic = open();
  let lost: readonly string[] = [];
  let lives = 0;
  await killAgainAndAgain(true, async () => {
    lives += 1;
    lost = await lostOf(traffic, bridge);
    return lost.length > 0 || lives === killsOfControl;
  });
  await traffic.stop();
  // What was on its way into a commit then has arrived by now.
  lost = await lostOf(traffic, bridge);
  process.stdout.write(
    `REL-1, control: ${lives} kills, ${lost.length} lost of ${traffic.acknowledged.length} acknowledged\n`,
  );
  expect(lost.length).toBeGreaterThan(0);
}, 120_000);
