import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';

const rowOf = (tx: Tx, tenantId: string, id: string) =>
  tx
    .selectFrom('asset_operations as o')
    .innerJoin('assets as a', (join) => join.onRef('a.tenant_id', '=', 'o.tenant_id').onRef('a.id', '=', 'o.asset_id'))
    .leftJoin('scans as s', (join) => join.onRef('s.tenant_id', '=', 'o.tenant_id').onRef('s.id', '=', 'o.scan_id'))
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
    .select(['o.id', 'o.asset_id', 'o.kind', 'o.technician_id', 'o.subscription_id', 'o.condition', 'o.scan_id'])
    .select(['o.happened_at', 'o.requested_by', 'o.correlation_id', 'l.customer_id'])
    .select(['a.tracker', 'a.tracker_ref', 'a.serial', 't.name as technician', 'b.name as requester', 'b.email'])
    .select(['c.id as owner_id', 'c.customer_code as owner_code', 'c.name as owner', 'bag.ref as bag', 'at.ref as at'])
    .select(['s.kind as scan_kind', 's.work_order_id', 's.latitude', 's.longitude'])
    .select(
      sql<boolean>`not exists (select from asset_operations other where other.tenant_id = o.tenant_id
        and other.scan_id = o.scan_id and other.id <> o.id and other.state in ('waiting', 'held'))`.as('is_last'),
    )
    .executeTakeFirst();

/**
 * An open operation on a unit with all that its move needs, and what follows from it: the scan that wanted it, the people,
 * whose the unit will be (`owner`) and what the tracker calls its places already (`bag`, `at`; null: not yet). `is_last`:
 * its scan moves nothing else. Null: it was done, or given up.
 */
export const readOperation = async (tx: Tx, tenantId: string, id: string): Promise<Operation | null> =>
  (await rowOf(tx, tenantId, id)) ?? null;
export type Operation = NonNullable<Awaited<ReturnType<typeof rowOf>>>;
