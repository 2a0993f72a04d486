import { placeBrief } from '../places/place-view.ts';
import { pathTo } from '../places/tree.ts';
import type { Json, Part, StockItem } from '../world/rows.ts';
import { isInStock, statusLabels } from '../world/status.ts';
import { isNewer, serverDay, serverTime, type World } from '../world/world.ts';

/**
 * How much is told of an item: `plain` as in reads; `written` as after a change; `made` as after a create with serials;
 * `bare` without what is counted for the answer, as in scans and after other creates.
 */
export type ItemView = 'plain' | 'written' | 'made' | 'bare';

export type Asked = { readonly partDetail: boolean; readonly placeDetail: boolean; readonly tags: boolean };

const usual: Asked = { partDetail: true, placeDetail: false, tags: false };

export function itemView(world: World, item: StockItem, kind: ItemView = 'plain', asked: Asked = usual): Json {
  const isFuller = isNewer(world) && (kind === 'written' || kind === 'made');
  const showsTags = kind === 'written' || isFuller || asked.tags || world.apiVersion < 434;
  return {
    ...columns(world, item),
    ...times(world, item),
    ...counts(world, item, kind),
    ...(asked.partDetail ? { part_detail: partDetail(world, world.parts.get(item.part)) } : {}),
    ...(showsTags ? { tags: world.tags.get(item.pk) ?? [] } : {}),
    ...(asked.placeDetail || isFuller || kind === 'made' ? { location_detail: placeBrief(world, item.location) } : {}),
    ...(isFuller || kind === 'made' ? { supplier_part_detail: null } : {}),
    ...(isFuller ? { location_path: locationPath(world, item.location), tests: [] } : {}),
  };
}

const columns = (world: World, item: StockItem): Json => ({
  pk: item.pk,
  part: item.part,
  quantity: item.quantity,
  serial: item.serial,
  batch: item.batch,
  location: item.location,
  belongs_to: null,
  build: null,
  consumed_by: null,
  customer: item.customer,
  delete_on_deplete: item.deleteOnDeplete,
  expiry_date: null,
  in_stock: isInStock(item),
  is_building: false,
  link: item.link,
  notes: item.notes,
  owner: null,
  packaging: item.packaging,
  parent: item.parent,
  purchase_order: null,
  purchase_order_reference: null,
  sales_order: null,
  sales_order_reference: null,
  status: item.status,
  status_text: statusText(world, item),
  status_custom_key: item.customStatus,
  supplier_part: null,
  SKU: null,
  MPN: null,
  barcode_hash: item.barcodeHash,
  purchase_price: null,
  purchase_price_currency: String(world.settings.get('INVENTREE_DEFAULT_CURRENCY')),
});

/** Before 1.5 a status of the site's own is shown by the name of the one that it counts as. */
function statusText(world: World, item: StockItem): string {
  const own = isNewer(world) ? world.customStatuses.get(item.customStatus)?.label : undefined;
  return own ?? statusLabels.get(item.status) ?? '';
}

const times = (world: World, item: StockItem): Json => ({
  updated: serverTime(world, item.updatedAt),
  stocktake_date: item.countedAt === null ? null : serverDay(world, item.countedAt),
  ...(isNewer(world) ? { creation_date: serverTime(world, item.createdAt) } : {}),
});

function counts(world: World, item: StockItem, kind: ItemView): Json {
  if (kind === 'bare') {
    return {
      allocated: null,
      expired: null,
      installed_items: null,
      child_items: null,
      stale: null,
      tracking_items: null,
    };
  }
  const children = [...world.items.values()].filter((one) => one.parent === item.pk).length;
  const rows = [...world.tracks.values()].filter((row) => row.item === item.pk).length;
  return {
    allocated: 0,
    expired: false,
    installed_items: 0,
    child_items: children,
    stale: false,
    tracking_items: rows,
  };
}

export function partDetail(world: World, part: Part | undefined): Json | null {
  if (!part) return null;
  return {
    pk: part.pk,
    IPN: part.ipn,
    barcode_hash: '',
    category_default_location: null,
    default_location: null,
    default_expiry: 0,
    name: part.name,
    revision: '',
    full_name: part.ipn === '' ? part.name : `${part.ipn} | ${part.name}`,
    description: part.description,
    image: null,
    thumbnail: '/static/img/blank_image.thumbnail.png',
    active: part.isActive,
    locked: false,
    assembly: false,
    component: true,
    minimum_stock: '0.000000',
    is_template: false,
    purchaseable: true,
    salable: part.isSalable,
    testable: false,
    trackable: part.isTrackable,
    virtual: false,
    ...(isNewer(world) ? { consumable: false } : {}),
    units: part.units,
    pricing_min: null,
    pricing_max: null,
  };
}

function locationPath(world: World, pk: number | null): readonly Json[] | null {
  const place = pk === null ? undefined : world.places.get(pk);
  return place ? pathTo(world, place).map((one) => ({ pk: one.pk, name: one.name, icon: '' })) : null;
}
