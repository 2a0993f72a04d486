import { created, type Handler, jsonOf } from '../http/call.ts';
import { rowOf, textOr } from '../http/fields.ts';
import { Refused, required } from '../http/refused.ts';
import type { Json, Part, StockItem } from '../world/rows.ts';
import { statusColumns } from '../world/status.ts';
import { tracked } from '../world/tracking.ts';
import type { Work } from '../world/work.ts';
import { isNewer, type World } from '../world/world.ts';
import { itemView } from './item-view.ts';
import { type Errors, notesOf, readStatus } from './lines.ts';
import { readSerials, takenSerials } from './serial-numbers.ts';

/** Answers a list, whatever was made. A key `serial` is not looked at. */
export const createItems: Handler = (world, call) => {
  const body = jsonOf(call);
  const errors: Errors = {};
  const part = rowOf(world.parts, body.part);
  if ('error' in part) errors.part = [part.error];
  const quantity = Number(body.quantity);
  if (body.quantity === undefined) errors.quantity = [required];
  else if (Number.isNaN(quantity)) errors.quantity = ['A valid number is required.'];
  const status = readStatus(world, body.status, errors) ?? 10;
  const location = readPlace(world, body.location, errors);
  if ('error' in part || Object.keys(errors).length > 0) throw new Refused(400, errors);
  const serials = readWanted(world, body, part.row, quantity);
  const base: StockItem = {
    ...blankItem(world),
    part: part.row.pk,
    location,
    batch: textOr(body.batch, ''),
    packaging: textOr(body.packaging, null),
    link: textOr(body.link, ''),
    ...statusColumns(world.customStatuses, status),
  };
  return {
    write: (work) => {
      const wanted = serials ?? [null];
      // From 1.5 on the serial is a key of the table, so that of two creates at once one is refused here.
      if (isNewer(world)) refuseTaken(world, part.row, serials ?? []);
      const amount = serials === null ? quantity : 1;
      const made = wanted.map((serial) => makeItem(world, work, { ...base, serial, quantity: amount }, notesOf(body)));
      if (serials !== null) work.event('stockitem.created_items', { ids: made.map((item) => item.pk) });
      return () => created(made.map((item) => itemView(world, item, serials === null ? 'bare' : 'made')));
    },
  };
};

function readPlace(world: World, value: unknown, errors: Errors): number | null {
  if (value === undefined || value === null) return null;
  const place = rowOf(world.places, value);
  if ('error' in place) errors.location = [place.error];
  else if (place.row.isStructural) {
    errors.location = ['Stock items cannot be located into structural stock locations!'];
  }
  return 'row' in place ? place.row.pk : null;
}

/** Null: no serials were given. */
function readWanted(world: World, body: Json, part: Part, quantity: number): readonly string[] | null {
  const text = textOr(body.serial_numbers, '');
  if (text === '') return null;
  if (!part.isTrackable) throw serialError('Serial numbers cannot be supplied for a non-trackable part');
  const read = readSerials(text, quantity);
  if ('error' in read) throw new Refused(400, { quantity: [read.error], serial_numbers: [read.error] });
  refuseTaken(world, part, read.serials);
  return read.serials;
}

function refuseTaken(world: World, part: Part, serials: readonly string[]): void {
  const taken = takenSerials(world, part.pk, serials);
  if (taken.length > 0) {
    throw serialError(`The following serial numbers already exist or are invalid : ${taken.join(',')}`);
  }
}

const serialError = (text: string): Refused => new Refused(400, { serial_numbers: [text] });

function makeItem(world: World, work: Work, base: StockItem, notes: string): StockItem {
  const item = { ...base, pk: world.next('item') };
  work.insert(item);
  const place = isNewer(world) || item.location === null ? {} : { location: item.location };
  work.track(item, tracked.created, { status: null, ...place, quantity: item.quantity }, notes);
  return item;
}

const blankItem = (world: World): StockItem => ({
  pk: 0,
  part: 0,
  quantity: 1,
  serial: null,
  batch: '',
  packaging: null,
  link: '',
  notes: null,
  location: null,
  customer: null,
  parent: null,
  status: 10,
  customStatus: 10,
  deleteOnDeplete: world.settings.get('STOCK_DELETE_DEPLETED_DEFAULT') === true,
  barcodeData: '',
  barcodeHash: '',
  metadata: {},
  createdAt: world.now(),
  updatedAt: world.now(),
  countedAt: null,
});
