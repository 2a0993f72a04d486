import { sql } from 'kysely';
import type { Database, Tx } from '#db/database.ts';
import { err, ok, type Result } from '#domain/result.ts';
import { serialKey } from '#domain/scan-code.ts';
import type {
  AssetFailure,
  AssetTracker,
  GoodsIn,
  MoveDone,
  MoveOrder,
  TrackedAsset,
  TrackedAt,
} from '#ports/asset-tracker/port.ts';
import { isAsWished, refusalOf } from '#ports/asset-tracker/protocol.ts';
import * as stock from './stock-rows.ts';

type Answer<T> = Result<T, AssetFailure>;

/** Where a move ends; null: it stays where it is. */
async function destination(
  tx: Tx,
  tenantId: string,
  { wish }: MoveOrder,
  found: TrackedAsset,
): Promise<Answer<TrackedAt | null>> {
  if (wish.kind === 'mark') return ok(null);
  const isInstall = wish.kind === 'install';
  const to = isInstall
    ? await stock.resolveCustomer(tx, tenantId, wish.customer)
    : await stock.resolvePlace(tx, tenantId, wish.to);
  const refusal = isInstall ? 'not_a_customer' : 'no_such_place';
  return to ? ok(to) : err({ reason: 'refused', refusal, detail: 'there is none', found });
}

/** Look, deed and history are one transaction: there is no in between, and no answer that can be lost from its deed. */
async function move(tx: Tx, tenantId: string, order: MoveOrder): Promise<Answer<MoveDone>> {
  const { ref, wish, operationId } = order;
  const locked = await stock.lockUnit(tx, tenantId, ref);
  const found = locked ? await stock.readUnit(tx, tenantId, ref) : null;
  if (locked && found) {
    const [isDone, isWished] = [await stock.isMoved(tx, tenantId, operationId), isAsWished(wish, found)];
    if (isWished && (isDone || wish.kind === 'mark')) return ok({ asset: found, outcome: 'already' });
    if (isDone) return err({ reason: 'mixed', detail: 'it was moved on since', found });
  }
  const refusal = refusalOf(order, found);
  if (refusal || !locked || !found) {
    const { refusal: why, detail } = refusal ?? { refusal: 'gone' as const, detail: 'there is no such unit' };
    return err({ reason: 'refused', refusal: why, detail, found });
  }
  const to = await destination(tx, tenantId, order, found);
  if (!to.ok) return to;
  await stock.writeMove(tx, tenantId, locked, found, to.value, order);
  const asset = await stock.readUnit(tx, tenantId, ref);
  if (!asset) throw new Error(`The unit ${ref} is gone although it is locked.`);
  return ok({ asset, outcome: 'done' });
}

/** The serials that there were already are answered; the caller takes back what was made beside them. */
async function insertUnits(tx: Tx, tenantId: string, { serials, part, by }: GoodsIn): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string; serial: string }>`
    insert into assets (tenant_id, id, tracker, tracker_ref, part, part_ref, serial, state, place)
    select ${tenantId}, id, 'builtin', id::text, ${part}, ${part}, serial, 'in_stock', ${stock.warehouse.name}
    from (select gen_random_uuid() as id, serial from unnest(${[...serials]}::text[]) as serial) as fresh
    on conflict do nothing returning id, serial`.execute(tx);
  await sql`
    insert into asset_moves (tenant_id, asset_id, happened_at, kind, to_state, to_place, moved_by_name)
    select ${tenantId}, id, now(), 'goods_in', 'in_stock', ${stock.warehouse.name}, ${by}
    from unnest(${rows.map(({ id }) => id)}::uuid[]) as id`.execute(tx);
  const made = new Set(rows.map(({ serial }) => serial));
  return serials.filter((serial) => !made.has(serial));
}

/** Takes back a transaction whose answer is a refusal. */
class TakenBack extends Error {
  readonly failure: AssetFailure;
  constructor(failure: AssetFailure) {
    super(failure.detail);
    this.failure = failure;
  }
}

