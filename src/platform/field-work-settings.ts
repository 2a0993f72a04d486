import { z } from '@hono/zod-openapi';
import { filledText } from '#platform/stored-text.ts';

/** Where people work: the office, the warehouse (spec A7). `radius_m`: how near is there. */
const Place = z
  .strictObject({
    name: filledText(80),
    latitude: z.number().min(-90).max(90),
    longitude: z.number().min(-180).max(180),
    radius_m: z.int().min(10).max(50_000),
  })
  .openapi('WorkPlace');

const fields = {
  /** A new customer gets a work order, and its line waits for it (spec C7, C9). */
  order_at_registration: z.boolean(),
  /** The same for a subscription that arises in ERPNext. */
  order_from_erpnext: z.boolean(),
  /** So many photos must be there before the office accepts an order. */
  photos_to_verify: z.int().min(0).max(10),
  /** What a technician is paid on top for an accepted installation; 0: nothing. */
  incentive_per_install: z.int().min(0).max(1_000_000_000),
  /** What ERPNext's payroll calls that. */
  incentive_component: filledText(140),
  places: z
    .array(Place)
    .max(50)
    .refine((places) => new Set(places.map(({ name }) => name)).size === places.length, 'must have different names'),
};

export const FieldWork = z
  .object({
    order_at_registration: fields.order_at_registration.default(false),
    order_from_erpnext: fields.order_from_erpnext.default(false),
    photos_to_verify: fields.photos_to_verify.default(0),
    incentive_per_install: fields.incentive_per_install.default(0),
    incentive_component: fields.incentive_component.default('Incentive'),
    places: fields.places.default([]),
  })
  .openapi('FieldWork', {
    example: {
      order_at_registration: true,
      order_from_erpnext: false,
      photos_to_verify: 2,
      incentive_per_install: 50_000,
      incentive_component: 'Incentive',
      places: [{ name: 'Kantor', latitude: -6.3, longitude: 107.3, radius_m: 150 }],
    },
  });

/** What may be changed of it; what is not named stays. */
export const FieldWorkChange = z
  .strictObject(fields)
  .partial()
  .openapi('FieldWorkChange', { example: { order_at_registration: true, photos_to_verify: 2 } });
