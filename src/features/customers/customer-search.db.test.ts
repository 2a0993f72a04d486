import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createTestBridge, type TestBridge } from '#test/setup/bridge.ts';
import { type Office, openOffice } from '#test/setup/office.ts';

let bridge: TestBridge;

beforeAll(async () => {
  bridge = await createTestBridge(inject('postgresUrl'));
});
afterAll(() => bridge.close());

type Row = { readonly id: string; readonly customer_code: string; readonly created_at: string } & Readonly<
  Record<'name' | 'phone' | 'email' | 'status', string | null>
>;
type Page = { readonly data: readonly Row[]; readonly total: number; readonly next_cursor: string | null };

const listed = async (office: Office, query: Record<string, string>): Promise<Page> => {
  const { status, body } = await office.customers('GET', `/customers?${new URLSearchParams(query)}`);
  expect(status).toBe(200);
  return body as unknown as Page; // the answer's own shape is what other tests prove
};
const everybody = async (office: Office, query: Record<string, string> = {}): Promise<readonly Row[]> =>
  (await listed(office, { page_size: '100', ...query })).data;

const states = ['pending', 'active', 'isolated', 'suspended', 'terminated'];

/** Customers written past the journey: the triggers are what is looked at. */
async function addCustomers({ tenant }: Office, some: readonly Pick<Row, 'name' | 'phone' | 'email'>[]): Promise<void> {
  for (const [i, { name, phone, email }] of some.entries()) {
    await bridge.look(
      'insert into customers (tenant_id, customer_code, name, phone, address, email, status) values ($1, $2, $3, $4, $5, $6, $7)',
      [tenant.id, `CUST${String(i).padStart(3, '0')}`, name, phone, 'Jl. 1', email, states[i % 5]],
    );
  }
}

const letters = [...'abKé 1.-_%\\😀'];
const shortText = fc.string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: 24 });
const person = fc.record({
  name: shortText.filter((text) => text.trim() !== ''),
  phone: fc.string({ unit: fc.constantFrom(...'0128+ -'), minLength: 3, maxLength: 18 }),
  email: fc.option(
    fc.string({ unit: fc.constantFrom(...'abk1'), minLength: 1, maxLength: 30 }).map((name) => `${name}@Contoh.id`),
  ),
});
const lower = (text: string | null): string => (text ?? '').toLowerCase();
const digits = (text: string): string => text.replace(/[^0-9]/g, '');

/** What search promises of a term, by its own words. */
function isFound(row: Row, term: string): boolean {
  const wanted = term.toLowerCase();
  if ([...term].length < 3) {
    const words = lower(row.name)
      .split(' ')
      .map((_, i, all) => all.slice(i).join(' '));
    return [...words, lower(row.customer_code)].some((word) => word.startsWith(wanted));
  }
  const holds = [row.name, row.customer_code, row.phone, row.email].some((value) => lower(value).includes(wanted));
  const isPhone = /^[0-9+][0-9 ().-]*$/.test(term) && digits(term).length >= 3;
  return holds || (isPhone && digits(row.phone ?? '').includes(digits(term)));
}

