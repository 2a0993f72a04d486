import { describe, expect, it } from 'vitest';
import { err, ok } from '#domain/result.ts';
import { listChanges } from './changes.ts';
import type { ErpnextClient, Fields } from './client.ts';
import { historyListings, listHistory } from './history.ts';
import { invoiceReader } from './invoice.ts';
import { journalReader } from './journal.ts';
import { receiptReader } from './receipt.ts';
import { refundReader } from './refund.ts';

const rupiah = { currency: 'IDR', isChosen: true };
const readers = {
  invoices: invoiceReader(rupiah),
  receipts: receiptReader(rupiah, 'jembatan_ref'),
  refunds: refundReader(rupiah),
};
const head = { name: 'X-1', modified: '2026-11-21 00:17:52.037066', docstatus: '1' };
const bill = {
  ...{ ...head, customer: 'Budi', posting_date: '2026-11-21', grand_total: '50000.0', outstanding_amount: '0.0' },
  ...{ due_date: null, currency: 'IDR', party_account_currency: 'IDR' },
};
const money = {
  ...{ ...head, payment_type: 'Receive', party_type: 'Customer', party: 'Budi', posting_date: '2026-11-21' },
  ...{ paid_amount: '49000.0', total_allocated_amount: '50000.0', unallocated_amount: '0.0' },
};

describe('what a document does to a customer’s account', () => {
  it('L1: a bill of the counter brings its money, less the change, and what was waived; another brings none', () => {
    const paid = { is_pos: '1', paid_amount: '60000.0', change_amount: '11000.0', write_off_amount: '1000.0' };
    const told = readers.invoices.document({ ...bill, ...paid });
    expect(told).toMatchObject({
      ok: true,
      value: { fact: { total: 50_000n, paidAtOnce: 49_000n, writtenOff: 1_000n } },
    });
    const other = readers.invoices.row({ ...bill, is_pos: '0', paid_amount: '0.0', write_off_amount: '0.0' });
    expect(other.ok && Object.keys(other.value.fact)).not.toContain('paidAtOnce');
    expect(other.ok && Object.keys(other.value.fact)).not.toContain('writtenOff');
  });

  it('L1: money takes off what it is put against, with the fee that the bank kept, and says whose it is', () => {
    const told = readers.receipts.document({ ...money, jembatan_ref: 'R', references: [] });
    expect(told).toMatchObject({ ok: true, value: { fact: { amount: 49_000n, credited: 50_000n, ref: 'R' } } });
    const plain = readers.receipts.document({ ...money, paid_amount: '50000.0', jembatan_ref: null });
    expect(plain.ok && plain.value && Object.keys(plain.value.fact)).not.toContain('credited');
    const cancelled = readers.receipts.document({ ...money, docstatus: '2' });
    expect(cancelled).toMatchObject({ ok: true, value: { fact: { submitted: false, cancelled: true } } });
  });

  it('L1: money that goes back is read as that, and none of a supplier is', () => {
    const back = { ...money, payment_type: 'Pay' };
    expect(readers.receipts.document(back)).toEqual(ok(null));
    expect(readers.refunds(back)).toMatchObject({ ok: true, value: { fact: { kind: 'refund', amount: 49_000n } } });
    expect(readers.refunds({ ...back, party_type: 'Supplier' })).toEqual(ok(null));
  });

  it('L1: a journal entry moves each of its customers by the sum of its rows', () => {
    const row = (party: string, debit: string, credit: string) => ({
      ...{ party_type: 'Customer', party, debit_in_account_currency: debit, credit_in_account_currency: credit },
    });
    const accounts = [row('Budi', '0.0', '7000.0'), row('Sari', '9000.0', '0.0'), row('Budi', '2000.0', '0.0')];
    const entry = { ...head, voucher_type: 'Cash Entry', posting_date: '2026-11-21', accounts };
    expect(journalReader(rupiah)(entry)).toMatchObject({
      ok: true,
      value: {
        fact: {
          ...{ customer: 'Budi', isMoney: true, postedOn: '2026-11-21' },
          moves: [
            { customer: 'Budi', amount: -5_000n },
            { customer: 'Sari', amount: 9_000n },
          ],
        },
      },
    });
  });
});

/** A site that answers every list with these rows, and counts or does not. */
const site = (rows: readonly Fields[], count: unknown): ErpnextClient => ({
  list: async () => ok(rows),
  call: async () => ok(count),
  document: async () => ok(null),
  update: async () => ok({}),
  create: async () => ok({}),
});

describe('the past', () => {
  const past = (client: ErpnextClient, doctype: string) =>
    listHistory({ client, pageLength: 500 }, historyListings(readers), doctype, null);

  it('L1: is what is settled; what is open, and what nobody can read, is left out', async () => {
    const open = { ...bill, name: 'X-2', outstanding_amount: '1.0' };
    const dollars = { ...bill, name: 'X-3', currency: 'USD' };
    const bills = await past(site([bill, open, dollars], '3'), 'Sales Invoice');
    expect(bills).toMatchObject({ ok: true, value: { settled: [{ fact: { name: 'X-1' } }], after: 'X-3' } });
    const free = { ...money, name: 'X-2', unallocated_amount: '1.0' };
    const back = { ...money, name: 'X-3', payment_type: 'Pay' };
    const payments = await past(site([money, free, back], '3'), 'Payment Entry');
    expect(payments.ok && payments.value.settled.map(({ fact }) => fact.kind)).toEqual(['receipt', 'refund']);
  });

  it('ends with an empty page of a site that counts, and not with that of one that answers nothing to everything', async () => {
    expect(await past(site([], '0'), 'Sales Invoice')).toEqual(ok({ settled: [], after: null }));
    expect(await past(site([], undefined), 'Sales Invoice')).toMatchObject({
      ok: false,
      error: { reason: 'nonsense' },
    });
  });

  it('L1: a user who may not read Journal Entries is followed in all else', async () => {
    const refused = async () => err({ reason: 'unauthorized', detail: 'no permission' } as const);
    const client = { ...site([], '0'), list: refused };
    const following = { client, pageLength: 9, now: () => new Date(0), zone: async () => null, overlapMs: 1 };
    expect(await listChanges(following, 'Journal Entry', null)).toEqual(ok({ versions: [], cursor: '' }));
    expect(await listChanges(following, 'Payment Entry', null)).toMatchObject({ ok: false });
  });
});
