import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import type { AssetMoveKind, AssetState } from '#domain/asset.ts';
import type { LineNow, UnitNow } from '#domain/scan-judgement.ts';

type UnitRow = {
  readonly id: string;
  readonly tracker_ref: string;
  readonly part: string;
  readonly serial: string | null;
  readonly mac: string | null;
  readonly gpon_sn: string | null;
  readonly state: AssetState;
  readonly place: string;
  readonly technician_id: string | null;
  readonly subscription_id: string | null;
  readonly customer_id: string | null;
  readonly holder: string | null;
  readonly customer: string | null;
  readonly is_gone: boolean;
  readonly is_busy: boolean;
  readonly moved_at: Date | null;
  readonly moved_by: AssetMoveKind | null;
  readonly handed_to: readonly string[] | null;
};

/** A unit, locked until the transaction ends: as people are told of it, and as it is judged by. */
export type Unit = Omit<UnitRow, 'is_gone' | 'is_busy' | 'moved_at' | 'moved_by' | 'handed_to'> & {
  readonly now: UnitNow;
};

const unitOf = ({ is_gone, is_busy, moved_at, moved_by, handed_to, ...row }: UnitRow): Unit => ({
  ...row,
  now: {
    id: row.id,
    state: row.state,
    technicianId: row.technician_id,
    subscriptionId: row.subscription_id,
    isGone: is_gone,
    isBusy: is_busy,
    movedAt: moved_at?.getTime() ?? null,
    movedBy: moved_by,
    handedTo: handed_to ?? [],
  },
});

/** The modem that a line's lock is for. */
const modemOf = (tenantId: string, lineId: string | null) =>
  sql`select a.id from assets a where a.tenant_id = ${tenantId} and a.subscription_id = ${lineId} and a.mac is not null
    and a.state = 'installed'`;

/** Units by their ids, and the modem of a line. */
const unitsOf = (tenantId: string, ids: readonly string[], lineId: string | null) =>
  lineId === null
    ? sql`select unnest(${ids}::uuid[])`
    : sql`select unnest(${ids}::uuid[]) union ${modemOf(tenantId, lineId)}`;

/**
 * Locks units in the order of their ids, and reads where they are; what is not there is left out. With a line, which is
 * locked by then, its modem too.
 */
export async function lockUnits(
  tx: Tx,
  tenantId: string,
  ids: readonly string[],
  lineId: string | null = null,
): Promise<ReadonlyMap<string, Unit>> {
  const some = unitsOf(tenantId, [...new Set(ids)], lineId);
  // The lock first: what is read in one statement with it may be older than the lock. Both go out together.
  const locking =
    sql`select id from assets where tenant_id = ${tenantId} and id in (${some}) order by id for no key update`.execute(
      tx,
    );
  const reading = sql<UnitRow>`
    select a.id, a.tracker_ref, a.part, a.serial, a.mac, a.gpon_sn, a.state, a.place, a.technician_id, a.subscription_id, a.customer_id,
      u.name as holder, c.customer_code || ' ' || c.name as customer, a.gone_at is not null as is_gone,
      exists (select from asset_operations o where o.tenant_id = a.tenant_id and o.asset_id = a.id
        and o.state in ('waiting', 'held')) as is_busy,
      last.happened_at as moved_at, last.kind as moved_by,
      (select array_agg(distinct technician_id) from asset_moves m where m.tenant_id = a.tenant_id and m.asset_id = a.id
        and m.kind = 'hand_over' and m.technician_id is not null) as handed_to
    from assets a
    left join users u on u.tenant_id = a.tenant_id and u.id = a.technician_id
    left join customers c on c.tenant_id = a.tenant_id and c.id = a.customer_id
    left join lateral (
      select m.happened_at, m.kind from asset_moves m
      where m.tenant_id = a.tenant_id and m.asset_id = a.id and m.operation_id is not null
      order by m.happened_at desc, m.recorded_at desc limit 1) last on true
    where a.tenant_id = ${tenantId} and a.id in (${some})`.execute(tx);
  const [{ rows }] = await Promise.all([reading, locking]);
  return new Map(rows.map((row) => [row.id, unitOf(row)]));
}

