import type { TrackedStatus } from '#domain/asset.ts';
import type { TrackedAsset, TrackedAt, TrackedMove, TrackedPart } from './port.ts';

type Unit = { ref: string; part: TrackedPart; serial: string | null; status: TrackedStatus; at: TrackedAt };
type Change = { readonly at?: TrackedAt; readonly status?: TrackedStatus };
type Doer = { readonly by: string; readonly operationId: string | null; readonly notes?: string };

/** A stock in memory: units, places, customers, and a history of whoever moved what. */
export function createFakeStock() {
  const units = new Map<string, Unit>();
  const places = new Map<string, string>([['1', 'Gudang']]);
  const customers = new Map<string, string>();
  const owners = new Map<string, string>();
  const parts: readonly TrackedPart[] = [
    { ref: '1', name: 'ONT F670L' },
    { ref: '2', name: 'ONT HG8245' },
  ];
  const moves: TrackedMove[] = [];
  let last = 0;

  const write = (ref: string, what: string, { by, operationId, notes = '' }: Doer): void => {
    moves.push({ no: moves.length + 1, ref, at: '2026-11-21T12:00:00', what, notes, by, operationId });
  };
  const person: Doer = { by: 'orang', operationId: null };
  const shown = (unit: Unit): TrackedAsset => ({ ...unit });

  return {
    parts,
    places,
    customers,
    moves,
    warehouse: { ref: '1', name: 'Gudang' },
    placeAt: (ref: string): TrackedAt => ({ kind: 'place', ref, name: places.get(ref) ?? '' }),
    customerAt: (ref: string): TrackedAt => ({ kind: 'customer', ref, name: customers.get(ref) ?? '' }),
    all: (): readonly TrackedAsset[] => [...units.values()].map(shown),
    read: (ref: string): TrackedAsset | null => {
      const unit = units.get(ref);
      return unit ? shown(unit) : null;
    },
    add(serial: string | null, part: string, place = '1', doer: Doer = person): TrackedAsset {
      const ref = String(++last);
      const found = parts.find((each) => each.ref === part) ?? { ref: part, name: part };
      const at: TrackedAt = { kind: 'place', ref: place, name: places.get(place) ?? '' };
      const unit: Unit = { ref, part: found, serial, status: 'ok', at };
      units.set(ref, unit);
      write(ref, 'created', doer);
      return shown(unit);
    },
    change(ref: string, to: Change, doer: Doer = person): void {
      const unit = units.get(ref);
      if (!unit) throw new Error(`There is no unit ${ref}.`);
      Object.assign(unit, to);
      write(ref, to.at ? 'moved' : 'status', doer);
    },
    /** As a bulk edit or a deleted company does: without a row. */
    shift(ref: string, at: TrackedAt): void {
      const unit = units.get(ref);
      if (unit) unit.at = at;
    },
    remove: (ref: string): void => void units.delete(ref),
    /** The ref that an owner has in `among`, made if missing. */
    own(kind: string, id: string, name: string, among: Map<string, string>): string {
      const key = `${kind} ${id}`;
      const ref = owners.get(key) ?? String(100 + owners.size);
      owners.set(key, ref);
      among.set(ref, name);
      return ref;
    },
  };
}
export type FakeStock = ReturnType<typeof createFakeStock>;
