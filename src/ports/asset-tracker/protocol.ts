import type { TrackedStatus } from '#domain/asset.ts';
import { serialKey } from '#domain/scan-code.ts';
import type { MoveOrder, MoveRefusal, MoveWish, TrackedAsset } from './port.ts';

const fitToGoOut: readonly TrackedStatus[] = ['ok', 'attention', 'returned'];

const whereIs = ({ at }: TrackedAsset): string => (at.kind === 'nowhere' ? 'at no place' : `at ${at.name}`);

function refusalFrom(from: string, mustBeFit: boolean, found: TrackedAsset): MoveRefusal | null {
  if (found.at.kind === 'customer') return 'at_customer';
  if (found.at.kind !== 'place' || found.at.ref !== from) return 'elsewhere';
  return mustBeFit && !fitToGoOut.includes(found.status) ? 'wrong_status' : null;
}

function refusalOfWish(wish: MoveWish, found: TrackedAsset): MoveRefusal | null {
  switch (wish.kind) {
    case 'hand_over':
    case 'install':
      return refusalFrom(wish.from, true, found);
    case 'to_warehouse':
      return refusalFrom(wish.from, false, found);
    case 'uninstall':
      return found.at.kind === 'customer' && found.at.ref === wish.customer ? null : 'not_at_customer';
    case 'mark':
      return null;
  }
}

/** What must hold of a unit before it is moved (ADR 35); null: it holds. */
export function refusalOf(
  { wish, serial }: MoveOrder,
  found: TrackedAsset | null,
): { readonly refusal: MoveRefusal; readonly detail: string } | null {
  if (!found) return { refusal: 'gone', detail: 'there is no such unit' };
  if (serial !== null && serialKey(serial) !== serialKey(found.serial ?? ''))
    return { refusal: 'serial_differs', detail: `its serial is ${found.serial ?? 'none'}` };
  const refusal = refusalOfWish(wish, found);
  return refusal && { refusal, detail: `it is ${whereIs(found)}, status ${found.status}` };
}

/** Whether a unit is as a move wishes it: what must hold after it. */
export function isAsWished(wish: MoveWish, { at, status }: TrackedAsset): boolean {
  switch (wish.kind) {
    case 'hand_over':
    case 'to_warehouse':
      return at.kind === 'place' && at.ref === wish.to;
    case 'install':
      return at.kind === 'customer' && at.ref === wish.customer;
    case 'uninstall':
      return at.kind === 'place' && at.ref === wish.to && status === statusAfter(wish);
    case 'mark':
      return status === wish.condition;
  }
}

/** The status that a move leaves; null: the one there was. */
export function statusAfter(wish: MoveWish): TrackedStatus | null {
  if (wish.kind === 'mark') return wish.condition;
  if (wish.kind !== 'uninstall') return null;
  return wish.condition === 'damaged' ? 'damaged' : 'returned';
}
