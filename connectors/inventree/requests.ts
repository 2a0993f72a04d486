import type { MoveWish } from '#ports/asset-tracker/port.ts';
import { statusAfter } from '#ports/asset-tracker/protocol.ts';
import { statusCodes } from './unit.ts';

type Request = { readonly path: string; readonly body: object };

const codeAfter = (wish: MoveWish): number => {
  const status = statusAfter(wish);
  return status === null || status === 'other' ? statusCodes.ok : statusCodes[status];
};

/**
 * The one request of a move. What InvenTree does not know it leaves out without a word, and each endpoint has names of its
 * own: `pk` or `item` or bare numbers, `notes` or `note`.
 */
export function requestOf(wish: MoveWish, pk: number, notes: string): Request {
  switch (wish.kind) {
    case 'hand_over':
    case 'to_warehouse':
      return {
        path: '/api/stock/transfer/',
        body: { items: [{ pk, quantity: 1 }], location: Number(wish.to), notes },
      };
    case 'install':
      return { path: '/api/stock/assign/', body: { items: [{ item: pk }], customer: Number(wish.customer), notes } };
    case 'uninstall':
      return {
        path: '/api/stock/return/',
        body: { items: [{ pk, quantity: 1, status: codeAfter(wish) }], location: Number(wish.to), notes },
      };
    case 'mark':
      return { path: '/api/stock/change_status/', body: { items: [pk], status: codeAfter(wish), note: notes } };
  }
}
