import { showRoot } from '../access/root.ts';
import { giveToken, userOf } from '../access/tokens.ts';
import { changeSetting, demand, listTokens, showRoles, showSetting } from '../access/users.ts';
import { generateBarcode, linkBarcode, scan, unlinkBarcode } from '../barcode/barcodes.ts';
import * as companies from '../places/companies.ts';
import * as metadata from '../places/metadata.ts';
import * as parts from '../places/parts.ts';
import * as places from '../places/places.ts';
import { addStock, countStock, removeStock } from '../stock/amounts.ts';
import { assign } from '../stock/assign.ts';
import { changeItem, deleteItem } from '../stock/change-item.ts';
import { changeStatus } from '../stock/change-status.ts';
import { createItems } from '../stock/create-items.ts';
import { listItems, showItem } from '../stock/list-items.ts';
import { returnToStock } from '../stock/return.ts';
import { listTracks, showTrack } from '../stock/tracks.ts';
import { transfer } from '../stock/transfer.ts';
import type { Permission, Role, User } from '../world/rows.ts';
import type { World } from '../world/world.ts';
import type { Answer, Call, Handler, Write } from './call.ts';
import { ok } from './call.ts';
import { detail } from './refused.ts';

type Need = { readonly roles: readonly Role[]; readonly permission: Permission } | null;
type Verb = readonly [method: string, handler: Handler, need: Need];

const stock = (permission: Permission): Need => ({ roles: ['stock'], permission });
const place = (permission: Permission): Need => ({ roles: ['stock_location'], permission });
const part = (permission: Permission): Need => ({ roles: ['part'], permission });
const company = (permission: Permission): Need => ({
  roles: ['sales_order', 'purchase_order', 'return_order'],
  permission,
});

/** `<n>` is the number of a row. Every path ends with a slash; without it there is nothing. */
const table: Readonly<Record<string, readonly Verb[]>> = {
  '/api/stock/': [
    ['GET', listItems, stock('view')],
    ['POST', createItems, stock('add')],
  ],
  '/api/stock/<n>/': [
    ['GET', showItem, stock('view')],
    ['PATCH', changeItem, stock('change')],
    ['DELETE', deleteItem, stock('delete')],
  ],
  '/api/stock/transfer/': [['POST', transfer, stock('add')]],
  '/api/stock/assign/': [['POST', assign, stock('add')]],
  '/api/stock/return/': [['POST', returnToStock, stock('add')]],
  '/api/stock/change_status/': [['POST', changeStatus, stock('add')]],
  '/api/stock/add/': [['POST', addStock, stock('add')]],
  '/api/stock/remove/': [['POST', removeStock, stock('add')]],
  '/api/stock/count/': [['POST', countStock, stock('add')]],
  '/api/stock/track/': [['GET', listTracks, stock('view')]],
  '/api/stock/track/<n>/': [['GET', showTrack, stock('view')]],
  '/api/stock/location/': [
    ['GET', places.listPlaces, place('view')],
    ['POST', places.createPlace, place('add')],
  ],
  '/api/stock/location/<n>/': [
    ['GET', places.showPlace, place('view')],
    ['PATCH', places.changePlace, place('change')],
    ['DELETE', places.deletePlace, place('delete')],
  ],
  '/api/company/': [
    ['GET', companies.listCompanies, company('view')],
    ['POST', companies.createCompany, company('add')],
  ],
  '/api/company/<n>/': [
    ['GET', companies.showCompany, company('view')],
    ['PATCH', companies.changeCompany, company('change')],
    ['DELETE', companies.deleteCompany, company('delete')],
  ],
  '/api/part/': [
    ['GET', parts.listParts, part('view')],
    ['POST', parts.createPart, part('add')],
  ],
  '/api/part/<n>/': [
    ['GET', parts.showPart, part('view')],
    ['PATCH', parts.changePart, part('change')],
  ],
  '/api/barcode/': [['POST', scan, stock('view')]],
  '/api/barcode/link/': [['POST', linkBarcode, stock('change')]],
  '/api/barcode/unlink/': [['POST', unlinkBarcode, stock('change')]],
  '/api/barcode/generate/': [['POST', generateBarcode, null]],
  '/api/user/roles/': [['GET', showRoles, null]],
  '/api/user/me/roles/': [['GET', showRoles, null]],
  '/api/user/tokens/': [['GET', listTokens, null]],
};

