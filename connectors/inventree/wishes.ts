import { serialKey } from '#domain/scan-code.ts';
import type { MoveOrder, MoveRefusal, MoveWish } from '#ports/asset-tracker/port.ts';
import type { StockRow } from './shapes.ts';
import { isUsable, statusCodes, statusOf } from './unit.ts';

/** One kind of move: what must hold before, what must hold after, and the one request between. */
type Wish = {
  readonly isDone: (row: StockRow) => boolean;
  readonly refusal: (row: StockRow) => MoveRefusal | null;
  readonly request: (pk: number, notes: string) => { readonly path: string; readonly body: object };
};

const ref = (id: number | null): string | null => (id === null ? null : String(id));
const liesIn = (row: StockRow, place: string): boolean => row.customer === null && ref(row.location) === place;
const isInside = (row: StockRow): boolean => row.belongs_to !== null;

function awayFrom(row: StockRow, place: string): MoveRefusal | null {
  if (row.customer !== null) return 'at_customer';
  return ref(row.location) === place && !isInside(row) ? null : 'elsewhere';
}

const transfer =
  (to: string): Wish['request'] =>
  (pk, notes) => ({
    path: '/api/stock/transfer/',
    body: { items: [{ pk, quantity: 1 }], location: Number(to), notes },
  });

const handOver = (from: string, to: string): Wish => ({
  isDone: (row) => liesIn(row, to),
  refusal: (row) => awayFrom(row, from) ?? (isUsable(row) ? null : 'wrong_status'),
  request: transfer(to),
});

/** Whatever its status: what is damaged goes back too. */
const toWarehouse = (from: string, to: string): Wish => ({
  isDone: (row) => liesIn(row, to),
  refusal: (row) => awayFrom(row, from),
  request: transfer(to),
});

const install = (from: string, customer: string): Wish => ({
  isDone: (row) => ref(row.customer) === customer,
  refusal(row) {
    const away = awayFrom(row, from);
    if (away !== null) return away;
    if (!isUsable(row)) return 'wrong_status';
    return row.part_detail?.salable === false ? 'not_salable' : null;
  },
  // Its key is `item`, that of the others `pk`; either in the other's place is left out without a word.
  request: (pk, notes) => ({
    path: '/api/stock/assign/',
    body: { items: [{ item: pk }], customer: Number(customer), notes },
  }),
});

const uninstall = (customer: string, to: string, condition: 'ok' | 'damaged'): Wish => {
  const status = condition === 'damaged' ? statusCodes.damaged : statusCodes.returned;
  return {
    isDone: (row) => liesIn(row, to) && (row.status_custom_key ?? row.status) === status,
    // InvenTree itself would take back a unit that is at nobody's, if its status is odd enough.
    refusal(row) {
      if (row.customer === null) return 'not_at_customer';
      return ref(row.customer) === customer ? null : 'elsewhere';
    },
    request: (pk, notes) => ({
      path: '/api/stock/return/',
      body: { items: [{ pk, quantity: 1, status }], location: Number(to), notes },
    }),
  };
};

const mark = (condition: 'damaged' | 'lost'): Wish => ({
  isDone: (row) => statusOf(row) === condition,
  refusal: () => null,
  // A list of numbers, and `note` where the others have `notes`.
  request: (pk, note) => ({
    path: '/api/stock/change_status/',
    body: { items: [pk], status: statusCodes[condition], note },
  }),
});

export function wishOf(wish: MoveWish): Wish {
  if (wish.kind === 'hand_over') return handOver(wish.from, wish.to);
  if (wish.kind === 'to_warehouse') return toWarehouse(wish.from, wish.to);
  if (wish.kind === 'install') return install(wish.from, wish.customer);
  if (wish.kind === 'uninstall') return uninstall(wish.customer, wish.to, wish.condition);
  return mark(wish.condition);
}

/** Whether the label says another serial than the row, whatever case and blanks it was read out with. */
export const hasOtherSerial = (row: StockRow, { serial }: MoveOrder): boolean =>
  serial !== null && serialKey(serial) !== serialKey(row.serial ?? '');

/** A move does not change what a person sees of a unit but these. */
export const isSame = (a: StockRow, b: StockRow): boolean =>
  a.customer === b.customer &&
  a.location === b.location &&
  a.belongs_to === b.belongs_to &&
  (a.status_custom_key ?? a.status) === (b.status_custom_key ?? b.status);
