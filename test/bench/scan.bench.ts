/**
 * How long a whole hub takes from the POST of a scan that installs a modem until InvenTree has moved it and RADIUS holds its
 * lock; beside the same calls made bare. Scans and floor alternate, so that what else the machine does hits both alike.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { openHubClient } from '#sandbox/demo/hub-client.ts';
import { waitUntil } from '#sandbox/demo/wait-until.ts';
import { openWarehouse } from '#test/inventree/stand-in.ts';
import { printFigure, quantile } from './figures.ts';
import { openInstallation } from './latency/installation.ts';
import { openSubscriber } from './latency/subscriber.ts';
import { openFloor } from './scans/floor.ts';
import { withThrowAway } from './throw-away.ts';

const runs = 100;
const warmUps = 10;
/** Seldom, for each look takes from the two processors what it waits for. */
const pollMs = 10;
const unit = { serial: 'ZTEGC8D2F0AA', mac: '4C:5E:0C:AA:BB:10' };

await withThrowAway(async (place) => {
  const at = await openInstallation(place);
  const warehouse = place.keep(await openWarehouse(421), (it) => it.close());
  await at.hub.call('PUT', 'connections/inventree', warehouse.settings);
  const { id: lineId, username } = await openSubscriber(at);
  const person = { email: 'budi@bench.example', password: 'only-for-this-bench', name: 'Budi', role: 'technician' };
  const { id: technician } = await at.hub.call<{ id: string }>('POST', 'auth/register', person);
  const budi = await openHubClient(at.url).login(person.email, person.password, at.subdomain);
  await at.hub.call('POST', 'assets', { part: 'ONT F670L', units: [unit] });
  let refs = 0;
  const scan = (who: typeof budi, wish: object) => {
    refs += 1;
    const stamp = { code: unit.serial, client_ref: `bench-${refs}`, scanned_at: new Date().toISOString() };
    return who.call<{ id: string }>('POST', 'scans', { ...stamp, ...wish });
  };
  const rests = async (): Promise<boolean> => {
    const { rows } = await at.bridge.query<{ open: boolean }>(
      `select exists (select from asset_operations where state = 'waiting') or exists (
         select from access where applied_generation is distinct from generation) as open`,
    );
    return rows[0]?.open === false;
  };
  const settled = async (): Promise<void> => {
    while (!(await rests())) await sleep(pollMs);
  };
  /** When the later of both was done: the hub notes each as soon as InvenTree, or MariaDB's commit, has answered. */
  const doneAt = async (): Promise<number> => {
    const { rows } = await at.bridge.query<{ at: Date }>(
      `select greatest((select max(finished_at) from asset_operations), (select max(applied_at) from access)) as at`,
    );
    return rows[0]?.at.getTime() ?? Number.NaN;
  };
  await scan(at.hub, { kind: 'hand_over', technician_id: technician });
  await waitUntil('it is in the bag', async () => ((await rests()) ? true : null));
  const floor = await openFloor(place, at, warehouse, username);

  const [values, floors]: [number[], number[]] = [[], []];
  for (let run = -warmUps; run < runs; run++) {
    const began = performance.timeOrigin + performance.now();
    await scan(budi, { kind: 'install', subscription_id: lineId });
    await settled();
    const ms = (await doneAt()) - began;
    await scan(budi, { kind: 'return' });
    await settled();
    const least = await floor();
    if (run < 0) continue;
    values.push(ms);
    floors.push(least);
  }
  for (const [name, share] of [
    ['p50', 0.5],
    ['p95', 0.95],
  ] as const) {
    const figure = { value: quantile(values, share), floor: quantile(floors, share) };
    printFigure({ name: `scan-to-rows-and-stock-${name}`, unit: 'ms', ...figure });
  }
});
