/**
 * How long a whole hub takes from the POST of a scan that installs a modem until InvenTree has moved it and RADIUS holds its
 * lock; beside the same calls made bare. Scans and floor alternate, so that what else the machine does hits both alike. A hub
 * that has just begun runs code that V8 has not compiled yet, where the floor's little has been soon: it is warmed up until
 * its median stands still, and what it took before is printed too.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { openHubClient } from '#sandbox/demo/hub-client.ts';
import { waitUntil } from '#sandbox/demo/wait-until.ts';
import { openWarehouse } from '#test/inventree/stand-in.ts';
import { median, printFigure, quantile, remark } from './figures.ts';
import { noteSizes, openInstallation } from './latency/installation.ts';
import { post } from './latency/post.ts';
import { openSubscriber } from './latency/subscriber.ts';
import { openFloor } from './scans/floor.ts';
import { withThrowAway } from './throw-away.ts';

/** Of the figures: of the cold hub's, and of the warm one's. Of a hundred the p95 is what befell five of them. */
const runs = { cold: 100, warm: 400 } as const;
const block = 100;
const mostBlocks = 10;
/** A block that is quicker than the one before by more than this is not the last. */
const still = 0.97;
/** Seldom, for each look takes from the two processors what it waits for. */
const pollMs = 10;
/**
 * In turn: one modem that is moved a thousand times in a minute leaves as many dead versions of its row in every index until
 * PostgreSQL cleans up, and a history that no modem has.
 */
const units = Array.from({ length: 50 }, (_, i) => {
  const two = (10 + i).toString();
  return { serial: `ZTEGC8D2F0${two}`, mac: `4C:5E:0C:AA:BB:${two}` };
});
type Unit = (typeof units)[number];

await withThrowAway(async (place) => {
  const at = await openInstallation(place);
  const warehouse = place.keep(await openWarehouse(421), (it) => it.close());
  await at.hub.call('PUT', 'connections/inventree', warehouse.settings);
  const { id: lineId, username } = await openSubscriber(at);
  const person = { email: 'budi@bench.example', password: 'only-for-this-bench', name: 'Budi', role: 'technician' };
  const { id: technician } = await at.hub.call<{ id: string }>('POST', 'auth/register', person);
  const login = { email: person.email, password: person.password, subdomain: at.subdomain };
  const session = await openHubClient(at.url).call<{ access_token: string }>('POST', 'auth/login', login);
  const asBudi = { 'content-type': 'application/json', authorization: `Bearer ${session.access_token}` };
  await at.hub.call('POST', 'assets', { part: 'ONT F670L', units });
  let refs = 0;
  const scanned = (unit: Unit, wish: object) => {
    refs += 1;
    return { code: unit.serial, client_ref: `bench-${refs}`, scanned_at: new Date().toISOString(), ...wish };
  };
  /** The technician's phone sends a scan. */
  async function scan(unit: Unit, wish: object): Promise<{ readonly id: string; readonly sentAt: number }> {
    const {
      at: sentAt,
      status,
      text,
    } = await post(`${at.url}/api/v1/scans`, asBudi, JSON.stringify(scanned(unit, wish)));
    if (status !== 200) throw new Error(`a scan was answered ${status}: ${text}`);
    return { id: (JSON.parse(text) as { id: string }).id, sentAt };
  }
  const rests = async (): Promise<boolean> => {
    const { rows } = await at.bridge.query<{ open: boolean }>(
      `select exists (select from asset_operations where state = 'waiting') as open`,
    );
    return rows[0]?.open === false;
  };
  /**
   * When the later of a scan's move and its line's rows was done: the hub notes each as soon as InvenTree, or MariaDB's commit,
   * has answered. Asked by keys, for it is asked while the hub works.
   */
  async function endOf({ id }: { readonly id: string }): Promise<number> {
    for (;;) {
      const { rows } = await at.bridge.query<{ at: Date }>(
        `select greatest(o.finished_at, a.applied_at) as at from tenants t
         join asset_operations o on o.tenant_id = t.id and o.scan_id = $2 and o.state = 'done'
         join access a on a.tenant_id = t.id and a.subscription_id = $3 and a.applied_generation = a.generation
         where t.subdomain = $1`,
        [at.subdomain, id, lineId],
      );
      const [end] = rows;
      if (end) return end.at.getTime();
      await sleep(pollMs);
    }
  }
  for (const unit of units)
    await at.hub.call('POST', 'scans', scanned(unit, { kind: 'hand_over', technician_id: technician }));
  await waitUntil('they are in the bag', async () => ((await rests()) ? true : null));
  const floor = await openFloor(place, at, warehouse, username, units.length);

  type Runs = { readonly values: readonly number[]; readonly floors: readonly number[] };
  const sum = (a: Runs, b: Runs): Runs => ({ values: [...a.values, ...b.values], floors: [...a.floors, ...b.floors] });
  const ratioOf = ({ values, floors }: Runs): number => median(values) / median(floors);

  let turn = 0;
  async function once(): Promise<readonly [value: number, floor: number]> {
    const unit = units[turn % units.length] as Unit;
    turn += 1;
    const installed = await scan(unit, { kind: 'install', subscription_id: lineId });
    const ms = (await endOf(installed)) - installed.sentAt;
    await endOf(await scan(unit, { kind: 'return' }));
    return [ms, await floor()];
  }
  async function measure(count: number): Promise<Runs> {
    await noteSizes(at);
    const [values, floors]: [number[], number[]] = [[], []];
    for (let run = 0; run < count; run++) {
      const [value, least] = await once();
      values.push(value);
      floors.push(least);
    }
    const measured = { values, floors };
    const [scans, bare] = [median(values), median(floors)].map((ms) => ms.toFixed(1));
    remark(`${count} scans: median ${scans} ms, floor ${bare} ms, ratio ${ratioOf(measured).toFixed(2)}`);
    return measured;
  }
  /** Block by block, as many as `count` needs. */
  async function measureAll(count: number): Promise<Runs> {
    let all: Runs = { values: [], floors: [] };
    while (all.values.length < count) all = sum(all, await measure(block));
    return all;
  }
  async function warmUp(): Promise<void> {
    let before = Number.POSITIVE_INFINITY;
    for (let blocks = 0; blocks < mostBlocks; blocks++) {
      const ratio = ratioOf(await measure(block));
      if (ratio > before * still) return;
      before = ratio;
    }
  }
  function print(name: string, { values, floors }: Runs): void {
    for (const [share, at] of [
      ['p50', 0.5],
      ['p95', 0.95],
    ] as const) {
      const figure = { value: quantile(values, at), floor: quantile(floors, at) };
      printFigure({ name: `${name}-${share}`, unit: 'ms', ...figure });
    }
  }

  await measure(10);
  print('scan-to-rows-and-stock-of-a-cold-hub', await measureAll(runs.cold));
  await warmUp();
  print('scan-to-rows-and-stock', await measureAll(runs.warm));
});
