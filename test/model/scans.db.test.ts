import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { NewScan, Scan } from '#features/scans/verbs.ts';
import { isDatabaseAway } from '#http/database-away.ts';
import type { Who } from '#platform/caller.ts';
import { Refusal } from '#platform/refusal.ts';
import { scanNaively } from './naive-scan.ts';
import { createRandom, firstSeed, type Random } from './random.ts';
import { createScanStage, type Fate, type Field, type ScanStage, type Unit } from './scan-stage.ts';
import { wrongs } from './scan-truth.ts';

const runs = Math.max(100, Math.round(1_000 * Number(process.env.JEMBATAN_FAULT_SCALE)));
const together = 10;
const minute = 60_000;
const conditions = ['damaged', 'lost'] as const;
const posts = Math.max(100, Math.round(1_000 * Number(process.env.JEMBATAN_FAULT_SCALE)));

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

/** What a deed answers: the scan's status, or its refusal's code and status. */
const answer = (deed: Promise<Scan>): Promise<string> =>
  deed.then(
    ({ status }) => status,
    (error: unknown) => {
      if (!(error instanceof Refusal)) throw error;
      return [error.code, error.details?.status].filter(Boolean).join(' ');
    },
  );

async function handOver(field: Field, { caller }: Who, { serial }: Unit): Promise<void> {
  const given = { kind: 'hand_over', code: serial, technician_id: caller.userId } as const;
  await stage.scan(field.warehouse, { ...given, client_ref: randomUUID() });
  await stage.settle();
}

type Swap = {
  readonly field: Field;
  readonly line: string;
  readonly id: string;
  readonly old: Unit;
  readonly fresh: Unit;
  /** Puts the new modem back into the bag, where the tracker looks for it. */
  readonly mend: () => Promise<void>;
};

/** A swap of which the old modem came back, and the new one was refused: somebody had carried it away in the tracker. */
async function openHalfSwap(): Promise<Swap> {
  const field = await stage.openField('inventree');
  const [budi] = field.technicians;
  const [old, fresh] = field.units;
  const line = field.lines[0]?.subscriptionId ?? '';
  if (!budi || !old || !fresh) throw new Error('the field is empty');
  for (const unit of [old, fresh]) await handOver(field, budi, unit);
  const install = { kind: 'install', subscription_id: line } as const;
  await stage.scan(budi, { ...install, code: old.serial, client_ref: randomUUID() });
  await stage.settle();
  const [{ ref } = { ref: '' }] = await stage.hub.look<{ ref: string }>(
    'select tracker_ref as ref from assets where id = $1',
    [fresh.id],
  );
  const { stock } = stage.fake;
  const bag = stock.read(ref)?.at;
  stock.change(ref, { at: stock.placeAt('1') });
  const id = await stage.scan(budi, { ...install, code: fresh.serial, replaces: old.serial, client_ref: randomUUID() });
  await stage.settle();
  const mend = async (): Promise<void> => stock.change(ref, bag ? { at: bag } : {});
  return { field, line, id, old, fresh, mend };
}

const statusOf = async (id: string): Promise<string> => {
  const [row] = await stage.hub.look<{ state: string; problem: string | null }>(
    'select state, problem from scans where id = $1',
    [id],
  );
  return [row?.state, row?.problem].filter(Boolean).join(' ');
};
const macOf = async (line: string): Promise<string | null> => {
  const [row] = await stage.hub.look<{ mac: string | null }>('select mac from subscriptions where id = $1', [line]);
  return row?.mac ?? null;
};

