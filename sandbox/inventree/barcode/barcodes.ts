import { type Call, type Handler, jsonOf, ok } from '../http/call.ts';
import { rowOf } from '../http/fields.ts';
import { Refused, required } from '../http/refused.ts';
import { placeDetail } from '../places/place-view.ts';
import { itemView, partDetail } from '../stock/item-view.ts';
import type { Json, StockItem } from '../world/rows.ts';
import { isNewer, type World } from '../world/world.ts';
import { barcodeHash, type Coded, codedBy, codeFor } from './codes.ts';

const plugin = 'InvenTreeBarcode';

export const scan: Handler = (world, call) => {
  const text = readBarcode(call);
  const coded = codedBy(world, text);
  if (!coded) {
    const error = 'No match found for barcode data';
    throw new Refused(400, { plugin: 'None', barcode_data: text, barcode_hash: barcodeHash(text), error });
  }
  return ok({
    [coded.model]: codedView(world, coded),
    success: 'Match found for barcode data',
    plugin,
    barcode_data: text,
    barcode_hash: barcodeHash(text),
  });
};

/** A second label of one item takes the place of the first; one that any item has is refused, even to that item. */
export const linkBarcode: Handler = (world, call) => {
  const text = readBarcode(call);
  const item = readItem(world, call);
  const linked = codedBy(world, text);
  if (linked) throw inUse(world, text, linked);
  const hash = barcodeHash(text);
  return {
    write: (work) => {
      work.save({ ...item, barcodeData: text, barcodeHash: hash });
      const success = 'Assigned barcode to stockitem instance';
      return () => ok({ success, stockitem: { pk: item.pk }, barcode_data: text, barcode_hash: hash });
    },
  };
};

export const unlinkBarcode: Handler = (world, call) => {
  const item = readItem(world, call);
  return {
    write: (work) => {
      work.save({ ...item, barcodeData: '', barcodeHash: '' });
      return () => ok({ success: 'Barcode unassigned from stockitem instance' });
    },
  };
};

export const generateBarcode: Handler = (world, call) => {
  const { model, pk } = jsonOf(call);
  return ok({ barcode: codeFor(String(model), Number(pk), isNewer(world)) });
};

function readBarcode(call: Call): string {
  const { barcode } = jsonOf(call);
  if (barcode === undefined) throw new Refused(400, { barcode: [required] });
  const text = String(barcode).trim();
  if (text === '') throw new Refused(400, { barcode: ['This field may not be blank.'] });
  return text;
}

function readItem(world: World, call: Call): StockItem {
  const found = rowOf(world.items, jsonOf(call).stockitem);
  if ('error' in found) throw new Refused(400, { stockitem: [found.error] });
  return found.row;
}

const urls = {
  stockitem: ['stock', 'stock/item'],
  stocklocation: ['stock/location', 'stock/location'],
  part: ['part', 'part'],
};

function codedView(world: World, { model, pk }: Coded): Json {
  const [api, web] = urls[model];
  return {
    pk,
    api_url: `/api/${api}/${pk}/`,
    instance: instanceOf(world, { model, pk }),
    web_url: `/web/${web}/${pk}`,
  };
}

/** Nothing is counted for a scan; up to 1.1 an item tells where it is and its tags. */
function instanceOf(world: World, { model, pk }: Coded): Json | null {
  const [item, place] = [world.items.get(pk), world.places.get(pk)];
  if (model === 'part') return partDetail(world, world.parts.get(pk));
  if (model === 'stocklocation') return place ? placeDetail(world, place) : null;
  if (!item) return null;
  const asked = { partDetail: true, placeDetail: !isNewer(world), tags: false };
  return { ...itemView(world, item, 'bare', asked), ...(isNewer(world) ? {} : { supplier_part_detail: null }) };
}

/** The item that has the label, every value of it turned into a text. */
const inUse = (world: World, text: string, coded: Coded): Refused =>
  new Refused(400, {
    [coded.model]: asTexts(codedView(world, coded)),
    error: 'Barcode matches existing item',
    plugin,
    barcode_data: text,
  });

function asTexts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asTexts);
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'object') {
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [
        key,
        // The only number that is shown with a fraction in Python.
        key === 'quantity' && Number.isInteger(inner) ? `${inner}.0` : asTexts(inner),
      ]),
    );
  }
  return String(value);
}