describe('the list of customers', () => {
  it('P11: search finds exactly those whose name, code, phone or e-mail holds the term, phones by their digits too', async () => {
    const office = await openOffice(bridge, { decides: false });
    await addCustomers(office, fc.sample(person, { numRuns: 60, seed: 7 }));
    const all = await everybody(office);
    const pieces = all.flatMap(({ name, phone, email, customer_code }) => [name, phone, email, customer_code]);
    const piece = fc
      .tuple(fc.constantFrom(...pieces.filter((text) => text !== null)), fc.nat(20), fc.integer({ min: 1, max: 22 }))
      .map(([text, from, length]) =>
        [...text]
          .slice(from, from + length)
          .join('')
          .toUpperCase(),
      );
    const term = fc.oneof(piece, shortText).filter((text) => text.trim() === text && text !== '');
    await fc.assert(
      fc.asyncProperty(term, async (search) => {
        const { data, total } = await listed(office, { search, page_size: '100' });
        const expected = all.filter((row) => isFound(row, search)).map(({ id }) => id);
        expect(data.map(({ id }) => id).sort()).toEqual(expected.sort());
        expect(total).toBe(expected.length);
      }),
      { numRuns: 300 },
    );
  });

  it('P11: who was renamed, removed or given another phone is found by what is true now', async () => {
    const office = await openOffice(bridge, { decides: false });
    const { id } = (await office.registered({ name: 'Sebelum', phone: '0811111' })).body;
    await office.customers('PATCH', `/customers/${id}`, { name: 'Sesudah', phone: '0822222', email: 'baru@contoh.id' });
    const found = async (search: string) => (await everybody(office, { search })).length;
    expect(await Promise.all(['sebelum', '0811', 'sesudah', '0822', 'baru@'].map(found))).toEqual([0, 0, 1, 1, 1]);
    await bridge.look('update customers set deleted_at = now() where id = $1', [id]);
    expect(await found('sesudah')).toBe(0);
    const left = await bridge.look('select 1 from customer_terms where tenant_id = $1', [office.tenant.id]);
    expect(left).toEqual([]);
  });

  it('P10, P12: whatever filter, sort and page size, walking by cursor meets each match once, in order', async () => {
    const office = await openOffice(bridge, { decides: false });
    const names = fc.sample(person, { numRuns: 23, seed: 11 });
    await addCustomers(office, [...names, ...names.slice(0, 7)]);
    const query = fc.record({
      page_size: fc.integer({ min: 1, max: 12 }).map(String),
      sort: fc.constantFrom('name', '-name', 'customer_code', '-customer_code', 'created_at', '-created_at'),
      status: fc.constantFrom(undefined, ...states),
      search: fc.constantFrom(undefined, 'cust', 'contoh', 'cu', '01'),
    });
    await fc.assert(
      fc.asyncProperty(query, async ({ status, search, page_size, sort }) => {
        const filter = { sort, ...(status && { status }), ...(search && { search }) };
        const whole = await listed(office, { ...filter, page_size: '100' });
        const walked: Row[] = [];
        let cursor: string | null = '';
        while (cursor !== null) {
          const page: Page = await listed(office, { ...filter, page_size, ...(cursor && { cursor }) });
          expect(page.total).toBe(whole.total);
          walked.push(...page.data);
          cursor = page.next_cursor;
        }
        expect(walked.map(({ id }) => id)).toEqual(whole.data.map(({ id }) => id));
        expect(whole.total).toBe(whole.data.length);
        if (status)
          expect(new Set(walked.map((row) => row.status))).toEqual(new Set(walked.length > 0 ? [status] : []));
      }),
      { numRuns: 100 },
    );
  });

  it('P15: statistics by status add up to the total, whatever moved', async () => {
    const office = await openOffice(bridge, { decides: false });
    await addCustomers(office, fc.sample(person, { numRuns: 20, seed: 3 }));
    const ids = (await everybody(office)).map(({ id }) => id);
    const move = fc.record({
      id: fc.constantFrom(...ids),
      status: fc.constantFrom(...states),
      gone: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(move, { minLength: 1, maxLength: 6 }), async (moves) => {
        for (const { id, status, gone } of moves) {
          await bridge.look(
            `update customers set status = $2, deleted_at = case when $3 then now() end where id = $1`,
            [id, status, gone],
          );
        }
        const { body } = await office.customers('GET', '/customers/statistics');
        const counted = await bridge.look<{ status: string; n: number }>(
          'select status, count(*)::int as n from customers where tenant_id = $1 and deleted_at is null group by status',
          [office.tenant.id],
        );
        const byStatus = body.by_status as Record<string, number>;
        expect(Object.values(byStatus).reduce((sum, n) => sum + n, 0)).toBe(body.total);
        expect(byStatus).toEqual({
          ...Object.fromEntries(states.map((state) => [state, 0])),
          ...Object.fromEntries(counted.map(({ status, n }) => [status, n])),
        });
        expect((await listed(office, {})).total).toBe(body.total);
      }),
      { numRuns: 100 },
    );
  });

  it('C4: a cursor that nobody gave, or of another sort, is refused by name', async () => {
    const office = await openOffice(bridge, { decides: false });
    for (let i = 0; i < 2; i++) await office.registered();
    const { next_cursor } = await listed(office, { page_size: '1' });
    const bad = [
      { cursor: 'x' },
      { cursor: Buffer.from('{}').toString('base64url') },
      { cursor: String(next_cursor), sort: 'name' },
    ];
    for (const query of bad) {
      const answer = await office.customers(
        'GET',
        `/customers?${new URLSearchParams(query as Record<string, string>)}`,
      );
      expect(answer).toMatchObject({ status: 400, body: { details: { fields: [{ field: 'cursor' }] } } });
    }
  });

  it('C9: two lines of one customer that move at once leave the status of the better one', async () => {
    const office = await openOffice(bridge);
    const { id, subscription } = (await office.registered()).body as { id: string; subscription: { id: string } };
    const second = await office.customers('POST', `/customers/${id}/subscriptions`, { service_plan_id: office.planId });
    const lines = [subscription.id, String(second.body.id)];
    for (let round = 0; round < 20; round++) {
      const to = round % 2 === 0 ? 'isolated' : 'active';
      const move = (line: string) =>
        bridge.db.worker(office.tenant.id, (tx) =>
          tx.updateTable('access').set({ state: to }).where('subscription_id', '=', line).execute(),
        );
      await Promise.all(lines.map(move));
      expect((await office.customers('GET', `/customers/${id}`)).body.status).toBe(to);
    }
  });
});
