import { deflateSync } from 'node:zlib';
import type { InvoicePaper, Letterhead, VoucherSheetPaper } from '#platform/paper/papers.ts';

/** A PNG of one colour, `side` squares wide and high; with transparency, as logos have it. */
export function picture(side: number, said = side): Uint8Array {
  const chunk = (type: string, data: Buffer): Buffer => {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(data.length);
    head.write(type, 4, 'latin1');
    return Buffer.concat([head, data, Buffer.alloc(4)]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(said, 0);
  head.writeUInt32BE(said, 4);
  head.set([8, 6, 0, 0, 0], 8);
  const rows = Buffer.alloc((side * 4 + 1) * side, 0x7f);
  for (let row = 0; row < side; row++) rows[row * (side * 4 + 1)] = 0;
  const parts = [chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))];
  return new Uint8Array(Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), ...parts]));
}

export const letterhead: Letterhead = {
  company: 'Kencana Net',
  colour: '#1a2b3c',
  logo: null,
  language: 'id',
  currency: 'IDR',
  printedOn: '2026-11-21',
};
export const customer = { name: 'Budi Santoso', code: 'KCB-CKP010225-001', address: 'Jl. Melati 5, Cikampek' };

export const bill: InvoicePaper = {
  kind: 'invoice',
  head: letterhead,
  number: 'INV-2026-000017',
  against: null,
  issuedOn: '2026-11-01',
  dueDate: '2026-11-20',
  period: { from: '2026-11-01', to: '2026-11-30' },
  customer,
  lines: [{ description: 'Paket Home 10', quantity: 1, unitPrice: 150_000n, amount: 150_000n }],
  net: 135_135n,
  taxes: [{ rateBp: 1_200, base: 123_874n, tax: 14_865n }],
  total: 150_000n,
  settled: 50_000n,
  stamp: 'partly_paid',
  howToPay: null,
  notes: '',
};

export const vouchers = (count: number): VoucherSheetPaper => ({
  kind: 'vouchers',
  head: letterhead,
  format: 'a4',
  days: 30,
  price: 100_000n,
  plan: 'Home 10',
  expiresOn: '2027-12-31',
  vouchers: Array.from({ length: count }, (_, n) => ({
    no: n + 1,
    code: `KCB-2345-ABCDE-${String(n).padStart(4, '0')}`,
  })),
});
