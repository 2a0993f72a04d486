import { randomUUID } from 'node:crypto';
import type { NewScan } from '#features/scans/verbs.ts';
import { createScansByHand } from '#journeys/scans/by-hand.ts';
import { createTakeScan } from '#journeys/scans/take-scan.ts';
import { type Busy, dispatchLane, lanes } from '#outbox/dispatch.ts';
import type { Who } from '#platform/caller.ts';
import { Refusal } from '#platform/refusal.ts';
import { createFakeTracker } from '#ports/asset-tracker/fake.ts';
import type { AssetTracker } from '#ports/asset-tracker/port.ts';
import { createTestHub, type TestHub, type TestLine } from '#test/pipeline/test-hub.ts';

/** What becomes of a call to the tracker. `stolen`: the caller's lease ends meanwhile, and another goes on. */
export type Fate = 'well' | 'lost' | 'unreached' | 'crash' | 'stolen';

export type Unit = { readonly id: string; readonly serial: string; readonly mac: string };
/** A tenant with two technicians, a warehouse, three modems and two lines. */
export type Field = {
  readonly tenantId: string;
  readonly kind: 'builtin' | 'inventree';
  readonly warehouse: Who;
  readonly technicians: readonly Who[];
  readonly units: readonly Unit[];
  readonly lines: readonly TestLine[];
};

const working = ['rows', 'assets', 'scans', 'watches'];
let count = 0;

/** The hub's flow with a tracker that may be anybody's: it loses answers, and whoever asked it may die. */
export async function createScanStage(postgresUrl: string) {
  const fake = createFakeTracker();
  let fateOf: () => Fate = () => 'well';
  const kinds = new Map<string, Field['kind']>();
  const shaky = (tracker: AssetTracker): AssetTracker => ({
    ...tracker,
    move: async (order) => {
      const fate = fateOf();
      if (fate === 'unreached') return { ok: false, error: { reason: 'unreachable', detail: 'connect ECONNREFUSED' } };
      if (fate === 'stolen') {
        fateOf = () => 'well';
        await endLeases();
        await dispatch();
      }
      const moved = await tracker.move(order);
      if (fate === 'crash') throw new Error('killed');
      return fate === 'lost' ? { ok: false, error: { reason: 'unreachable', detail: 'the answer was lost' } } : moved;
    },
  });
  const hub: TestHub = await createTestHub(postgresUrl, {
    trackerOf: (tenantId, own) => shaky(kinds.get(tenantId) === 'builtin' ? own : fake),
  });
  const scan = createTakeScan({ db: hub.db, clock: hub.clock, handing: null, learn: async () => [] });
  const byHand = createScansByHand(hub.db, hub.clock);
  const mine = lanes.filter(({ name }) => working.includes(name));

  const endLeases = (): Promise<unknown> =>
    hub.look(`update outbox set locked_until = now() - interval '1 s' where state = 'running'`);
  /** Nobody waits: what was put off is due, but for the looks at who is online. */
  const endWaits = (): Promise<unknown> =>
    hub.look(`update outbox set next_at = now() where state = 'ready' and kind <> 'scan.watch'`);
  async function dispatch(): Promise<number> {
    let worked = 0;
    for (const lane of mine) {
      const busy: Busy = new Map();
      worked += await dispatchLane({ ...hub.dispatching, handing: null }, lane, busy);
      await Promise.all(busy.keys());
    }
    return worked;
  }

  async function addUser(tenantId: string, role: 'technician' | 'warehouse'): Promise<Who> {
    const [row] = await hub.look<{ id: string }>(
      `insert into users (tenant_id, email, name, role, password_hash) values ($1, $2, $3, $4, '-') returning id`,
      [tenantId, `${randomUUID()}@isp.example`, `${role} ${count}`, role],
    );
    const caller = { userId: row?.id ?? '', tenantId, role };
    return { tenantId, caller, correlationId: randomUUID(), address: '192.0.2.1' };
  }

  async function addUnit(tenantId: string, kind: Field['kind']): Promise<Unit> {
    count += 1;
    const serial = `ZTEG${count.toString(16).toUpperCase().padStart(8, '0')}`;
    const mac = `4C:5E:0C${count.toString(16).toUpperCase().padStart(6, '0').replace(/(..)/g, ':$1')}`;
    const id = randomUUID();
    const ref = kind === 'builtin' ? id : fake.stock.add(serial, '1').ref;
    await hub.look(
      `insert into assets (tenant_id, id, tracker, tracker_ref, part, serial, mac, state, place)
       values ($1, $2, $3, $4, 'ONT', $5, $6, 'in_stock', 'Gudang')`,
      [tenantId, id, kind, ref, serial, mac],
    );
    return { id, serial, mac };
  }

  return {
    hub,
    fake,
    byHand,
    dispatch,
    endLeases,
    endWaits,
    /** The fates of the calls to come. */
    fate(next: () => Fate): void {
      fateOf = next;
    },

    async openField(kind: Field['kind']): Promise<Field> {
      const tenantId = await hub.addTenant();
      kinds.set(tenantId, kind);
      const name = tenantId.slice(0, 8);
      const field: Field = {
        tenantId,
        kind,
        warehouse: await addUser(tenantId, 'warehouse'),
        technicians: [await addUser(tenantId, 'technician'), await addUser(tenantId, 'technician')],
        units: [await addUnit(tenantId, kind), await addUnit(tenantId, kind), await addUnit(tenantId, kind)],
        lines: [await hub.addLine(tenantId, `a${name}`), await hub.addLine(tenantId, `b${name}`)],
      };
      await hub.look(`delete from dirty_lines where tenant_id = $1`, [tenantId]);
      return field;
    },

    /** A scan; its refusal in its code. */
    async scan(who: Who, wish: Omit<NewScan, 'scanned_at'> & { readonly scanned_at?: string }): Promise<string> {
      try {
        const at = new Date(hub.time.now).toISOString();
        return (await scan(who, { scanned_at: at, ...wish })).id;
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        return `${error.details?.problem ?? error.message}`;
      }
    },

    /** Works until nothing is left; every call goes well from now on. */
    async settle(): Promise<void> {
      fateOf = () => 'well';
      await endLeases();
      for (let left = 40; left > 0; left -= 1) {
        await endWaits();
        if ((await dispatch()) === 0) return;
      }
      throw new Error('It does not come to rest.');
    },
    close: () => hub.close(),
  };
}
export type ScanStage = Awaited<ReturnType<typeof createScanStage>>;
