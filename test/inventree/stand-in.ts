import { createInventreeTracker } from '#connectors/inventree/asset-tracker.ts';
import type { Timing } from '#connectors/inventree/lost-answers.ts';
import type { InventreeSettings } from '#connectors/inventree/settings.ts';
import { createAddressGuard } from '#connectors/kit/address-guard.ts';
import { parseNetworks } from '#connectors/kit/address-kind.ts';
import { createBreaker } from '#connectors/kit/breaker.ts';
import type { AssetTracker } from '#ports/asset-tracker/port.ts';
import { createInventree, type Inventree } from '#sandbox/inventree/create-inventree.ts';

const loopback = parseNetworks(['127.0.0.0/8']);
if (!loopback.ok) throw new Error(loopback.error);
export const guard = createAddressGuard({ allow: loopback.value, allowPrivate: true });

/** An InvenTree of a small provider, and the hub's connection to it. */
export type Warehouse = {
  readonly server: Inventree;
  readonly settings: InventreeSettings;
  /** Trackable and salable. */
  readonly parts: readonly [number, number];
  readonly shelf: number;
  readonly bagParent: number;
  /** A hub process of its own. */
  hub(timing?: Partial<Timing>): AssetTracker;
  close(): Promise<void>;
};

const atOnce: Partial<Timing> = { settleMs: 0, sleep: () => Promise.resolve() };

export async function openWarehouse(apiVersion: 421 | 530): Promise<Warehouse> {
  const server = await createInventree({ apiVersion });
  const parts = [server.addPart({ name: 'ONT HG8546M' }), server.addPart({ name: 'ONT F670L' })] as const;
  const site = server.addLocation({ name: 'ISP', structural: true });
  const shelf = server.addLocation({ name: 'Gudang', parent: site });
  const bagParent = server.addLocation({ name: 'Tas teknisi', parent: site, structural: true });
  const settings: InventreeSettings = {
    url: server.url,
    token: server.token,
    warehouse_location: shelf,
    bag_location_parent: bagParent,
  };
  const hubs: AssetTracker[] = [];
  return {
    server,
    settings,
    parts,
    shelf,
    bagParent,
    hub(timing = {}) {
      const hub = createInventreeTracker(settings, {
        guard,
        timeoutMs: 10_000,
        now: () => new Date(),
        // One that opens would answer for InvenTree; it is proven where it lives.
        breaker: createBreaker({ threshold: 1_000_000, coolDownMs: 0, now: () => 0 }),
        timing: { ...atOnce, ...timing },
      });
      hubs.push(hub);
      return hub;
    },
    async close() {
      for (const hub of hubs) hub.close();
      await server.stop();
    },
  };
}

/** Whether it is the request of a move: the one that writes. */
export const isDeed = ({ method, path }: { readonly method: string; readonly path: string }): boolean =>
  method === 'POST' && /^\/api\/stock\/(transfer|assign|return|change_status)\/$/.test(path);

/** Somebody carries a unit elsewhere at InvenTree's own pages, from wherever it is. */
export function carry(server: Inventree, pk: number, to: { place: number } | { customer: number }, via: number): void {
  const isAway = server.item(pk)?.customer != null;
  const notes = 'dipindah dengan tangan';
  if (isAway) {
    const location = 'place' in to ? to.place : via;
    server.person('POST', '/api/stock/return/', { items: [{ pk, quantity: 1 }], location, notes });
  } else if ('place' in to) {
    server.person('POST', '/api/stock/transfer/', { items: [{ pk, quantity: 1 }], location: to.place, notes });
  }
  if ('customer' in to)
    server.person('POST', '/api/stock/assign/', { items: [{ item: pk }], customer: to.customer, notes });
}
