import { createInventree, type Inventree } from '../create-inventree.ts';

/** The site that was recorded, before anything was done there. */
async function recordedSite(apiVersion: number): Promise<Inventree> {
  const site = await createInventree({ apiVersion });
  site.world.settings.set('INVENTREE_DEFAULT_CURRENCY', 'USD');
  const part = (body: object): unknown => site.person('POST', '/api/part/', body);
  part({
    name: 'Huawei HG8546M ONT',
    IPN: 'CPE-HG8546M',
    description: 'GPON ONT 4GE+WiFi',
    trackable: true,
    salable: true,
  });
  part({ name: 'Fusion splicer', IPN: 'TOOL-SPL', trackable: true, salable: false });
  part({ name: 'Drop cable 1F', IPN: 'CAB-DROP', description: 'metres', salable: true, units: 'm' });
  const place = (name: string, parent: number | null, more: object = {}): unknown =>
    site.person('POST', '/api/stock/location/', { name, parent, ...more });
  place('ISP', null, { structural: true });
  place('Main Warehouse', 1);
  place('Technician Bags', 1, { structural: true });
  place('Bag - Ali', 3, { description: 'Technician ali' });
  place('Bag - Budi', 3);
  place('Deployed', 1, { external: true });
  const company = (body: object): unknown => site.person('POST', '/api/company/', body);
  company({ name: 'ACME Cust 1001', description: 'ERPNext CUST-1001', is_customer: true, is_supplier: false });
  company({ name: 'Vendor', is_customer: false });
  return site;
}

const serials = [1, 2, 3, 4, 5].map((n) => `48575443A1B2C30${n}`);

/** Five modems, a reel of cable and a tool. */
function stocked(site: Inventree): void {
  site.addItems(1, 2, serials);
  site.person('POST', '/api/stock/', { part: 3, location: 2, quantity: 305.5, batch: 'REEL-7' });
  site.addItems(2, 2, ['SPL-1']);
}

type Scene = (site: Inventree) => void;

const move = (site: Inventree, pk: number, location: number, more: object = {}): unknown =>
  site.person('POST', '/api/stock/transfer/', { items: [{ pk, quantity: 1, ...more }], location, notes: 'issue' });
const give = (site: Inventree, item: number): unknown =>
  site.person('POST', '/api/stock/assign/', {
    items: [{ item }],
    customer: 1,
    notes: 'Installed at CUST-1001 [hub:op-7]',
  });
const patch = (site: Inventree, pk: number, body: object): unknown => site.person('PATCH', `/api/stock/${pk}/`, body);
const link = (site: Inventree): unknown =>
  site.person('POST', '/api/barcode/link/', { barcode: serials[0], stockitem: 1 });

/** Two more units with the numbers that the recording names; the second is at a customer. */
const later: Scene = (site) => {
  while (site.world.next('item') < 2161);
  site.addItems(1, 4, ['L2162', 'L2163']);
  give(site, 2163);
};

const installed: Scene = (site) => {
  move(site, 3, 4);
  give(site, 3);
};
/** Only 1.5 keeps a count of a single unit. */
const counted: Scene = (site) =>
  site.person('POST', '/api/stock/count/', { items: [{ pk: 1, quantity: 1 }], notes: 'count' });
const saved: Scene = (site) => patch(site, 1, {});
const tagged: Scene = (site) => patch(site, 1, { tags: ['mac:00259eaabb01'] });
const secondCompany: Scene = (site) =>
  site.person('POST', '/api/company/', { name: 'ACME Cust 1002', is_customer: true, currency: 'USD' });
const ownStatus: Scene = (site) => {
  site.addStatus(110, 10, 'Deployed');
  site.restart();
  move(site, 5, 6);
  site.person('POST', '/api/stock/change_status/', { items: [5], status: 110 });
};

/** What had been done there before each recording, where it matters. */
const scenes: Readonly<Record<string, Scene>> = {
  'assign-repeat-400': installed,
  'assign-with-quantity-ignored': later,
  'assign-quarantined-400': (site) => move(site, 2, 4, { status: 75 }),
  'barcode-link-other-400': link,
  'barcode-link-again-400': (site) => {
    counted(site);
    link(site);
  },
  'barcode-link-second-replaces': link,
  'barcode-scan-linked-200': (site) => {
    counted(site);
    link(site);
  },
  'barcode-scan-linked-lowercase': link,
  'barcode-scan-json-200': saved,
  'barcode-scan-short-200': (site) => {
    counted(site);
    saved(site);
  },
  'patch-tags': counted,
  'barcode-unlink-200': link,
  'bulk-mixed-assign-one-bad-400': later,
  'change-status-201': (site) => move(site, 2, 4, { status: 75 }),
  'change-status-at-customer': (site) => give(site, 5),
  'company-create-dup': secondCompany,
  'company-search': secondCompany,
  'metadata-patch-merge-200': (site) =>
    site.person('PATCH', site.world.apiVersion < 436 ? '/api/stock/1/metadata/' : '/api/metadata/stockitem/1/', {
      metadata: { isp_hub: { mac: 'x', op: 'op-7' } },
    }),
  'notes-too-long': (site) => {
    later(site);
    give(site, 2162);
  },
  'perm-noperm-barcode-scan': (site) => {
    tagged(site);
    patch(site, 1, { link: 'https://erp.example/app/asset/1', notes: 'MAC 00:25:9E:AA:BB:01' });
  },
  'return-201': installed,
  'return-at-customer-damaged': (site) => {
    site.person('POST', '/api/stock/change_status/', { items: [5], status: 55 });
    give(site, 5);
  },
  'create-serial-field-ignored': (site) => {
    while (site.world.next('item') < 8);
  },
  'stock-list-by-customer-200': installed,
  'stock-list-by-custom-status': ownStatus,
  'stock-list-by-logical-status': ownStatus,
  'stock-list-by-tag': tagged,
  'stock-search-by-tag': (site) => {
    counted(site);
    tagged(site);
  },
  'track-after-assign-200': installed,
  'track-one': (site) =>
    site.person('POST', '/api/stock/count/', { items: [{ pk: 1, quantity: 0 }], notes: 'count zero serialised' }),
  'track-order-id': (site) => {
    ownStatus(site);
    site.person('POST', '/api/stock/change_status/', { items: [5], status: 85 });
    site.person('POST', '/api/stock/change_status/', { items: [5], status: 10 });
  },
  'track-list-min-date': (site) => move(site, 1, 4),
  'transfer-customer-item-400': installed,
  'transfer-custom-status-before-restart-400': (site) => site.addStatus(110, 10, 'Deployed'),
  'transfer-quarantined-201': (site) => move(site, 2, 2, { status: 75 }),
  'transfer-repeat-same-location-201': (site) => move(site, 1, 4),
  'transfer-repeat-same-location-nonotes-201': (site) => move(site, 1, 4),
};

/** Recordings that are of what makes the stock itself. */
const fromNothing = new Set(['stock-create-serials-201', 'stock-create-bulk-201']);

export async function playedSite(apiVersion: number, name: string): Promise<Inventree> {
  const site = await recordedSite(apiVersion);
  if (!fromNothing.has(name)) stocked(site);
  if (name === 'stock-create-bulk-201') site.addItems(1, 2, serials);
  scenes[name]?.(site);
  return site;
}