/** A unit, locked, as it stands by itself: where it was, and by what it is known. */
export type LockedUnit = Pick<
  UnitRow,
  'id' | 'serial' | 'mac' | 'gpon_sn' | 'state' | 'place' | 'technician_id' | 'subscription_id' | 'customer_id'
>;

/** Locks a unit; null: it is not there. A row that is locked by the statement that reads it is read as it is then. */
export async function lockUnit(tx: Tx, tenantId: string, id: string): Promise<LockedUnit | null> {
  const { rows } = await sql<LockedUnit>`
    select id, serial, mac, gpon_sn, state, place, technician_id, subscription_id, customer_id from assets
    where tenant_id = ${tenantId} and id = ${id} for no key update`.execute(tx);
  return rows[0] ?? null;
}

/** A line, locked, as an installation finds it. `customer`: its code and name, for people. */
export type Line = {
  readonly id: string;
  readonly customer: string;
  readonly customerId: string;
  readonly isEnded: boolean;
  /** A unit is on its way to it. */
  readonly isBusy: boolean;
  /** The modem that its lock is for. */
  readonly modemId: string | null;
};

async function readLine(tx: Tx, tenantId: string, id: string): Promise<Line | null> {
  const { rows } = await sql<Line>`
    select s.id, c.customer_code || ' ' || c.name as customer, s.customer_id as "customerId",
      s.terminated_at is not null as "isEnded",
      exists (select from asset_operations o where o.tenant_id = s.tenant_id and o.subscription_id = s.id
        and o.kind = 'install' and o.state in ('waiting', 'held')) as "isBusy",
      (${modemOf(tenantId, id)}) as "modemId"
    from subscriptions s join customers c on c.tenant_id = s.tenant_id and c.id = s.customer_id
    where s.tenant_id = ${tenantId} and s.id = ${id}`.execute(tx);
  return rows[0] ?? null;
}

/** A locked line's customer, and the MAC that may log in at it; null: any. */
type LockedLine = { readonly mac: string | null; readonly customerId: string };

/**
 * Locks a line; null: there is no such line. Its key stays free: an operation that is written for the line by whoever holds
 * only a unit would wait for it, and both for each other.
 */
export async function lockLine(tx: Tx, tenantId: string, id: string): Promise<LockedLine | null> {
  const { rows } = await sql<LockedLine>`
    select mac, customer_id as "customerId" from subscriptions
    where tenant_id = ${tenantId} and id = ${id} for no key update`.execute(tx);
  return rows[0] ?? null;
}

/**
 * Locks a line, then units and the line's modem: in this order everywhere, so that two scans never wait for each other.
 * All is sent at once, and read under the locks.
 */
export async function lockSituation(
  tx: Tx,
  tenantId: string,
  lineId: string | null,
  ids: readonly string[],
): Promise<{ readonly line: Line | null; readonly units: ReadonlyMap<string, Unit> }> {
  const locking = lineId === null ? null : lockLine(tx, tenantId, lineId);
  const [units, line] = await Promise.all([
    lockUnits(tx, tenantId, ids, lineId),
    lineId === null ? null : readLine(tx, tenantId, lineId),
    locking,
  ]);
  return { line, units };
}

/** The line as it is judged by. A unit without a MAC (a box for television) stands beside the modem, unless it is named. */
export function lineNow(line: Line, units: ReadonlyMap<string, Unit>, replaced: UnitNow | null): LineNow {
  const modem = line.modemId === null ? null : (units.get(line.modemId)?.now ?? null);
  const named = replaced?.state === 'installed' && replaced.subscriptionId === line.id ? replaced : null;
  return { id: line.id, isEnded: line.isEnded, modem: modem ?? named };
}
