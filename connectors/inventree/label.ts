import { z } from 'zod';
import { ok, type Result } from '#domain/result.ts';
import type { AssetFailure, AssetLabel } from '#ports/asset-tracker/port.ts';
import type { Asked, InventreeClient } from './client.ts';
import { failed, rejected } from './failures.ts';
import { readRow, withDetails } from './look.ts';
import { type StockRow, stockPage } from './shapes.ts';

/** The paths moved with it; the other one answers 404, or 403 to a good token. */
const movedAt = 436;

const metadataPath = (version: number, pk: number): string =>
  version < movedAt ? `/api/stock/${pk}/metadata/` : `/api/metadata/stockitem/${pk}/`;

const anything = z.unknown();
const tagged = z.object({ tags: z.array(z.string()) });

/** Twelve hexadecimal digits, as people would search for it. */
const tagOf = (mac: string): string => `mac:${mac.replaceAll(':', '').toLowerCase()}`;

async function writeMetadata(client: InventreeClient, pk: number, label: AssetLabel): Asked<unknown> {
  const version = await client.apiVersion();
  if (!version.ok) return version;
  const { mac, gponSn, username, operationId } = label;
  // One key is replaced whole; what others keep beside it stays.
  const metadata = { isp_hub: { mac, gpon_sn: gponSn, username, op_id: operationId } };
  return client.send('PATCH', metadataPath(version.value, pk), { metadata }, anything);
}

async function isTagged(client: InventreeClient, pk: number, tag: string): Asked<boolean> {
  const query = { ...withDetails, tags__name: tag, limit: 5, offset: 0 };
  const page = await client.get('/api/stock/', query, stockPage);
  return page.ok ? ok(page.value.results.some((row) => row.pk === pk)) : page;
}

/** All tags of a unit. Since API 434 a question does not show them, but the answer to a change does, to an empty one too. */
async function tagsOf(client: InventreeClient, row: StockRow): Asked<readonly string[]> {
  if (row.tags) return ok(row.tags);
  const answer = await client.send('PATCH', `/api/stock/${row.pk}/`, {}, tagged);
  return answer.ok ? ok(answer.value.tags) : answer;
}

/** The list of tags is written whole, so those of others are kept. */
async function writeTag(client: InventreeClient, row: StockRow, mac: string | null): Asked<unknown> {
  if (mac !== null && row.tags === undefined) {
    const there = await isTagged(client, row.pk, tagOf(mac));
    if (!there.ok || there.value) return there;
  }
  const tags = await tagsOf(client, row);
  if (!tags.ok) return tags;
  const others = tags.value.filter((tag) => !tag.startsWith('mac:'));
  const wanted = mac === null ? others : [...others, tagOf(mac)];
  const isThere = wanted.length === tags.value.length && wanted.every((tag) => tags.value.includes(tag));
  return isThere ? ok(null) : client.send('PATCH', `/api/stock/${row.pk}/`, { tags: wanted }, anything);
}

/** One label can be linked; a second would take the place of the first without a word. */
const linkBarcode = (client: InventreeClient, row: StockRow, barcode: string): Asked<null> =>
  row.barcode_hash ? Promise.resolve(ok(null)) : client.act('/api/barcode/link/', { barcode, stockitem: row.pk });

/** Copies for people who look into InvenTree; the hub's own are what counts. */
export async function writeLabel(
  client: InventreeClient,
  ref: string,
  label: AssetLabel,
): Promise<Result<null, AssetFailure>> {
  const row = await readRow(client, ref);
  if (!row.ok) return failed(row.error);
  if (row.value === null) return rejected('the unit is not in InvenTree');
  const metadata = await writeMetadata(client, row.value.pk, label);
  if (!metadata.ok) return failed(metadata.error);
  const tag = await writeTag(client, row.value, label.mac);
  if (!tag.ok) return failed(tag.error);
  if (label.barcode === null) return ok(null);
  const link = await linkBarcode(client, row.value, label.barcode);
  return link.ok ? link : failed(link.error);
}
