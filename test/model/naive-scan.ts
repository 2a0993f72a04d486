import { randomUUID } from 'node:crypto';
import type { NewScan } from '#features/scans/verbs.ts';
import type { Who } from '#platform/caller.ts';
import type { MoveWish } from '#ports/asset-tracker/port.ts';
import type { Field, ScanStage } from './scan-stage.ts';

type Row = { readonly id: string; readonly ref: string; readonly technician_id: string | null };

/**
 * The known wrong variant: it asks the tracker as it goes, tries again under another id, and writes down afterwards what
 * it believes. There is no operation to come back to.
 */
export async function scanNaively(stage: ScanStage, field: Field, who: Who, wish: NewScan): Promise<void> {
  const { hub } = stage;
  const { tenantId, lines } = field;
  const [unit] = await hub.look<Row>(
    `select id, tracker_ref as ref, technician_id from assets where tenant_id = $1 and (serial = $2 or mac = $2)`,
    [tenantId, wish.code],
  );
  const technicianId = wish.technician_id ?? who.caller.userId;
  const tracker = await hub.dispatching.stock.trackerOf(tenantId);
  const bag = await tracker.bagOf({ id: technicianId, name: 'Budi' });
  const line = lines.find(({ subscriptionId }) => subscriptionId === wish.subscription_id);
  if (!unit || !bag.ok || (wish.kind !== 'hand_over' && !line)) return;
  await hub.look(
    `insert into tracker_places (tenant_id, tracker, kind, owner_id, ref) values ($1, 'inventree', 'bag', $2, $3)
     on conflict do nothing`,
    [tenantId, technicianId, bag.value],
  );
  const order: MoveWish = { kind: 'hand_over', from: '1', to: bag.value };
  for (let tries = 0; tries < 3; tries += 1) {
    const asked = { operationId: randomUUID(), ref: unit.ref, serial: null, wish: order, by: 'budi', note: '' };
    const moved = await tracker.move(asked);
    if (!moved.ok && moved.error.reason === 'unreachable') continue;
    if (!moved.ok) return;
    await hub.look(`update assets set state = 'in_transit', technician_id = $2 where id = $1`, [unit.id, technicianId]);
    return;
  }
}
