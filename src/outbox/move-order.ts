import type { Database, Tx } from '#db/database.ts';
import type { AssetCondition, AssetMoveKind, TrackerKind } from '#domain/asset.ts';
import { ok, type Result } from '#domain/result.ts';
import type { AssetFailure, AssetTracker, MoveOrder, MoveWish } from '#ports/asset-tracker/port.ts';

type Person = { readonly id: string; readonly name: string };
type Customer = Person & { readonly code: string };

/** An operation that waits, with all that its order at the tracker needs. `places`: what the tracker calls them already. */
export type Order = Omit<MoveOrder, 'wish'> & {
  readonly kind: AssetMoveKind;
  readonly condition: AssetCondition;
  readonly tracker: TrackerKind;
  readonly technician: Person | null;
  readonly customer: Customer | null;
  readonly bagRef: string | null;
  readonly customerRef: string | null;
};

const operationOf = (tx: Tx, tenantId: string, id: string) =>
  tx
    .selectFrom('asset_operations as o')
    .innerJoin('assets as a', (join) => join.onRef('a.tenant_id', '=', 'o.tenant_id').onRef('a.id', '=', 'o.asset_id'))
    .leftJoin('users as t', (join) =>
      join.onRef('t.tenant_id', '=', 'o.tenant_id').onRef('t.id', '=', 'o.technician_id'),
    )
    .leftJoin('users as b', (join) =>
      join.onRef('b.tenant_id', '=', 'o.tenant_id').onRef('b.id', '=', 'o.requested_by'),
    )
    .leftJoin('subscriptions as l', (join) =>
      join.onRef('l.tenant_id', '=', 'o.tenant_id').onRef('l.id', '=', 'o.subscription_id'),
    )
    // Of a unit that somebody gave out past the hub its customer is known, and no line.
    .leftJoin('customers as c', (join) =>
      join
        .onRef('c.tenant_id', '=', 'o.tenant_id')
        .on((eb) => eb('c.id', '=', eb.fn.coalesce('l.customer_id', 'a.customer_id'))),
    )
    .leftJoin('tracker_places as bag', (join) =>
      join
        .onRef('bag.tenant_id', '=', 'o.tenant_id')
        .onRef('bag.tracker', '=', 'a.tracker')
        .on('bag.kind', '=', 'bag')
        .onRef('bag.owner_id', '=', 'o.technician_id'),
    )
    .leftJoin('tracker_places as at', (join) =>
      join
        .onRef('at.tenant_id', '=', 'o.tenant_id')
        .onRef('at.tracker', '=', 'a.tracker')
        .on('at.kind', '=', 'customer')
        .onRef('at.owner_id', '=', 'c.id'),
    )
    .where('o.tenant_id', '=', tenantId)
    .where('o.id', '=', id)
    .where('o.state', '=', 'waiting')
    .select([
      'o.kind',
      'o.condition',
      'o.technician_id',
      'a.tracker',
      'a.tracker_ref',
      'a.serial',
      't.name as technician',
    ])
    .select([
      'b.email',
      'c.id as customer_id',
      'c.customer_code',
      'c.name as customer',
      'bag.ref as bag',
      'at.ref as at',
    ])
    .executeTakeFirst();

/** Null: it was done, or given up. */
export async function readOrder(tx: Tx, tenantId: string, id: string): Promise<Order | null> {
  const row = await operationOf(tx, tenantId, id);
  if (!row) return null;
  const { technician_id, technician, customer_id, customer, customer_code } = row;
  return {
    operationId: id,
    ref: row.tracker_ref,
    serial: row.serial,
    by: row.email ?? 'api',
    note: [row.kind, technician, customer_code].filter(Boolean).join(' ').slice(0, 200),
    kind: row.kind,
    condition: row.condition ?? 'ok',
    tracker: row.tracker,
    technician: technician_id === null ? null : { id: technician_id, name: technician ?? '' },
    customer: customer_id === null ? null : { id: customer_id, code: customer_code ?? '', name: customer ?? '' },
    bagRef: row.bag,
    customerRef: row.at,
  };
}

type Place = { readonly kind: 'bag' | 'customer'; readonly ownerId: string };

/** What the tracker called it when it was asked first; whoever asks at once is told the same. */
async function keepPlace(db: Database, tenantId: string, tracker: TrackerKind, place: Place, ref: string) {
  const row = { tenant_id: tenantId, tracker, kind: place.kind, owner_id: place.ownerId, ref };
  await db.worker(tenantId, (tx) =>
    tx
      .insertInto('tracker_places')
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .execute(),
  );
}

type Answer = Promise<Result<string, AssetFailure>>;

/** Finds, or has made, the places that an operation needs, and says the move in the tracker's own names. */
export async function placesFor(
  db: Database,
  tenantId: string,
  tracker: AssetTracker,
  order: Order,
): Promise<Result<MoveWish, AssetFailure>> {
  const { kind, condition, technician, customer } = order;
  const shelf = async (): Answer => {
    const place = await tracker.warehouse();
    return place.ok ? ok(place.value.ref) : place;
  };
  const bag = async (): Answer => {
    if (technician === null) return shelf();
    if (order.bagRef !== null) return ok(order.bagRef);
    const made = await tracker.bagOf(technician);
    if (made.ok) await keepPlace(db, tenantId, order.tracker, { kind: 'bag', ownerId: technician.id }, made.value);
    return made;
  };
  const company = async (): Answer => {
    if (order.customerRef !== null) return ok(order.customerRef);
    if (customer === null) return ok('');
    const made = await tracker.customerOf(customer);
    if (made.ok) await keepPlace(db, tenantId, order.tracker, { kind: 'customer', ownerId: customer.id }, made.value);
    return made;
  };
  const between = async (
    from: () => Answer,
    to: () => Answer,
    wish: (from: string, to: string) => MoveWish,
  ): Promise<Result<MoveWish, AssetFailure>> => {
    const a = await from();
    if (!a.ok) return a;
    const b = await to();
    return b.ok ? ok(wish(a.value, b.value)) : b;
  };
  switch (kind) {
    case 'hand_over':
      return between(shelf, bag, (from, to) => ({ kind, from, to }));
    case 'to_warehouse':
      return between(bag, shelf, (from, to) => ({ kind, from, to }));
    case 'install':
      return between(bag, company, (from, to) => ({ kind, from, customer: to }));
    case 'uninstall':
      return between(company, bag, (at, to) => ({
        kind,
        customer: at,
        to,
        condition: condition === 'damaged' ? 'damaged' : 'ok',
      }));
    case 'mark':
      return ok({ kind, condition });
  }
}
