import { z } from '@hono/zod-openapi';
import { needsReason, workOrderKinds, workOrderSources, workOrderStates } from '#domain/work-order.ts';
import { PageQuery, pageOf } from '#platform/routing.ts';
import { filledText, storedText } from '#platform/stored-text.ts';

const at = z.iso.datetime({ offset: true });
const told = z.iso.datetime();
const uuid = z.uuid();
const kind = z.enum(workOrderKinds);
const state = z.enum(workOrderStates);
const degrees = { latitude: z.number().min(-90).max(90), longitude: z.number().min(-180).max(180) };
const notes = storedText(2_000).openapi({ description: 'What the technician should know', example: 'Pagar hijau' });

/** Where a phone was; both of latitude and longitude, or neither. */
const place = {
  latitude: degrees.latitude.optional(),
  longitude: degrees.longitude.optional(),
  accuracy_m: z.int().min(0).max(1_000_000).optional(),
};

const example = {
  id: '7a0e3a58-5d8b-4f64-9b0c-0d6b2f6f5a10',
  number: 'SPK202611001',
  kind: 'install' as const,
  state: 'on_site' as const,
  source: 'registration' as const,
  technician_id: '16fd2706-8baf-433b-82eb-8c7fada847da',
  technician_name: 'Dewi',
  customer: {
    id: '0f8fad5b-d9cb-469f-a165-70867728950e',
    code: 'KCB-CKP010225-001',
    name: 'Budi Santoso',
    phone: '+62 812 3456 7890',
    address: 'Jl. Melati 5, Karawang',
    latitude: -6.3,
    longitude: 107.3,
  },
  subscription: { id: '7c9e6679-7425-40de-944b-e07fc1f90ae7', username: 'CKP001', plan: 'Paket 10 Mbps' },
  scheduled_at: '2026-11-21T02:00:00.000Z',
  notes: 'Pagar hijau',
  reason: null,
  photo_count: 1,
  is_masked: false,
  issued_at: '2026-11-20T03:10:00.000Z',
  assigned_at: '2026-11-20T04:00:00.000Z',
  installed_at: null,
  closed_at: null,
  updated_at: '2026-11-21T02:10:00.000Z',
};

export const NewWorkOrder = z
  .strictObject({
    kind,
    customer_id: uuid,
    subscription_id: uuid.optional().openapi({ description: 'Left out: the only one that the customer has' }),
    technician_id: uuid.optional().openapi({ description: 'Left out: to be assigned later' }),
    scheduled_at: at.optional(),
    notes: notes.default(''),
  })
  .openapi('NewWorkOrder', {
    example: { kind: 'repair', customer_id: example.customer.id, notes: 'Lampu LOS merah sejak tadi pagi' },
  });
export type NewWorkOrder = z.infer<typeof NewWorkOrder>;

export const WorkOrderChange = z
  .strictObject({
    state: state.optional(),
    technician_id: uuid.nullable().optional().openapi({ description: 'Gives it to a technician; null: to nobody yet' }),
    scheduled_at: at.nullable().optional(),
    notes: notes.optional(),
    reason: filledText(500).optional().openapi({ description: 'Why it failed, or is cancelled; needed for these' }),
    note: filledText(2_000).optional().openapi({ description: 'What was found or done at this step' }),
    ...place,
    at: at.optional().openapi({ description: 'When it was, by the phone; left out, and at most: now' }),
    client_ref: filledText(100).optional().openapi({ description: 'Of a phone that tries again: the same step once' }),
  })
  .refine((change) => Object.values(change).some((value) => value !== undefined), 'name what is to change')
  .refine(({ state: to, reason }) => reason === undefined || (to !== undefined && needsReason(to)), {
    path: ['reason'],
    message: 'goes with the state failed or cancelled',
  })
  .openapi('WorkOrderChange', { example: { state: 'on_site', latitude: -6.3001, longitude: 107.3, accuracy_m: 12 } });
export type WorkOrderChange = z.infer<typeof WorkOrderChange>;

