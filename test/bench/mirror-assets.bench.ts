/**
 * What it takes to mirror a stock of 10^3, 10^4 and 10^5 units: the first look (every unit and the whole history), a night's
 * walk that finds nothing new, and the look after ten moves. Seconds beside the floor (the same units inserted page by page,
 * nothing compared), the exponent of growth, and the memory of this process. The stock is made up page by page and answers
 * at once, so that what is measured is the hub's.
 */
import { join } from 'node:path';
import { sql } from 'kysely';
import type { TrackedAsset } from '#domain/asset.ts';
import { ok } from '#domain/result.ts';
import { createLog } from '#platform/log.ts';
import { createFakeTracker } from '#ports/asset-tracker/fake.ts';
import type { AssetTracker, TrackedMove } from '#ports/asset-tracker/port.ts';
import { compareAssets, followAssets } from '#reconcile/follow-assets.ts';
import { startPostgres } from '#sandbox/services/postgres.ts';
import { addTenant } from '#test/setup/admin-app.ts';
import { createTestBridge } from '#test/setup/bridge.ts';
import { exponentOf, printFigure, remark } from './figures.ts';
import { withThrowAway } from './throw-away.ts';

const sizes = [1_000, 10_000, 100_000];
const pageSize = 100;
const moved = 10;
const exponentGoal = 1.1;

const unitOf = (no: number, place: string): TrackedAsset => ({
  ref: String(no),
  part: { ref: '1', name: 'ONT F670L' },
  serial: `ZTEGC${String(no).padStart(7, '0')}`,
  status: 'ok',
  at: { kind: 'place', ref: place, name: `Rak ${place}` },
});

/** A stock of so many units, none of which is kept; the first ten can be moved. */
function createGrownStock(size: number): { readonly tracker: AssetTracker; move(): void } {
  let moves = size;
  const shelfOf = (no: number): string => (no <= moved && moves > size ? '2' : '1');
  const rowOf = (no: number): TrackedMove => ({
    ...{
      no,
      ref: String(no <= size ? no : no - size),
      at: '2026-11-20T08:00:00',
      what: 'moved',
      notes: '',
      by: 'sari',
    },
    operationId: null,
  });
  const between = <T>(from: number, to: number, make: (no: number) => T): T[] =>
    Array.from({ length: Math.max(0, Math.min(pageSize, to - from)) }, (_, at) => make(from + at + 1));
  const tracker: AssetTracker = {
    ...createFakeTracker(),
    read: async (ref) => ok(unitOf(Number(ref), shelfOf(Number(ref)))),
    feed: {
      movesAfter: async (mark) => ok({ moves: between(mark, moves, rowOf), isMore: moves > mark + pageSize }),
      walk: async (page) => {
        const from = Number(page ?? 0);
        const next = from + pageSize < size ? String(from + pageSize) : null;
        return ok({ rows: between(from, size, (no) => unitOf(no, shelfOf(no))), next });
      },
    },
  };
  return {
    tracker,
    move: () => {
      moves = size + moved;
    },
  };
}

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1_000;
};

await withThrowAway(async ({ folder, keep }) => {
  const postgres = keep(await startPostgres({ dir: join(folder, 'pg'), durable: true }), (it) => it.stop());
  const bridge = keep(await createTestBridge(postgres.url, 5), (it) => it.close());
  const { db } = bridge;
  const points: Record<'first' | 'walk', [number, number][]> = { first: [], walk: [] };

  const inserted = async (tenantId: string, size: number): Promise<void> => {
    for (let from = 0; from < size; from += pageSize) {
      const rows = Array.from({ length: pageSize }, (_, at) => unitOf(from + at + 1, '1'));
      await db.worker(tenantId, (tx) =>
        sql`insert into assets (tenant_id, tracker, tracker_ref, part, serial, state)
          select ${tenantId}, 'inventree', ref, 'ONT', serial, 'in_stock'
          from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (ref text, serial text)`.execute(tx),
      );
    }
  };

  for (const size of sizes) {
    const [{ id: bare }, { id: tenantId }] = [await addTenant(bridge), await addTenant(bridge)];
    const { tracker, move } = createGrownStock(size);
    const f = { db, log: createLog('silent'), trackerOf: async () => tracker };
    let highestMb = 0;
    const watch = setInterval(() => {
      highestMb = Math.max(highestMb, process.memoryUsage.rss() / 1e6);
    }, 20);
    const floor = await timed(() => inserted(bare, size));
    const first = await timed(() => followAssets(f, tenantId));
    const walk = await timed(() => compareAssets(f, tenantId));
    move();
    const look = await timed(() => followAssets(f, tenantId));
    clearInterval(watch);
    const [counted] = await bridge.look<{ units: string; rows: string; moved: string }>(
      `select (select count(*) from assets where tenant_id = $1) as units, (select count(*) from asset_moves where tenant_id = $1) as rows,
         (select count(*) from assets where tenant_id = $1 and place = 'Rak 2') as moved`,
      [tenantId],
    );
    if (Number(counted?.units) !== size || Number(counted?.rows) !== size + moved || Number(counted?.moved) !== moved)
      throw new Error(`The mirror of ${size} is not what was there: ${JSON.stringify(counted)}.`);
    printFigure({ name: `mirror-assets first at ${size}`, value: first, unit: 's', floor });
    printFigure({ name: `mirror-assets walk at ${size}`, value: walk, unit: 's', floor });
    remark(`Ten moves among ${size}: ${(look * 1_000).toFixed(0)} ms; highest memory ${highestMb.toFixed(0)} MB.`);
    points.first.push([size, first]);
    points.walk.push([size, walk]);
  }
  for (const [name, some] of Object.entries(points)) {
    printFigure({
      name: `mirror-assets ${name} growth`,
      value: exponentOf(some),
      unit: 'exponent',
      floor: exponentGoal,
    });
  }
});
