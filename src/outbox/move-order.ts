import type { Operation } from '#db/asset-operation.ts';
import type { Database } from '#db/database.ts';
import type { AssetCondition, AssetMoveKind, TrackerKind } from '#domain/asset.ts';
import { ok, type Result } from '#domain/result.ts';
import type { AssetFailure, AssetTracker, MoveOrder, MoveWish } from '#ports/asset-tracker/port.ts';

type Person = { readonly id: string; readonly name: string };
type Customer = Person & { readonly code: string };

/** What the tracker is to be asked for. `places`: what the tracker calls them already. */
export type Order = Omit<MoveOrder, 'wish'> & {
  readonly kind: AssetMoveKind;
  readonly condition: AssetCondition;
  readonly tracker: TrackerKind;
  readonly technician: Person | null;
  readonly customer: Customer | null;
  readonly bagRef: string | null;
  readonly customerRef: string | null;
};

/** An operation in the port's words, but for the names of places. */
export function orderOf(op: Operation): Order {
  const { technician_id, technician, owner_id, owner, owner_code } = op;
  return {
    operationId: op.id,
    ref: op.tracker_ref,
    serial: op.serial,
    by: op.email ?? 'api',
    note: [op.kind, technician, owner_code].filter(Boolean).join(' ').slice(0, 200),
    kind: op.kind,
    condition: op.condition ?? 'ok',
    tracker: op.tracker,
    technician: technician_id === null ? null : { id: technician_id, name: technician ?? '' },
    customer: owner_id === null ? null : { id: owner_id, code: owner_code ?? '', name: owner ?? '' },
    bagRef: op.bag,
    customerRef: op.at,
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
