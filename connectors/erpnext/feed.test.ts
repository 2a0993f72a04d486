import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAddressGuard } from '#connectors/kit/address-guard.ts';
import { parseNetworks } from '#connectors/kit/address-kind.ts';
import { createBreaker } from '#connectors/kit/breaker.ts';
import type { LedgerFeed } from '#ports/ledger/feed.ts';
import { createErpnext, type Erpnext } from '#sandbox/erpnext/create-erpnext.ts';
import { createErpnextLedger } from './ledger.ts';

const networks = parseNetworks(['127.0.0.0/8']);
if (!networks.ok) throw new Error(networks.error);
const guard = createAddressGuard({ allow: networks.value, allowPrivate: true });

let now: number;
let site: Erpnext;
let feed: LedgerFeed;
let close: () => Promise<void>;

beforeEach(async () => {
  now = Date.parse('2026-11-21T03:00:00Z');
  site = await createErpnext({ now: () => new Date(now) });
  const ledger = createErpnextLedger({
    ...{ url: site.url, apiKey: site.apiKey, apiSecret: site.apiSecret },
    ...{ currency: 'IDR', isCurrencyChosen: true, guard, timeoutMs: 2000, pageLength: 7 },
    now: () => new Date(now),
    breaker: createBreaker({ threshold: 1000, coolDownMs: 1, now: () => 0 }),
  });
  if (!ledger.feed) throw new Error('ERPNext cannot be followed');
  feed = ledger.feed;
  close = async () => {
    ledger.close();
    await site.stop();
  };
});
afterEach(() => close());

async function changes(doctype: string, cursor: string | null) {
  const answer = await feed.changes(doctype, cursor);
  if (!answer.ok) throw new Error(answer.error.detail);
  return answer.value;
}
const namesIn = ({ versions }: { readonly versions: readonly { readonly name: string }[] }): readonly string[] =>
  versions.map(({ name }) => name);
const hourMs = 3_600_000;

describe('following ERPNext', () => {
  it('tells every change since the cursor, page by page, in the order of time', async () => {
    site.createCustomer({ customer_name: 'Old' });
    now += hourMs;
    const first = await changes('Customer', null);
    now += hourMs;
    const made = Array.from({ length: 45 }, (_, n) => site.createCustomer({ customer_name: `C${n}` }));
    const second = await changes('Customer', first.cursor);
    expect(namesIn(second).filter((name) => name !== 'Old')).toEqual(made);
    site.update('Customer', 'C3', { mobile_no: '0811' });
    const third = await changes('Customer', second.cursor);
    expect(namesIn(third).at(-1)).toBe('C3');
    expect(third.versions.at(-1)?.modified).toBe(site.get('Customer', 'C3').modified);
  });

  it('begins with the newest few, not with the whole past, and with little where there is nothing', async () => {
    site.createCustomer({ customer_name: 'Last year' });
    now += 24 * hourMs;
    site.createCustomer({ customer_name: 'Today' });
    expect(namesIn(await changes('Customer', null))).toEqual(['Today']);
    const empty = await changes('Subscription', null);
    expect(empty.versions).toEqual([]);
    site.nonsense('empty-list');
    const lied = await changes('Customer', null);
    site.nonsense(null);
    expect(namesIn(await changes('Customer', lied.cursor))).toEqual(['Today']);
  });

  it('a cursor that cannot be read begins anew', async () => {
    site.createCustomer({ customer_name: 'Budi' });
    for (const cursor of ['', 'x', '{}', '{"newest":1}'])
      expect(namesIn(await changes('Customer', cursor))).toEqual(['Budi']);
  });

  it.each(['403', 'html200', 'half', '500'] as const)('%s is told as a failure, never as no change', async (how) => {
    site.createCustomer({ customer_name: 'Budi' });
    site.nonsense(how);
    const answers = [feed.changes('Customer', null), feed.roster('Customer'), feed.isDeleted('Customer', 'Budi')];
    for (const answer of answers) expect((await answer).ok).toBe(false);
  });

  it('what the hub has no use for is not asked for', async () => {
    expect(await feed.changes('Item', null)).toMatchObject({ ok: false, error: { reason: 'rejected' } });
    expect(await feed.roster('Subscription Plan')).toMatchObject({ ok: false, error: { reason: 'rejected' } });
  });
});

describe('listing ERPNext whole', () => {
  it('a roster holds what bears on a line, with what is open, and says what may still be under way', async () => {
    site.createItem({ item_code: 'FIBER' });
    const customer = site.createCustomer({ customer_name: 'Budi' });
    const bill = (amount: number): string =>
      site.createInvoice({ customer, item: 'FIBER', amount, due_date: '2026-12-01' });
    const [paid, open] = [bill(100), bill(200)];
    site.pay({ invoice: paid });
    const credit = site.advance({ customer, amount: 50 });
    now += hourMs;
    const late = bill(300);
    const entries = async (doctype: string) => {
      const roster = await feed.roster(doctype);
      if (!roster.ok) throw new Error(roster.error.detail);
      return roster.value.map(({ version, amount, isRecent }) => [version.name, amount, isRecent]);
    };
    expect(await entries('Sales Invoice')).toEqual([
      [open, 200n, false],
      [late, 300n, true],
    ]);
    expect(await entries('Payment Entry')).toEqual([[credit, 50n, false]]);
    expect(await entries('Customer')).toEqual([[customer, null, false]]);
    expect(await entries('Subscription')).toEqual([]);
  });

  it('a deletion is proved by the trace that Frappe keeps of it, and by nothing else', async () => {
    site.createCustomer({ customer_name: 'Budi' });
    site.createCustomer({ customer_name: 'Sari' });
    site.remove('Customer', 'Budi');
    site.vanish('Customer', 'Sari');
    const proofs = ['Budi', 'Sari', 'Nobody'].map((name) => feed.isDeleted('Customer', name));
    expect(await Promise.all(proofs)).toEqual([true, false, false].map((value) => ({ ok: true, value })));
  });
});
