import type { Photo, WorkOrder, WorkOrderDetail } from './schema.ts';
import type { Sight } from './sight.ts';
import type { OrderRecord, OrderRow, PhotoRow, StepRow } from './store.ts';

const hidden = '***';
const iso = (at: Date | null): string | null => at?.toISOString() ?? null;

/** Contact data as this role sees it. */
const contactOf = (row: OrderRow, seesContact: boolean) =>
  seesContact
    ? { phone: row.phone, address: row.address, latitude: row.latitude, longitude: row.longitude }
    : { phone: hidden, address: hidden, latitude: null, longitude: null };

export const orderView = (row: OrderRow, { seesContact }: Sight): WorkOrder => ({
  id: row.id,
  number: row.number,
  kind: row.kind,
  state: row.state,
  source: row.source,
  technician_id: row.technician_id,
  technician_name: row.technician_name,
  customer: {
    id: row.customer_id,
    code: row.customer_code,
    name: row.customer_name,
    ...contactOf(row, seesContact),
  },
  subscription:
    row.subscription_id === null
      ? null
      : { id: row.subscription_id, username: row.username ?? '', plan: row.plan ?? '' },
  scheduled_at: iso(row.scheduled_at),
  notes: seesContact ? row.notes : row.notes && hidden,
  reason: seesContact ? row.reason : row.reason && hidden,
  photo_count: row.photo_count,
  is_masked: !seesContact,
  issued_at: row.issued_at.toISOString(),
  assigned_at: iso(row.assigned_at),
  installed_at: iso(row.installed_at),
  closed_at: iso(row.closed_at),
  updated_at: row.updated_at.toISOString(),
});

export const photoView = (row: PhotoRow): Photo => ({
  id: row.id,
  type: row.type,
  bytes: row.bytes,
  taken_at: iso(row.taken_at),
  latitude: row.latitude,
  longitude: row.longitude,
  uploaded_by: row.uploaded_by,
  uploaded_at: row.uploaded_at.toISOString(),
});

const stepView = (row: StepRow, seesContact: boolean): WorkOrderDetail['events'][number] => ({
  at: row.at.toISOString(),
  recorded_at: row.recorded_at.toISOString(),
  from_state: row.from_state,
  to_state: row.to_state,
  technician_id: row.technician_id,
  by_user: row.by_user,
  by_whom: row.by_whom,
  latitude: seesContact ? row.latitude : null,
  longitude: seesContact ? row.longitude : null,
  accuracy_m: row.accuracy_m,
  distance_m: row.distance_m,
  note: seesContact ? row.note : row.note && hidden,
});

export const detailView = (
  row: OrderRow,
  steps: readonly StepRow[],
  photos: readonly PhotoRow[],
  sight: Sight,
): WorkOrderDetail => ({
  ...orderView(row, sight),
  events: steps.map((step) => stepView(step, sight.seesContact)),
  photos: sight.seesContact ? photos.map(photoView) : [],
});

/** What the audit log compares of an order; what is personal in it is masked there. */
export function auditedOrder(row: OrderRecord): Record<string, unknown> {
  const { tenant_id: _, updated_at: __, ...fields } = row;
  return fields;
}
