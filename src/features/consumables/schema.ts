import { z } from '@hono/zod-openapi';
import { bagPlace, consumableKinds, consumableMoveKinds } from '#domain/consumable.ts';
import { PageQuery, pageOf } from '#platform/routing.ts';
import { filledText, storedText } from '#platform/stored-text.ts';

const at = z.iso.datetime();
const uuid = z.uuid();
const kind = z.enum(consumableKinds);
const most = 1_000_000_000;
const quantity = z.int().positive().max(most).openapi({ example: 305 });
const minimum = z.int().min(0).max(most).openapi({ description: 'Below it people are told; 0: never', example: 100 });
const place = filledText(100)
  .trim()
  .refine((text) => text.toLowerCase() !== bagPlace, `is no warehouse: name the technician whose ${bagPlace} it is`)
  .openapi({ example: 'Gudang' });
const fields = {
  name: filledText(200).trim().openapi({ example: 'Kabel drop core 1C' }),
  kind,
  unit: filledText(20).trim().openapi({ example: 'm' }),
  place,
  minimum,
};

export const NewConsumable = z
  .strictObject({ ...fields, place: place.default('Gudang'), minimum: minimum.default(0), quantity })
  .openapi('NewConsumable', {
    example: { name: 'Kabel drop core 1C', kind: 'cable', unit: 'm', quantity: 305, minimum: 100 },
  });
export type NewConsumable = z.infer<typeof NewConsumable>;

export const ConsumableChange = z
  .strictObject(fields)
  .partial()
  .refine((change) => Object.values(change).some((value) => value !== undefined), 'name what is to change')
  .openapi('ConsumableChange', { description: 'The quantity changes by moves alone', example: { minimum: 200 } });
export type ConsumableChange = z.infer<typeof ConsumableChange>;

export const Consumable = z
  .object({
    id: uuid,
    name: z.string(),
    kind,
    unit: z.string(),
    place: z.string().openapi({ description: 'A warehouse, or `bag`' }),
    technician_id: uuid.nullable().openapi({ description: 'Whose bag' }),
    quantity: z.int(),
    minimum: z.int(),
    is_low: z.boolean(),
    created_at: at,
    updated_at: at,
  })
  .openapi('Consumable', {
    example: {
      id: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
      name: 'Kabel drop core 1C',
      kind: 'cable',
      unit: 'm',
      place: 'Gudang',
      technician_id: null,
      quantity: 305,
      minimum: 100,
      is_low: false,
      created_at: '2026-11-20T01:00:00.000Z',
      updated_at: '2026-11-20T01:00:00.000Z',
    },
  });
export type Consumable = z.infer<typeof Consumable>;
export const ConsumablePage = pageOf(Consumable).openapi('ConsumablePage');

export const ConsumableQuery = PageQuery.extend({
  kind: kind.optional(),
  place: storedText(100).optional(),
  technician_id: uuid.optional(),
  is_low: z.enum(['true', 'false']).optional(),
  sort: z.enum(['name', '-name', 'created_at', '-created_at']).default('name'),
});
export type ConsumableQuery = z.infer<typeof ConsumableQuery>;

export const NewMove = z
  .strictObject({
    kind: z.enum(consumableMoveKinds).openapi({
      description: '`in`: bought or found; `out`: lost, broken, given away; `use`: for an order; `transfer`: elsewhere',
    }),
    quantity,
    order_id: uuid.optional().openapi({ description: 'Of a use: for which work order' }),
    technician_id: uuid.optional().openapi({ description: 'Of a transfer: into whose bag' }),
    place: place.optional().openapi({ description: 'Of a transfer: to which warehouse' }),
    note: storedText(500).default(''),
    client_ref: filledText(100).optional().openapi({ description: 'Said again, it is the same move' }),
  })
  .openapi('NewConsumableMove', {
    example: { kind: 'transfer', quantity: 50, technician_id: '16fd2706-8baf-433b-82eb-8c7fada847da' },
  });
export type NewMove = z.infer<typeof NewMove>;

export const Use = z
  .strictObject({
    consumable_id: uuid,
    quantity,
    note: storedText(500).default(''),
    client_ref: filledText(100).optional(),
  })
  .openapi('ConsumableUse', { example: { consumable_id: '7c9e6679-7425-40de-944b-e07fc1f90ae7', quantity: 40 } });
export type Use = z.infer<typeof Use>;

export const Move = z
  .object({
    id: uuid,
    consumable_id: uuid,
    kind: z.enum(consumableMoveKinds),
    quantity: z.int(),
    after: z.int().openapi({ description: 'What was left there' }),
    to_consumable_id: uuid.nullable(),
    order_id: uuid.nullable(),
    note: z.string(),
    moved_by: uuid,
    at,
  })
  .openapi('ConsumableMove', {
    example: {
      id: '9a7c1c52-9d6e-4b57-8a51-4a2c3f1f0b11',
      consumable_id: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
      kind: 'use',
      quantity: 40,
      after: 265,
      to_consumable_id: null,
      order_id: '7a0e3a58-5d8b-4f64-9b0c-0d6b2f6f5a10',
      note: '',
      moved_by: '16fd2706-8baf-433b-82eb-8c7fada847da',
      at: '2026-11-20T03:10:00.000Z',
    },
  });
export type Move = z.infer<typeof Move>;
export const MovePage = pageOf(Move).openapi('ConsumableMovePage');
export const MoveQuery = PageQuery.omit({ search: true }).extend({ kind: z.enum(consumableMoveKinds).optional() });
export type MoveQuery = z.infer<typeof MoveQuery>;