export const WorkOrder = z
  .object({
    id: uuid,
    number: z.string(),
    kind,
    state,
    source: z.enum(workOrderSources),
    technician_id: uuid.nullable(),
    technician_name: z.string().nullable(),
    customer: z.object({
      id: uuid,
      code: z.string(),
      name: z.string(),
      phone: z.string(),
      address: z.string(),
      latitude: z.number().nullable(),
      longitude: z.number().nullable(),
    }),
    subscription: z.object({ id: uuid, username: z.string(), plan: z.string() }).nullable(),
    scheduled_at: told.nullable(),
    notes: z.string(),
    reason: z.string().nullable().openapi({ description: 'Why it failed, or was cancelled' }),
    photo_count: z.int(),
    is_masked: z.boolean().openapi({ description: 'Contact data is hidden from this role' }),
    issued_at: told,
    assigned_at: told.nullable(),
    installed_at: told.nullable(),
    closed_at: told.nullable(),
    updated_at: told,
  })
  .openapi('WorkOrder', { example });
export type WorkOrder = z.infer<typeof WorkOrder>;
export const WorkOrderPage = pageOf(WorkOrder).openapi('WorkOrderPage');

const Step = z.object({
  at: told.openapi({ description: 'When it was, by the phone' }),
  recorded_at: told,
  from_state: state.nullable(),
  to_state: state,
  technician_id: uuid.nullable(),
  by_user: uuid.nullable(),
  by_whom: z.enum(['office', 'technician', 'scan', 'hub']),
  latitude: z.number().nullable(),
  longitude: z.number().nullable(),
  accuracy_m: z.int().nullable(),
  distance_m: z.int().nullable().openapi({ description: 'From the customer’s position' }),
  note: z.string().nullable(),
});

export const Photo = z
  .object({
    id: uuid,
    type: z.string(),
    bytes: z.int(),
    taken_at: told.nullable(),
    latitude: z.number().nullable(),
    longitude: z.number().nullable(),
    uploaded_by: uuid,
    uploaded_at: told,
  })
  .openapi('WorkOrderPhoto', {
    example: {
      id: '9a7c1c52-9d6e-4b57-8a51-4a2c3f1f0b11',
      type: 'image/jpeg',
      bytes: 182_044,
      taken_at: '2026-11-21T02:14:00.000Z',
      latitude: -6.3001,
      longitude: 107.3,
      uploaded_by: example.technician_id,
      uploaded_at: '2026-11-21T02:20:00.000Z',
    },
  });
export type Photo = z.infer<typeof Photo>;

export const WorkOrderDetail = WorkOrder.extend({ events: z.array(Step), photos: z.array(Photo) }).openapi(
  'WorkOrderDetail',
  { example: { ...example, events: [], photos: [] } },
);
export type WorkOrderDetail = z.infer<typeof WorkOrderDetail>;

export const WorkOrderQuery = PageQuery.extend({
  state: state.optional(),
  kind: kind.optional(),
  open: z.enum(['true', 'false']).optional().openapi({ description: 'false: done or cancelled' }),
  technician_id: uuid.optional(),
  customer_id: uuid.optional(),
  subscription_id: uuid.optional(),
  scheduled_on: z.iso
    .date()
    .refine((text) => text < '9999', 'is too far ahead')
    .optional()
    .openapi({ description: 'By the calendar of the tenant' }),
  sort: z.enum(['issued_at', '-issued_at', 'scheduled_at', '-scheduled_at']).default('-issued_at'),
});
export type WorkOrderQuery = z.infer<typeof WorkOrderQuery>;

export const PhotoQuery = z.object({
  taken_at: at.optional(),
  latitude: z.coerce.number().min(-90).max(90).optional(),
  longitude: z.coerce.number().min(-180).max(180).optional(),
});
export type PhotoQuery = z.infer<typeof PhotoQuery>;
export const OnePhoto = z.object({ id: uuid, photo_id: uuid });
