import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { NewScan } from '#features/scans/verbs.ts';
import type { Who } from '#platform/caller.ts';
import { scanNaively } from './naive-scan.ts';
import { createRandom, firstSeed, type Random } from './random.ts';
import { createScanStage, type Fate, type Field, type ScanStage } from './scan-stage.ts';
import { wrongs } from './scan-truth.ts';

const runs = Math.max(100, Math.round(1_000 * Number(process.env.JEMBATAN_FAULT_SCALE)));
const together = 10;
const minute = 60_000;
const conditions = ['damaged', 'lost'] as const;

type Deed = { readonly who: Who; readonly wish: NewScan };

let stage: ScanStage;
beforeAll(async () => {
  stage = await createScanStage(inject('postgresUrl'));
});
afterAll(() => stage.close());

/** A scan that somebody might make, with the clock of its phone some minutes off; many make no sense. */
function anyDeed(random: Random, field: Field, at: number): Deed {
  const [who, other] = random.shuffle(field.technicians);
  const unit = random.pick(field.units);
  const kind = random.pick(['hand_over', 'hand_over', 'pick_up', 'install', 'install', 'install', 'return'] as const);
  if (!who || !other || !unit || !kind) throw new Error('the field is empty');
  const isStaff = kind === 'hand_over' || (kind === 'return' && random.chance(0.5));
  const scanned_at = new Date(at - random.int(30) * minute).toISOString();
  const wish: NewScan = {
    kind,
    code: random.chance(0.5) ? unit.serial : unit.mac,
    client_ref: randomUUID(),
    scanned_at,
  };
  const replaces = random.chance(0.4) ? { replaces: random.pick(field.units)?.serial ?? '' } : {};
  const bad = random.chance(0.1) ? random.pick(conditions) : undefined;
  const condition = bad === undefined ? {} : { condition: bad };
  if (kind === 'install') {
    const line = random.pick(field.lines)?.subscriptionId ?? '';
    return { who, wish: { ...wish, subscription_id: line, ...replaces } };
  }
  if (kind === 'return') return { who: isStaff ? field.warehouse : who, wish: { ...wish, ...condition } };
  return isStaff ? { who: field.warehouse, wish: { ...wish, technician_id: who.caller.userId } } : { who, wish };
}

const halves = (deeds: readonly Deed[]): readonly (readonly Deed[])[] =>
  [0, 1].map((odd) => deeds.filter((_, no) => no % 2 === odd));

/** Scans in any order, doubled and at once, while answers are lost and workers die. Answers each scan's ids. */
async function play(random: Random, field: Field): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const answers = new Map<string, Set<string>>();
  const send = async ({ who, wish }: Deed): Promise<void> => {
    const id = await stage.scan(who, wish);
    if (/^[0-9a-f-]{36}$/.test(id)) answers.set(wish.client_ref, (answers.get(wish.client_ref) ?? new Set()).add(id));
  };
  stage.fate(() => random.pick<Fate>(['well', 'well', 'lost', 'unreached', 'crash', 'stolen']) ?? 'well');
  const sent: Deed[] = [];
  for (let turn = 0; turn < 4; turn += 1) {
    const fresh = Array.from({ length: 1 + random.int(3) }, () => anyDeed(random, field, stage.hub.time.now));
    const again = random.chance(0.4) ? sent.slice(-2) : [];
    sent.push(...fresh);
    // Two at once in each of the fields: more would wait for the pool, and prove nothing more.
    const [one = [], other = []] = halves(random.shuffle([...fresh, ...again]));
    await Promise.all(
      [one, other].map(async (some) => {
        for (const deed of some) await send(deed);
      }),
    );
    if (random.chance(0.7)) await stage.dispatch();
    if (random.chance(0.4)) await stage.endLeases();
    if (random.chance(0.6)) await stage.endWaits();
    stage.hub.time.now += random.int(20) * minute;
  }
  return answers;
}

describe('scans of a field', () => {
  it('REL-17, A4: whatever crashes, comes twice, late or at once, a modem is in one place with one lock, in hub, tracker and RADIUS', async () => {
    const first = firstSeed();
    let [moved, locked] = [0, 0];
    for (let run = 0; run < runs; run += together) {
      const fields = await Promise.all(
        Array.from({ length: together }, (_, no) => stage.openField(no % 3 === 0 ? 'builtin' : 'inventree')),
      );
      const played = fields.map((field, no) => play(createRandom(first + run + no), field));
      const answers = (await Promise.all(played)).flatMap((some) => [...some.values()]);
      await stage.settle();
      for (const field of fields) expect(await wrongs(stage, field), `seeds from ${first + run}`).toEqual([]);
      expect(answers.filter(({ size }) => size !== 1)).toEqual([]);
      const [counts] = await stage.hub.look<{ moved: number; locked: number }>(
        `select (select count(*)::int from asset_operations where tenant_id = any($1) and state = 'done') as moved,
           (select count(*)::int from subscriptions where tenant_id = any($1) and mac is not null) as locked`,
        [fields.map(({ tenantId }) => tenantId)],
      );
      moved += counts?.moved ?? 0;
      locked += counts?.locked ?? 0;
    }
    // It would all be right as well where nothing is ever moved.
    expect(moved).toBeGreaterThan(2 * runs);
    expect(locked).toBeGreaterThan(runs / 4);
  }, 600_000);

  it('control: who asks the tracker without an operation of its own loses units at the first lost answer', async () => {
    const random = createRandom(firstSeed());
    const fields = await Promise.all(Array.from({ length: together }, () => stage.openField('inventree')));
    stage.fate(() => random.pick<Fate>(['well', 'lost', 'unreached', 'crash']) ?? 'well');
    for (const field of fields) {
      for (let n = 0; n < 12; n += 1) {
        const deed = anyDeed(random, field, stage.hub.time.now);
        await scanNaively(stage, field, deed.who, deed.wish).catch(() => undefined);
      }
    }
    await stage.settle();
    const found = await Promise.all(fields.map((field) => wrongs(stage, field)));
    expect(found.flat().length).toBeGreaterThan(0);
  });
});
