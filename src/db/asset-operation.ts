import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import type { AssetCondition, AssetMoveKind, TrackerKind } from '#domain/asset.ts';
import type { ScanKind } from '#domain/scan.ts';

/** An open operation on a unit with all that its move needs, and what follows from it. */
export type Operation = {
  readonly id: string;
  readonly asset_id: string;
  readonly kind: AssetMoveKind;
  readonly technician_id: string | null;
  readonly subscription_id: string | null;
  readonly condition: AssetCondition | null;
  readonly scan_id: string | null;
  readonly happened_at: Date;
  readonly requested_by: string;
  readonly correlation_id: string;
  readonly tracker: TrackerKind;
  readonly tracker_ref: string;
  readonly serial: string | null;
  /** People's names, and the login of whoever asked for it. */
  readonly technician: string | null;
  readonly requester: string | null;
  readonly email: string | null;
  /** The line's customer; of a unit that somebody gave out past the hub its own is known, and no line. */
  readonly customer_id: string | null;
  readonly owner_id: string | null;
  readonly owner_code: string | null;
  readonly owner: string | null;
  /** What the tracker calls the technician's bag, and the customer; null: it was not asked yet. */
  readonly bag: string | null;
  readonly at: string | null;
  readonly scan_kind: ScanKind | null;
  readonly work_order_id: string | null;
  readonly latitude: number | null;
  readonly longitude: number | null;
  /** Its scan moves nothing else. */
  readonly is_last: boolean;
};

/** Null: it was done, or given up. Written out, for it is read while somebody waits: to build it takes longer. */
export async function readOperation(tx: Tx, tenantId: string, id: string): Promise<Operation | null> {
  const { rows } = await sql<Operation>`
    select o.id, o.asset_id, o.kind, o.technician_id, o.subscription_id, o.condition, o.scan_id, o.happened_at,
      o.requested_by, o.correlation_id, a.tracker, a.tracker_ref, a.serial, t.name as technician, b.name as requester,
      b.email, l.customer_id, c.id as owner_id, c.customer_code as owner_code, c.name as owner, bag.ref as bag, at.ref as at,
      s.kind as scan_kind, s.work_order_id, s.latitude, s.longitude,
      not exists (select from asset_operations other where other.tenant_id = o.tenant_id and other.scan_id = o.scan_id
        and other.id <> o.id and other.state in ('waiting', 'held')) as is_last
    from asset_operations o
    join assets a on a.tenant_id = o.tenant_id and a.id = o.asset_id
    left join scans s on s.tenant_id = o.tenant_id and s.id = o.scan_id
    left join users t on t.tenant_id = o.tenant_id and t.id = o.technician_id
    left join users b on b.tenant_id = o.tenant_id and b.id = o.requested_by
    left join subscriptions l on l.tenant_id = o.tenant_id and l.id = o.subscription_id
    left join customers c on c.tenant_id = o.tenant_id and c.id = coalesce(l.customer_id, a.customer_id)
    left join tracker_places bag on bag.tenant_id = o.tenant_id and bag.tracker = a.tracker and bag.kind = 'bag'
      and bag.owner_id = o.technician_id
    left join tracker_places at on at.tenant_id = o.tenant_id and at.tracker = a.tracker and at.kind = 'customer'
      and at.owner_id = c.id
    where o.tenant_id = ${tenantId} and o.id = ${id} and o.state = 'waiting'`.execute(tx);
  return rows[0] ?? null;
}
