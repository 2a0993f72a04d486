import { z } from 'zod';

const pk = z.int().positive();
const maybePk = pk.nullish().transform((value) => value ?? null);

const partDetail = z.object({ name: z.string(), salable: z.boolean().optional() }).nullish();
const locationDetail = z.object({ name: z.string(), pathstring: z.string().optional() }).nullish();

/** A row of stock. What a version leaves out, or shows only when it is asked, is optional. */
export const stockRow = z.object({
  pk,
  part: pk,
  quantity: z.number(),
  serial: z
    .string()
    .nullish()
    .transform((serial) => serial || null),
  batch: z
    .string()
    .nullish()
    .transform((batch) => batch ?? ''),
  location: maybePk,
  belongs_to: maybePk,
  customer: maybePk,
  status: z.int(),
  status_custom_key: z.int().nullish(),
  barcode_hash: z.string().optional(),
  tags: z.array(z.string()).optional(),
  part_detail: partDetail,
  location_detail: locationDetail,
});
export type StockRow = z.infer<typeof stockRow>;

/** A row of the history; `item` is null once its unit was deleted. */
export const trackRow = z.object({
  pk,
  item: maybePk,
  /** `YYYY-MM-DD HH:MM`, the server's own clock. */
  date: z.string(),
  label: z.string().catch(''),
  notes: z
    .string()
    .nullish()
    .transform((notes) => notes ?? ''),
  tracking_type: z.int(),
  user: maybePk,
  user_detail: z.object({ username: z.string() }).nullish(),
});
export type TrackRow = z.infer<typeof trackRow>;

export const companyRow = z.object({ pk, name: z.string(), is_customer: z.boolean() });
export const locationRow = z.object({
  pk,
  name: z.string(),
  description: z.string().catch(''),
  parent: maybePk,
  pathstring: z.string().optional(),
  structural: z.boolean().catch(false),
});
export const partRow = z.object({ pk, name: z.string(), salable: z.boolean(), trackable: z.boolean() });

/** A page of a list; only with `limit` is there a count. */
const pageOf = <T extends z.ZodType>(row: T) => z.object({ count: z.int().nonnegative(), results: z.array(row) });

/** Made once: a shape is compiled at its first use, which costs more than reading a page. */
export const stockPage = pageOf(stockRow);
export const trackPage = pageOf(trackRow);
export const companyPage = pageOf(companyRow);
export const locationPage = pageOf(locationRow);
export const partPage = pageOf(partRow);

/** `GET /api/`, which asks for no login. */
export const serverInfo = z.object({
  server: z.literal('InvenTree'),
  version: z.string(),
  apiVersion: z.int(),
  worker_running: z.boolean().nullish(),
});

export const userRoles = z.object({
  username: z.string(),
  roles: z.record(z.string(), z.array(z.string()).nullable()),
  is_staff: z.boolean().optional(),
  is_superuser: z.boolean().optional(),
});

/** What a scanned code turned out to be: a unit, or something else. */
export const scannedBody = z.object({ stockitem: z.object({ pk }).optional() });