async function receive(tx: Tx, tenantId: string, goods: GoodsIn): Promise<Answer<readonly TrackedAsset[]>> {
  const reject = (detail: string): AssetFailure => ({ reason: 'rejected', detail });
  const { serials, part, place } = goods;
  if (place !== stock.warehouse.ref) return err(reject('new units lie in the warehouse'));
  const known = new Set(await insertUnits(tx, tenantId, goods));
  const keys = new Set(serials.map(serialKey));
  const units = (await stock.findUnits(tx, tenantId, [...keys])).filter((unit) => unit.part.ref === part);
  const isWaiting = ({ at }: TrackedAsset): boolean => at.kind === 'place' && at.ref === place;
  const isReplay = known.size === serials.length && units.length === keys.size && units.every(isWaiting);
  if (known.size > 0 && !isReplay) throw new TakenBack(reject(`known already: ${[...known].join(', ')}`));
  return ok(serials.flatMap((serial) => units.filter((unit) => serialKey(unit.serial ?? '') === serialKey(serial))));
}

/** A place or customer of the own list, and where the mirror finds whose it is. */
async function keepPlace(
  tx: Tx,
  tenantId: string,
  kind: 'bag' | 'customer',
  id: string,
  ref: string,
): Promise<Answer<string>> {
  await tx
    .insertInto('tracker_places')
    .values({ tenant_id: tenantId, tracker: 'builtin', kind, owner_id: id, ref })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return ok(ref);
}

/** Which parts the list has. */
async function partsOf(tx: Tx, tenantId: string): Promise<Answer<readonly { ref: string; name: string }[]>> {
  const rows = await tx
    .selectFrom('assets')
    .where('tenant_id', '=', tenantId)
    .where('tracker', '=', 'builtin')
    .select('part')
    .distinct()
    .orderBy('part')
    .execute();
  return ok(rows.map(({ part }) => ({ ref: part, name: part })));
}

async function count(tx: Tx, tenantId: string): Promise<Answer<string>> {
  const { rows } = await sql<{ units: number }>`
    select count(*)::int as units from assets where tenant_id = ${tenantId} and tracker = 'builtin'`.execute(tx);
  return ok(`The hub's own list: ${rows[0]?.units ?? 0} units.`);
}

/** The hub's own stock list as the port has it (spec A1): the tables `assets` and `asset_moves` of one tenant. */
export function createBuiltinTracker(db: Pick<Database, 'worker' | 'look'>, tenantId: string): AssetTracker {
  /** Whatever fails there is the hub's database, which is away. */
  async function reach<T>(open: 'worker' | 'look', work: (tx: Tx) => Promise<Answer<T>>): Promise<Answer<T>> {
    try {
      return await db[open](tenantId, work);
    } catch (error) {
      if (error instanceof TakenBack) return err(error.failure);
      return err({ reason: 'unreachable', detail: error instanceof Error ? error.message : String(error) });
    }
  }
  return {
    read: (ref) => reach('look', async (tx) => ok(await stock.readUnit(tx, tenantId, ref))),
    find: (code) =>
      reach('look', async (tx) => {
        const key = serialKey(code);
        return ok(key === '' ? [] : await stock.findUnits(tx, tenantId, [key]));
      }),
    move: (order) => reach('worker', (tx) => move(tx, tenantId, order)),
    receive: (goods) => reach('worker', (tx) => receive(tx, tenantId, goods)),
    parts: () => reach('look', (tx) => partsOf(tx, tenantId)),
    warehouse: async () => ok(stock.warehouse),
    bagOf: ({ id }) => reach('worker', (tx) => keepPlace(tx, tenantId, 'bag', id, stock.bagRef(id))),
    customerOf: ({ id }) => reach('worker', (tx) => keepPlace(tx, tenantId, 'customer', id, id)),
    // The list is the hub's own: what is known of a unit stands in the same row.
    label: async () => ok(null),
    feed: null,
    test: () => reach('look', (tx) => count(tx, tenantId)),
    close: () => undefined,
  };
}