const itemMetadata: readonly Verb[] = [
  ['GET', metadata.showItemMetadata, stock('view')],
  ['PATCH', metadata.changeItemMetadata, stock('change')],
  ['PUT', metadata.changeItemMetadata, stock('change')],
];
const companyMetadata: readonly Verb[] = [
  ['GET', metadata.showCompanyMetadata, company('view')],
  ['PATCH', metadata.changeCompanyMetadata, company('change')],
  ['PUT', metadata.changeCompanyMetadata, company('change')],
];
const led = (handler: Handler): readonly Verb[] => ['GET', 'PATCH', 'PUT'].map((method) => [method, handler, null]);

const oldMetadata = { '/api/stock/<n>/metadata/': itemMetadata, '/api/company/<n>/metadata/': companyMetadata };
const newMetadata = {
  '/api/metadata/stockitem/<n>/': itemMetadata,
  '/api/metadata/company/<n>/': companyMetadata,
  '/api/metadata/stockitem/pk/<n>/': itemMetadata,
  '/api/metadata/company/pk/<n>/': companyMetadata,
  '/api/stock/<n>/metadata/': led(metadata.oldItemPath),
  '/api/company/<n>/metadata/': led(metadata.oldCompanyPath),
};

/** Answers one request, or tells what it would write. Throws `Refused`. */
export function route(world: World, call: Call): { readonly outcome: Answer | Write; readonly user: User | null } {
  const open = openPath(world, call);
  if (open) return { outcome: open, user: null };
  const shape = call.path.replace(/\/\d+\//, '/<n>/');
  const pk = Number(/\/(\d+)\//.exec(call.path)?.[1] ?? 0);
  const setting = /^\/api\/settings\/global\/(\w+)\/$/.exec(call.path)?.[1];
  const verbs = { ...table, ...(world.apiVersion < 436 ? oldMetadata : newMetadata) }[shape];
  if (!verbs && setting === undefined) throw nothingThere(call);
  const user = userOf(world, call);
  if (setting !== undefined) return { outcome: settingCall(world, user, call, setting), user };
  const verb = verbs?.find(([method]) => method === call.method);
  if (!verb) throw wrongMethod(call, verbs?.map(([method]) => method) ?? []);
  const [, handler, need] = verb;
  // Before about API 511 a scan showed any item to any login.
  const isLeak = handler === scan && world.apiVersion < 511;
  if (need && !isLeak) demand(user, need.roles, need.permission);
  return { outcome: handler(world, call, user, pk), user };
}

function openPath(world: World, call: Call): Answer | null {
  if (call.method !== 'GET') return null;
  if (call.path === '/api/') return showRoot(world);
  if (call.path === '/api/system/health/' && world.apiVersion >= 438) return ok({ status: 'ok' });
  if (call.path === '/api/user/token/' || (call.path === '/api/user/me/token/' && world.apiVersion >= 490)) {
    return giveToken(world, call);
  }
  return null;
}

function settingCall(world: World, user: User, call: Call, key: string): Answer | Write {
  if (call.method === 'GET') return showSetting(world, key);
  if (call.method === 'PATCH') return changeSetting(world, user, key, call);
  throw wrongMethod(call, ['GET', 'PATCH']);
}

const nothingThere = (call: Call): Error => {
  const query = call.query.toString();
  const url = `${call.origin}${call.path}${query === '' ? '' : `?${query}`}`;
  return detail(404, 'API endpoint not found', {}, { url });
};

const wrongMethod = (call: Call, allowed: readonly string[]): Error =>
  detail(405, `Method "${call.method}" not allowed.`, { Allow: allowed.join(', ') });