describe('a held scan in the hands of a person', () => {
  it('A6: of a swap whose new modem was refused the lock stands as it was; tried again it is refused again, and mended it is done', async () => {
    const { field, line, id, old, fresh, mend } = await openHalfSwap();
    const { byHand } = stage;
    expect(await statusOf(id)).toBe('held tracker_elsewhere');
    expect(await macOf(line)).toBe(old.mac);
    expect(await answer(byHand.retry(field.warehouse, id))).toBe('running');
    await stage.settle();
    expect(await statusOf(id)).toBe('held tracker_elsewhere');
    await mend();
    const both = await Promise.all([1, 2].map(() => answer(byHand.retry(field.warehouse, id))));
    expect(both.sort()).toEqual(['CONFLICT running', 'running']);
    await stage.settle();
    expect(await macOf(line)).toBe(fresh.mac);
    expect(await wrongs(stage, field)).toEqual([]);
    const moves = await stage.hub.look<{ kind: string }>(
      'select o.kind from asset_operations o where scan_id = $1 order by created_at',
      [id],
    );
    expect(moves.map(({ kind }) => kind)).toEqual(['uninstall', 'install']);
  });

  it('A6: cancelled, such a swap leaves the line without modem and lock, and the new modem free for another scan', async () => {
    const { field, line, id, fresh } = await openHalfSwap();
    const { byHand } = stage;
    const many = await Promise.all([
      ...[1, 2].map(() => answer(byHand.cancel(field.warehouse, id))),
      answer(byHand.retry(field.warehouse, id)),
    ]);
    // Where the second try came first, the scan is running and nobody can cancel it any more.
    expect(many.filter((one) => !one.startsWith('CONFLICT'))).toHaveLength(1);
    await stage.settle();
    if ((await statusOf(id)) !== 'refused cancelled') await byHand.cancel(field.warehouse, id);
    expect(await statusOf(id)).toBe('refused cancelled');
    expect(await macOf(line)).toBeNull();
    // It lies where the tracker had found it.
    const [budi] = field.technicians;
    if (!budi) throw new Error('the field is empty');
    await handOver(field, budi, fresh);
    const wish = { kind: 'install', code: fresh.serial, subscription_id: line, client_ref: randomUUID() } as const;
    expect(await statusOf(await stage.scan(budi, wish))).toBe('running');
    await stage.settle();
    expect(await macOf(line)).toBe(fresh.mac);
    expect(await wrongs(stage, field)).toEqual([]);
  });

  it('A2: what waits for its hand-over is retried or cancelled by who keeps the stock alone, in its own tenant, while it is held', async () => {
    const [field, other] = [await stage.openField('builtin'), await stage.openField('builtin')];
    const [budi] = field.technicians;
    const [unit] = field.units;
    if (!budi || !unit) throw new Error('the field is empty');
    const pickUp = () => stage.scan(budi, { kind: 'pick_up', code: unit.serial, client_ref: randomUUID() });
    const { byHand } = stage;
    const [first, second] = [await pickUp(), await pickUp()];
    for (const deed of [byHand.retry, byHand.cancel]) {
      expect(await answer(deed(budi, first))).toBe('FORBIDDEN');
      expect(await answer(deed(other.warehouse, first))).toBe('NOT_FOUND');
      expect(await answer(deed(field.warehouse, randomUUID()))).toBe('NOT_FOUND');
    }
    // Judged again by what is so: nobody has handed it over.
    expect(await answer(byHand.retry(field.warehouse, first))).toBe('held');
    expect(await answer(byHand.cancel(field.warehouse, second))).toBe('refused');
    await handOver(field, budi, unit);
    // The hand-over takes the one with it; what was cancelled stays so, and neither is anybody's to decide about.
    expect([await statusOf(first), await statusOf(second)]).toEqual(['done', 'refused cancelled']);
    for (const deed of [byHand.retry, byHand.cancel]) {
      expect(await answer(deed(field.warehouse, first))).toBe('CONFLICT done');
      expect(await answer(deed(field.warehouse, second))).toBe('CONFLICT refused');
    }
    const noted = await stage.hub.look<{ entity_id: string }>(
      `select entity_id from audit_logs where tenant_id = $1 and entity_type = 'scan' and action = 'update' order by entity_id`,
      [field.tenantId],
    );
    expect(noted.map(({ entity_id }) => entity_id)).toEqual([first, second].sort());
  });
});

describe('scans of a field', () => {
  it('A4: nobody waits for a modem to come online that was taken out again', async () => {
    const field = await stage.openField('builtin');
    const [budi] = field.technicians;
    const [unit] = field.units;
    const [line] = field.lines;
    if (!budi || !unit || !line) throw new Error('the field is empty');
    await handOver(field, budi, unit);
    const wish = { code: unit.serial, subscription_id: line.subscriptionId };
    const id = await stage.scan(budi, { kind: 'install', ...wish, client_ref: randomUUID() });
    await stage.settle();
    const looked = async (): Promise<string> => {
      await stage.hub.look(`update outbox set next_at = now() where kind = 'scan.watch' and state = 'ready'`);
      await stage.settle();
      const [step] = await stage.hub.look<{ state: string }>(
        `select state from scan_steps where scan_id = $1 and name = 'online'`,
        [id],
      );
      return step?.state ?? '';
    };
    expect(await looked()).toBe('waiting');
    await stage.scan(budi, { kind: 'return', code: unit.serial, client_ref: randomUUID() });
    await stage.settle();
    expect(await looked()).toBe('skipped');
    expect(await wrongs(stage, field)).toEqual([]);
  });

  it('REL-17: a scan that a phone sends a thousand times at once is one scan with one operation', async () => {
    const field = await stage.openField('inventree');
    const [unit] = field.units;
    const [budi] = field.technicians;
    const given = { kind: 'hand_over', code: unit?.serial ?? '', technician_id: budi?.caller.userId ?? '' } as const;
    const wish = { ...given, client_ref: randomUUID(), scanned_at: new Date(stage.hub.time.now).toISOString() };
    /** Whoever gets no connection in time is told to come again (503), and does. */
    const send = async (): Promise<string> => {
      try {
        return await stage.scan(field.warehouse, wish);
      } catch (error) {
        if (!isDatabaseAway(error)) throw error;
        return send();
      }
    };
    const all = await Promise.all(Array.from({ length: posts }, send));
    expect(new Set(all).size).toBe(1);
    await stage.settle();
    const [made] = await stage.hub.look(
      `select (select count(*)::int from scans where tenant_id = $1) as scans,
         (select count(*)::int from asset_operations where tenant_id = $1) as operations,
         (select count(*)::int from asset_moves where tenant_id = $1) as moves,
         (select count(*)::int from outbox where tenant_id = $1 and kind = 'asset.move') as orders`,
      [field.tenantId],
    );
    expect(made).toEqual({ scans: 1, operations: 1, moves: 1, orders: 1 });
    expect(await wrongs(stage, field)).toEqual([]);
  }, 120_000);

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
    expect(moved).toBeGreaterThan(runs);
    expect(locked).toBeGreaterThan(runs / 10);
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
