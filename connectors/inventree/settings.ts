import { z } from 'zod';
import { siteUrl } from '#connectors/kit/site-url.ts';

/** InvenTree's number of a location. */
const location = z.int().positive().nullable();

/** What an admin fills in to connect InvenTree (contract `PUT connections/inventree`). */
export const inventreeSettings = z.object({
  url: siteUrl('must be the address of InvenTree alone, like https://stock.example.com'),
  token: z.string().trim().min(1).max(200),
  /** Where new units lie. */
  warehouse_location: location,
  /** Under it each technician has a location of its own: the bag. */
  bag_location_parent: location,
});
export type InventreeSettings = z.infer<typeof inventreeSettings>;
