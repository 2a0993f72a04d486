import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createInventree, type Inventree } from '../create-inventree.ts';

type Answered = { readonly status: number; readonly text: string };

const send = async (site: Inventree, path: string, body: object, method = 'POST'): Promise<Answered> => {
  const response = await fetch(`${site.url}${path}`, {
    method,
    headers: { Authorization: `Token ${site.token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, text: await response.text() };
};

/** Both requests have read before one of them writes. */
async function race(
  site: Inventree,
  first: () => Promise<Answered>,
  second: () => Promise<Answered>,
): Promise<number[]> {
  site.meet(2);
  const answers = await Promise.all([first(), second()]);
  return answers.map((one) => one.status).sort();
}

describe.each([421, 530])('API %i: two requests at once', (apiVersion) => {
  let site: Inventree;
  let places: { readonly warehouse: number; readonly bags: readonly [number, number] };
  let parts: { readonly modem: number; readonly cable: number };
  let customers: readonly [number, number];
  let made = 0;

  beforeAll(async () => {
    site = await createInventree({ apiVersion });
    const warehouse = site.addLocation({ name: 'Warehouse' });
    places = { warehouse, bags: [site.addLocation({ name: 'Bag A' }), site.addLocation({ name: 'Bag B' })] };
    parts = { modem: site.addPart({ name: 'ONT' }), cable: site.addPart({ name: 'Cable', trackable: false }) };
    customers = [site.addCompany({ name: 'Ani' }), site.addCompany({ name: 'Bayu' })];
  });
  afterAll(() => site.stop());

  const unit = (): number => {
    made += 1;
    return site.addItems(parts.modem, places.warehouse, [`SN${made}`])[0] ?? 0;
  };
  const reel = (): number =>
    (
      site.person('POST', '/api/stock/', { part: parts.cable, location: places.warehouse, quantity: 100 }) as {
        readonly pk: number;
      }[]
    )[0]?.pk ?? 0;
  const move = (pk: number, location: number, quantity = 1) =>
    send(site, '/api/stock/transfer/', { items: [{ pk, quantity }], location });
  const give = (item: number, customer: number) => send(site, '/api/stock/assign/', { items: [{ item }], customer });
  const types = (pk: number): number[] => site.tracks(pk).map((row) => row.type);

  it('two customers are both told yes, and the last one has the unit', async () => {
    const pk = unit();
    expect(
      await race(
        site,
        () => give(pk, customers[0]),
        () => give(pk, customers[1]),
      ),
    ).toEqual([201, 201]);
    expect(types(pk)).toEqual([1, 100, 100]);
  });

  it('two bags are both told yes', async () => {
    const pk = unit();
    expect(
      await race(
        site,
        () => move(pk, places.bags[0]),
        () => move(pk, places.bags[1]),
      ),
    ).toEqual([201, 201]);
    expect(types(pk)).toEqual([1, 20, 20]);
  });

  it('a move that had read before an assign takes the unit from the customer without a trace', async () => {
    const pk = unit();
    site.fate = (call) => (call.path.endsWith('/transfer/') ? { kind: 'late' } : null);
    await expect(move(pk, places.bags[0])).rejects.toThrow();
    await expect.poll(() => site.requests().at(-1)?.path).toBe('/api/stock/transfer/');
    site.fate = () => null;
    expect((await give(pk, customers[0])).status).toBe(201);
    site.settle();
    await expect.poll(() => site.item(pk)).toMatchObject({ location: places.bags[0], customer: null });
    expect(types(pk)).toEqual([1, 100, 20]);
  });

  it('one serial made twice: two units up to 1.4, one afterwards', async () => {
    const make = () =>
      send(site, '/api/stock/', { part: parts.modem, location: places.warehouse, quantity: 1, serial_numbers: 'TWIN' });
    const statuses = await race(site, make, make);
    expect(statuses).toEqual(apiVersion === 421 ? [201, 201] : [201, 400]);
    expect(site.items().filter((item) => item.serial === 'TWIN')).toHaveLength(apiVersion === 421 ? 2 : 1);
  });

  it('one label can be linked to two units', async () => {
    const [a, b] = [unit(), unit()];
    const link = (stockitem: number) => () => send(site, '/api/barcode/link/', { barcode: 'LABEL', stockitem });
    expect(await race(site, link(a), link(b))).toEqual([200, 200]);
    expect(site.items().filter((item) => item.barcodeData === 'LABEL')).toHaveLength(2);
  });

  it('sixty and sixty of a hundred: one hundred and twenty are moved up to 1.4', async () => {
    const pk = reel();
    const both = await race(
      site,
      () => move(pk, places.bags[0], 60),
      () => move(pk, places.bags[1], 60),
    );
    expect(both).toEqual([201, 201]);
    const family = site.items().filter((item) => item.pk === pk || item.parent === pk);
    const amounts = family.map((item) => item.quantity).sort((a, b) => a - b);
    expect(amounts).toEqual(apiVersion === 421 ? [40, 60, 60] : [40, 60]);
  });

  it('removing sixty and sixty of a hundred leaves forty up to 1.4, and nothing afterwards', async () => {
    const pk = reel();
    const take = () => send(site, '/api/stock/remove/', { items: [{ pk, quantity: 60 }] });
    expect(await race(site, take, take)).toEqual([201, 201]);
    expect(site.item(pk)?.quantity).toBe(apiVersion === 421 ? 40 : undefined);
  });

  it('two changes of metadata lose one of them', async () => {
    const pk = unit();
    const path = apiVersion === 421 ? `/api/stock/${pk}/metadata/` : `/api/metadata/stockitem/${pk}/`;
    const patch = (key: string) => () => send(site, path, { metadata: { [key]: 1 } }, 'PATCH');
    expect(await race(site, patch('a'), patch('b'))).toEqual([200, 200]);
    expect(Object.keys(site.item(pk)?.metadata ?? {})).toHaveLength(1);
  });

  it('an answer that is lost does not undo what was done; one that was lost before did nothing', async () => {
    const pk = unit();
    site.fate = () => ({ kind: 'cut after' });
    await expect(move(pk, places.bags[0])).rejects.toThrow();
    expect(site.item(pk)?.location).toBe(places.bags[0]);
    site.fate = () => ({ kind: 'lost before' });
    await expect(move(pk, places.bags[1])).rejects.toThrow();
    site.fate = () => ({ kind: 'error after' });
    expect((await give(pk, customers[0])).status).toBe(500);
    site.fate = () => null;
    expect(site.item(pk)).toMatchObject({ location: null, customer: customers[0] });
  });
});
