import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { groupName } from '#domain/groups.ts';
import { createStore } from '#inbox/store.ts';
import { createFakeEnforcer } from '#ports/enforcer/fake.ts';
import { createTestHub, noon, type TestLine } from '#test/pipeline/test-hub.ts';
import { createRaceStage, invoiceOf, type RaceStage } from './race-stage.ts';
import { createRandom, firstSeed } from './random.ts';

const scale = Number(process.env.JEMBATAN_FAULT_SCALE ?? '0.1');
const seed = firstSeed();
const random = createRandom(seed);
const lists = Math.max(20, Math.round(200 * scale));
const atOnce = 20;

let stage: RaceStage;
beforeAll(async () => {
  stage = await createRaceStage(inject('postgresUrl'), random);
});
afterAll(() => stage.hub.close());

async function addLines(tenantId: string, count: number, prefix: string): Promise<readonly TestLine[]> {
  const lines: TestLine[] = [];
  for (let i = 0; i < count; i++) lines.push(await stage.hub.addLine(tenantId, `${prefix}${i}`));
  return lines;
}

/** Generations as text, as the driver answers them here. */
type Row = { state: string; group: string; generation: string; applied: string };
const rowOf = async ({ subscriptionId }: TestLine): Promise<Row | undefined> =>
  (
    await stage.hub.look<Row>(
      `select state, desired ->> 'group' as group, generation, applied_generation as applied from access where subscription_id = $1`,
      [subscriptionId],
    )
  )[0];

describe('the real steps under two workers', () => {
  it('REL-5, P-a: bills, payments, doubles, crashes and moved time leave each line as the ledger has it', async () => {
    for (let from = 0; from < lists; from += atOnce) {
      const tenantId = await stage.hub.addTenant();
      const lines = await addLines(tenantId, Math.min(atOnce, lists - from), `race${from}x`);
      let running = lines.length;
      const befall = async (line: TestLine): Promise<void> => {
        for (let left = 15 + random.int(15); left > 0; left--) await stage.befall(line);
        running -= 1;
      };
      await Promise.all([stage.work(() => running === 0), ...lines.map(befall)]);
      await stage.comeToRest(tenantId);
      for (const line of lines) {
        const state = stage.owedBy(line) > 0n ? 'isolated' : 'active';
        const group = groupName(tenantId, state === 'active' ? { plan: 'home' } : 'isolir');
        const row = await rowOf(line);
        expect(row, `${line.username}, seed ${seed}`).toMatchObject({ state, group });
        expect(row?.applied).toBe(row?.generation);
        expect(stage.target.user(line.username)?.group).toBe(group);
        stage.forget(line);
      }
    }
  }, 180_000);

  it('P-b: after each write the target shows the newest decision that has reached it', () => {
    expect(stage.observations.length).toBeGreaterThan(lists);
    expect(stage.observations.filter(({ seen, newest }) => seen < newest)).toEqual([]);
  });

  it('REL-6: "overdue" deliveries that are 27 hours old cut nobody who has paid since, in any order', async () => {
    const { hub, ledger } = stage;
    const tenantId = await hub.addTenant();
    const lines = await addLines(tenantId, 20, 'paid');
    for (const line of lines) ledger.put(invoiceOf(line, 150_000n));
    await Promise.all(lines.map((line) => stage.announce(line)));
    await stage.comeToRest(tenantId);
    expect(new Set(await Promise.all(lines.map(hub.stateOf)))).toEqual(new Set(['isolated']));
    for (const line of lines) ledger.put(invoiceOf(line, 0n));
    await Promise.all(lines.map((line) => stage.announce(line)));
    await stage.comeToRest(tenantId);
    hub.time.now += 27 * 3_600_000;
    const [last] = await hub.look<{ id: string }>('select max(id) as id from timeline');

    const overdue = Buffer.from('{"status":"Overdue","outstanding_amount":150000.0}');
    const looks = ledger.calls('fetch');
    const store = createStore(hub.db);
    let shuffles = 0;
    while (shuffles < 1_000 * scale) {
      const stale = random.shuffle([...lines, ...lines, ...lines]);
      await Promise.all(
        stale.map((line) =>
          store({ ...hub.arrival(tenantId, 'Sales Invoice', `INV-${line.customer}-1`), raw: overdue }),
        ),
      );
      hub.time.now += 6_000;
      await stage.settle();
      shuffles += lines.length;
    }
    expect(ledger.calls('fetch') - looks).toBeGreaterThanOrEqual(shuffles);
    const decided = await hub.look('select text from timeline where kind = $1 and id > $2', ['decision', last?.id]);
    expect(decided).toEqual([]);
    for (const line of lines) expect(stage.target.user(line.username)?.group).toContain(':home');
  });
});

describe('a write of the old decision that is held back past the new one', () => {
  /** Lets a cut wait at the target until the payment's decision has been written; answers the group at the end. */
  async function race(isFenced: boolean): Promise<string | undefined> {
    const target = createFakeEnforcer();
    let release: () => void = () => undefined;
    const held = new Promise<void>((done) => {
      release = done;
    });
    let arrival = 0n;
    const enforcer: typeof target = {
      ...target,
      async applyUsers(users) {
        if (users.some(({ group }) => group.endsWith(':isolir'))) await held;
        arrival += 1_000_000n;
        return target.applyUsers(isFenced ? users : users.map((user) => ({ ...user, generation: arrival })));
      },
    };
    const hub = await createTestHub(inject('postgresUrl'), { enforcer });
    try {
      const line = await hub.addLine(await hub.addTenant(), 'held');
      await hub.settle();
      hub.time.now = noon('2026-11-22');
      const store = createStore(hub.db);
      const announce = () => store(hub.arrival(line.tenantId, 'Sales Invoice', 'INV-held-1'));
      hub.ledger.put(invoiceOf(line, 150_000n));
      await announce();
      const cut = hub.settle();
      await expect.poll(() => hub.stateOf(line)).toBe('isolated');
      hub.ledger.put(invoiceOf(line, 0n));
      await announce();
      for (const step of [hub.steps.consume, hub.steps.fetch, hub.steps.decide, hub.steps.dispatch]) await step();
      expect(target.user('held')?.group).toContain(':home');
      release();
      await cut;
      return target.user('held')?.group.split(':')[1];
    } finally {
      release();
      await hub.close();
    }
  }

  it('REL-5: is refused by the fence: the payer stays in the plan', async () => {
    expect(await race(true)).toBe('home');
  });

  it('control: without the fence the payer ends in the walled garden', async () => {
    expect(await race(false)).toBe('isolir');
  });
});
