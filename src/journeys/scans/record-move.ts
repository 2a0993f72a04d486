import { sql } from 'kysely';
import type { Operation } from '#db/asset-operation.ts';
import type { Tx } from '#db/database.ts';
import { appendTimeline } from '#db/timeline.ts';
import { type AssetState, assetState, type TrackedAsset } from '#domain/asset.ts';
import { nameOf } from './refusing.ts';
import type { LockedUnit } from './situation.ts';

/** Where an operation leaves its unit; a mark leaves it where it was, and what is found again lies in the warehouse. */
function leftIn(
  op: Operation,
  before: LockedUnit,
  { status }: TrackedAsset,
): 'customer' | 'bag' | 'warehouse' | 'nowhere' {
  if (status === 'lost') return 'nowhere';
  if (op.kind === 'install') return 'customer';
  if (op.kind === 'mark') {
    return before.customer_id !== null ? 'customer' : before.technician_id !== null ? 'bag' : 'warehouse';
  }
  return op.technician_id === null || op.kind === 'to_warehouse' ? 'warehouse' : 'bag';
}

type Whereabouts = {
  readonly state: AssetState;
  readonly technician_id: string | null;
  readonly customer_id: string | null;
  readonly subscription_id: string | null;
};

function whereabouts(op: Operation, before: LockedUnit, asset: TrackedAsset): Whereabouts {
  const at = leftIn(op, before, asset);
  const isThere = at === 'customer';
  const whose = op.kind === 'mark' ? before : op;
  return {
    state: assetState(asset.status, at),
    technician_id: at === 'bag' ? whose.technician_id : null,
    customer_id: isThere ? whose.customer_id : null,
    subscription_id: isThere ? whose.subscription_id : null,
  };
}

/**
 * Writes what a move has made of a unit: the mirror, and its history by the operation's id, once. The hub's own list has
 * written both with the move; what only the hub knows (for which line it was) is added here.
 */
export async function recordMove(
  tx: Tx,
  tenantId: string,
  op: Operation,
  before: LockedUnit,
  asset: TrackedAsset,
): Promise<void> {
  const now = whereabouts(op, before, asset);
  const place = asset.at.kind === 'nowhere' ? '' : asset.at.name;
  const moving = sql`
    update assets set state = ${now.state}, technician_id = ${now.technician_id}, customer_id = ${now.customer_id},
      subscription_id = ${now.subscription_id}, place = ${place}, status = ${asset.status}, updated_at = ${new Date()},
      version = version + 1
    where tenant_id = ${tenantId} and id = ${op.asset_id}`.execute(tx);
  const telling = sql`
    insert into asset_moves (tenant_id, asset_id, happened_at, kind, from_state, to_state, from_place, to_place,
      technician_id, customer_id, subscription_id, moved_by, operation_id)
    values (${tenantId}, ${op.asset_id}, ${op.happened_at}, ${op.kind}, ${before.state}, ${now.state}, ${before.place},
      ${place}, ${op.technician_id}, ${op.customer_id}, ${op.subscription_id}, ${op.requested_by}, ${op.id})
    on conflict do nothing`.execute(tx);
  await Promise.all([moving, telling]);
}

const told = { install: 'was installed', uninstall: 'was taken out', mark: 'was noted as lost' } as const;

/** The subscriber's timeline says what became of its modem, and by whom. */
export async function tellLine(tx: Tx, tenantId: string, op: Operation, unit: LockedUnit): Promise<void> {
  const { subscription_id: subscriptionId, correlation_id: correlationId, kind, condition } = op;
  if (subscriptionId === null || !(kind in told)) return;
  const mac = unit.mac === null ? '' : ` (${unit.mac})`;
  const by = op.technician ?? op.requester ?? 'an API key';
  const how = kind === 'uninstall' && condition === 'damaged' ? ', damaged' : '';
  const text = `Modem ${nameOf(unit)}${mac} ${told[kind as keyof typeof told]} by ${by}${how}.`;
  const data = { asset_id: op.asset_id, operation_id: op.id, scan_id: op.scan_id, scanned_at: op.happened_at };
  await appendTimeline(tx, tenantId, [{ subscriptionId, kind: 'modem', text, correlationId, data }]);
}
