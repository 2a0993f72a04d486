import { z } from 'zod';

/** The site itself: no credentials, and none of its pages. */
function isSite(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { username, password, pathname } = new URL(text);
  return username === '' && password === '' && !/\/(app|desk|login|api)(\/|$)/.test(pathname);
}

const siteUrl = z
  .url({ protocol: /^https?$/ })
  .refine(isSite, 'must be the address of InvenTree alone, like https://stock.example.com')
  .transform((text) => text.replace(/\/+$/, ''));

/** InvenTree's number of a location. */
const location = z.int().positive().nullable();

/** What an admin fills in to connect InvenTree (contract `PUT connections/inventree`). */
export const inventreeSettings = z.object({
  url: siteUrl,
  token: z.string().trim().min(1).max(200),
  /** Where new units lie. */
  warehouse_location: location,
  /** Under it each technician has a location of its own: the bag. */
  bag_location_parent: location,
});
export type InventreeSettings = z.infer<typeof inventreeSettings>;
