import { describe, expect, it } from 'vitest';
import { type OpenBill, proposalsFor, tokensOf } from './proposals.ts';

const bill = (number: string, name: string, outstanding: bigint): OpenBill => ({
  customer_id: number,
  customer_code: `KCB-${number}`,
  name,
  invoice_id: number,
  erp_invoice: null,
  number: `INV-2026-${number}`,
  due_date: '2026-11-20',
  outstanding,
});
const bills = [
  bill('000041', 'Budi Santoso', 150_000n),
  bill('000042', 'Ani Wijaya', 150_000n),
  bill('000043', 'Budi Hartono', 175_000n),
];
const propose = (description: string, amount: bigint) =>
  proposalsFor({ description, amount }, bills).map(({ number, why }) => [number, why.join(' ')]);

describe('whose money a line may be', () => {
  it('L5: a number in the text comes before all else, however the bank has cut it', () => {
    expect(propose('TRF INV 2026 000042 TERIMA KASIH', 100n)).toEqual([['INV-2026-000042', 'invoice_number']]);
    expect(propose('BAYAR INV-2026-000041', 150_000n)[0]).toEqual(['INV-2026-000041', 'invoice_number amount']);
    expect(propose('KCB000043', 1n)).toEqual([['INV-2026-000043', 'customer_code']]);
  });

  it('a name needs the amount, an amount that several owe needs a name, and one that a single bill has is enough', () => {
    expect(propose('TRSF BUDI SANTOSO', 150_000n)).toEqual([['INV-2026-000041', 'name amount']]);
    expect(propose('TRSF BUDI SANTOSO', 1n)).toEqual([]);
    expect(propose('SETORAN TUNAI', 150_000n)).toEqual([]);
    expect(propose('SETORAN TUNAI', 175_000n)).toEqual([['INV-2026-000043', 'amount only_such_amount']]);
  });

  it('a part of a number or of a name is none', () => {
    expect(propose('INV-2026-00004', 1n)).toEqual([]);
    expect(propose('BUDIMAN SANTOSO', 150_000n)).toEqual([]);
    expect(tokensOf('a b c d e')).toContain('ABCD');
    expect(tokensOf('a b c d e')).not.toContain('ABCDE');
  });
});
