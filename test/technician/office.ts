import { randomUUID } from 'node:crypto';

export type OfficeOrder = {
  readonly id: string;
  readonly number: string;
  readonly kind: string;
  state: string;
  readonly scheduled_at: string | null;
  readonly customer: {
    readonly name: string;
    readonly phone: string;
    readonly address: string;
    readonly latitude: number | null;
    readonly longitude: number | null;
  };
  readonly subscription: { readonly id: string; readonly username: string; readonly plan: string };
  readonly notes: string;
  photo_count: number;
  readonly is_masked: boolean;
};

export type OfficeAsset = {
  readonly id: string;
  readonly serial: string;
  readonly mac: string;
  readonly gpon_sn: string | null;
  readonly barcode: string | null;
  readonly part: string;
  state: string;
  place: string;
};

type Scanned = {
  readonly client_ref: string;
  readonly kind: string;
  readonly code: string;
  readonly work_order_id?: string;
  readonly technician_id?: string;
};
type Kept = { looks: number; readonly id: string; readonly asset: OfficeAsset; readonly scan: Scanned };
type Refusal = { readonly code: string; readonly message: string; readonly details: Readonly<Record<string, unknown>> };

const installSteps = ['asset', 'stock', 'erp', 'mac_lock', 'activation', 'online'] as const;
/** How often a phone must look until the modem is online. */
const looksNeeded = 2;

const plain = (text: string): string => text.replace(/[^0-9a-z]/gi, '').toUpperCase();

const budiId = '16fd2706-8baf-433b-82eb-8c7fada847da';

/** An office with a desk drawer for what phones send: one technician, its orders, and modems in its bag. */
export function createOffice() {
  const orders = new Map<string, OfficeOrder>();
  const assets: OfficeAsset[] = [];
  const scans = new Map<string, Kept>();
  const received: { readonly path: string; readonly body: unknown }[] = [];
  const photos: { readonly orderId: string; readonly bytes: Uint8Array }[] = [];
  const lost = new Map<string, number>();
  const refusals = new Map<string, Refusal>();

  const scanAnswer = ({ id, looks, asset, scan }: Kept) => {
    const names = scan.kind === 'install' ? installSteps : ['asset', 'stock'];
    const isDone = looks >= looksNeeded;
    const steps = names.map((name, i) => ({
      name,
      state: isDone || i < names.length - 1 ? 'done' : 'waiting',
      detail: '',
    }));
    return { id, kind: scan.kind, code: scan.code, status: isDone ? 'done' : 'running', problem: null, asset, steps };
  };

  return {
    password: 'correct horse',
    received,
    photos,
    refusals,
    /** Answers to this are not heard by the phone, so many times. */
    loseAnswers: (what: string, times: number) => lost.set(what, times),
    losesAnswers(what: string): boolean {
      const left = lost.get(what) ?? 0;
      if (left > 0) lost.set(what, left - 1);
      return left > 0;
    },
    /** Whoever keeps the stock is known by its address. */
    session: (email = '') => ({
      access_token: `a-${randomUUID()}`,
      refresh_token: `r-${randomUUID()}`,
      token_type: 'Bearer',
      expires_in: 900,
      user: email.startsWith('gudang')
        ? { id: '5a2c8a1e-0f3b-4c53-9d0c-52a8a6c1f0a1', name: 'Gudang', role: 'warehouse' }
        : { id: budiId, name: 'Budi Hartono', role: 'technician' },
    }),
    addOrder(order: Partial<OfficeOrder> & { readonly customer: OfficeOrder['customer'] }): OfficeOrder {
      const made: OfficeOrder = {
        id: randomUUID(),
        number: `SPK202611${String(orders.size + 1).padStart(3, '0')}`,
        kind: 'install',
        state: 'assigned',
        scheduled_at: new Date().toISOString(),
        subscription: { id: randomUUID(), username: 'ckp001', plan: 'Home 50' },
        notes: '',
        photo_count: 0,
        is_masked: false,
        ...order,
      };
      orders.set(made.id, made);
      return made;
    },
    addAsset(asset: Pick<OfficeAsset, 'serial' | 'mac'> & Partial<OfficeAsset>): OfficeAsset {
      const made: OfficeAsset = {
        id: randomUUID(),
        gpon_sn: null,
        barcode: null,
        part: 'ONT ZTE F609',
        state: 'in_transit',
        place: 'Budi Hartono',
        ...asset,
      };
      assets.push(made);
      return made;
    },
    orders: () => [...orders.values()],
    assets: (search?: string) =>
      search === undefined ? assets : assets.filter(({ serial }) => search.includes(serial)),
    move(id: string, body: { readonly state?: string }) {
      received.push({ path: `work-orders/${id}`, body });
      const order = orders.get(id);
      if (order && body.state !== undefined) order.state = body.state;
      return order;
    },
    keepPhoto(orderId: string, bytes: Uint8Array) {
      photos.push({ orderId, bytes });
      const order = orders.get(orderId);
      if (order) order.photo_count += 1;
      return { id: randomUUID() };
    },
    /** Once by `client_ref`; what `refusals` has for the code is refused, and not kept. */
    scan(scan: Scanned) {
      received.push({ path: 'scans', body: scan });
      const refusal = [...refusals].find(([serial]) => scan.code.includes(serial))?.[1];
      if (refusal) return refusal;
      const known = scans.get(scan.client_ref);
      if (known) return scanAnswer(known);
      const text = plain(scan.code);
      const asset = assets.find(({ serial, mac }) => text.includes(plain(serial)) || text.includes(plain(mac)));
      if (!asset)
        return { code: 'NOT_FOUND', message: 'Kode ini tidak dikenal.', details: { problem: 'unknown_code' } };
      const kept: Kept = { looks: 0, id: randomUUID(), asset, scan };
      scans.set(scan.client_ref, kept);
      asset.state = scan.kind === 'install' ? 'installed' : 'in_transit';
      const order = orders.get(scan.work_order_id ?? '');
      if (order && scan.kind === 'install') order.state = 'installed';
      return scanAnswer(kept);
    },
    look(id: string) {
      const kept = [...scans.values()].find((one) => one.id === id);
      if (!kept) throw new Error(`nobody scanned ${id}`);
      kept.looks += 1;
      return scanAnswer(kept);
    },
    kept: () => [...scans.values()].map(({ scan }) => scan),
    kpi: () => [
      {
        technician_id: budiId,
        name: 'Budi Hartono',
        installs: 12,
        repairs: 4,
        resolve_minutes_median: 95,
        incentive: 600_000,
      },
    ],
  };
}
export type Office = ReturnType<typeof createOffice>;
