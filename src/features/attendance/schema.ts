import { z } from '@hono/zod-openapi';
import { PageQuery, pageOf } from '#platform/routing.ts';
import { filledText } from '#platform/stored-text.ts';

const kind = z.enum(['in', 'out']);
const at = z.iso.datetime();

export const NewCheckIn = z
  .strictObject({
    kind,
    client_ref: filledText(100).openapi({ description: 'Of the phone: said again, it is the same one' }),
    at: z.iso
      .datetime({ offset: true })
      .optional()
      .openapi({ description: 'When it was, by the phone; left out, and at most: now' }),
    latitude: z.number().min(-90).max(90),
    longitude: z.number().min(-180).max(180),
    accuracy_m: z.int().min(0).max(1_000_000).optional(),
    note: filledText(500).optional(),
  })
  .openapi('NewCheckIn', {
    example: { kind: 'in', client_ref: 'c1', latitude: -6.3, longitude: 107.3, accuracy_m: 12 },
  });
export type NewCheckIn = z.infer<typeof NewCheckIn>;

export const CheckIn = z
  .object({
    id: z.uuid(),
    user_id: z.uuid(),
    user_name: z.string(),
    kind,
    at,
    received_at: at,
    latitude: z.number(),
    longitude: z.number(),
    accuracy_m: z.int().nullable(),
    place: z
      .string()
      .nullable()
      .openapi({ description: 'The nearest place of the settings; null: none is named there' }),
    distance_m: z.int().nullable(),
    is_outside: z.boolean().openapi({ description: 'Further from it than its radius: kept, and marked' }),
    note: z.string().nullable(),
    erp_checkin: z.string().nullable().openapi({ description: 'The Employee Checkin of ERPNext that it became' }),
    erp_error: z.string().nullable().openapi({ description: 'Why it became none' }),
  })
  .openapi('CheckIn', {
    example: {
      id: '9a7c1c52-9d6e-4b57-8a51-4a2c3f1f0b11',
      user_id: '16fd2706-8baf-433b-82eb-8c7fada847da',
      user_name: 'Dewi',
      kind: 'in',
      at: '2026-11-21T01:02:00.000Z',
      received_at: '2026-11-21T01:02:03.000Z',
      latitude: -6.3,
      longitude: 107.3,
      accuracy_m: 12,
      place: 'Kantor',
      distance_m: 31,
      is_outside: false,
      note: null,
      erp_checkin: 'EMP-CKIN-11-2026-000012',
      erp_error: null,
    },
  });
export type CheckIn = z.infer<typeof CheckIn>;
export const CheckInPage = pageOf(CheckIn).openapi('CheckInPage');

export const CheckInQuery = PageQuery.omit({ search: true }).extend({
  user_id: z.uuid().optional(),
  kind: kind.optional(),
  is_outside: z.enum(['true', 'false']).optional(),
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
});
export type CheckInQuery = z.infer<typeof CheckInQuery>;
