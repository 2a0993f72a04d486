import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bill, customer, letterhead, picture, vouchers } from '#test/features/papers.ts';
import { contentsOf, pagesOf, textOf } from '#test/features/pdf-text.ts';
import { qrSquares } from '../qr.ts';
import type { Paper } from './papers.ts';
import { render } from './render.ts';

const english = { ...letterhead, language: 'en' } as const;
const printed = async (paper: Paper): Promise<string> => textOf(await render(paper));
const hasPicture = async (paper: Paper): Promise<boolean> =>
  Buffer.from(await render(paper))
    .toString('latin1')
    .includes('/Subtype /Image');

describe('a bill on paper', () => {
  it('L2: says in Indonesian whose it is, what for, the tax, what is paid, what is left, and how to pay', async () => {
    const text = await printed(bill);
    const parts = ['Kencana Net', 'TAGIHAN', 'INV-2026-000017', 'Budi Santoso', 'KCB-CKP010225-001', 'Jl. Melati 5'];
    for (const part of parts) expect(text).toContain(part);
    expect(text).toContain('01/11/2026 \x96 30/11/2026');
    expect(text).toContain('20 November 2026');
    for (const part of ['Paket Home 10', 'Rp 135.135', 'PPN 12 %', 'Rp 14.865', 'Rp 123.874'])
      expect(text).toContain(part);
    for (const part of ['Rp 150.000', 'Rp 50.000', 'Rp 100.000', 'DIBAYAR SEBAGIAN']) expect(text).toContain(part);
    expect(text).toContain('Sebutkan nomor tagihan saat membayar kepada Kencana Net.');
    expect(text).toContain('Halaman 1 dari 1');
  });

  it('L2: and in English, with the words of the tenant on how to pay', async () => {
    const text = await printed({ ...bill, head: english, stamp: 'overdue', settled: 0n, howToPay: 'BCA 123\nQRIS' });
    for (const part of ['INVOICE', 'Due', 'Outstanding', 'OVERDUE', 'How to pay', 'BCA 123', 'QRIS', 'Page 1 of 1'])
      expect(text).toContain(part);
    expect(text).toContain('Rp 150.000');
  });

  it('asks nobody for money for what is paid, cancelled, or a credit note', async () => {
    for (const paper of [
      { ...bill, stamp: 'paid', settled: 150_000n },
      { ...bill, stamp: 'cancelled' },
      { ...bill, kind: 'credit_note', against: 'INV-2026-000016', stamp: 'unpaid' },
    ] as const) {
      expect(await printed(paper)).not.toContain('Cara membayar');
    }
  });

  it('L2: two hundred lines go on over the pages, each once, under heads of their own', async () => {
    const lines = Array.from({ length: 200 }, (_, n) => ({
      description: `Baris ${n + 1} dari tagihan`,
      quantity: 1,
      unitPrice: 1_000n,
      amount: 1_000n,
    }));
    const pages = pagesOf(await render({ ...bill, lines }));
    expect(pages.length).toBeGreaterThan(4);
    for (const [n, page] of pages.slice(0, -1).entries()) {
      expect(page).toContain('Uraian');
      expect(page).toContain(`Halaman ${n + 1} dari ${pages.length}`);
    }
    const text = pages.join(' ');
    for (const { description } of lines) expect(text.split(`${description} `)).toHaveLength(2);
  });

  it('SEC-15: no text of whatever kind does harm or stops it', async () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 400 }),
      fc.constantFrom(
        ') Tj ET Q endstream endobj',
        '<<>>/JS (app.alert(1))',
        '%PDF-1.7\n%%EOF',
        '\\)\\(',
        '👩‍🚀'.repeat(50),
      ),
      fc.string({ minLength: 400, maxLength: 2_000 }),
    );
    await fc.assert(
      fc.asyncProperty(hostile, hostile, async (name, text) => {
        const pdf = await render({
          ...bill,
          head: { ...letterhead, company: name },
          customer: { name: text, code: name, address: text },
          lines: [{ description: text, quantity: 1, unitPrice: 1n, amount: 1n }],
          howToPay: text,
          notes: name,
        });
        const whole = Buffer.from(pdf).toString('latin1');
        expect(whole.split('%%EOF')).toHaveLength(2);
        expect(whole).not.toContain('/JS');
        expect(textOf(pdf)).toContain('INV-2026-000017');
      }),
      { numRuns: 100 },
    );
  });
});

describe('the logo', () => {
  const withLogo = (logo: Uint8Array): Paper => ({ ...bill, head: { ...letterhead, logo } });

  it('L2: is printed where it is a picture', async () => {
    expect(await hasPicture(withLogo(picture(40)))).toBe(true);
  });

  it('is left out where it is damaged, of another kind, too large, or packed to blow up', async () => {
    const whole = picture(40);
    const damaged = [
      whole.slice(0, 60),
      picture(40, 39),
      picture(40, 41),
      picture(4, 30_000),
      new Uint8Array([255, 216, 255]),
    ];
    for (const logo of [...damaged, Buffer.from('RIFF1234WEBPVP8 '), Buffer.from('<svg onload=alert(1)>')]) {
      expect(await hasPicture(withLogo(new Uint8Array(logo)))).toBe(false);
    }
  });
});

describe('a receipt, a statement, and what is open', () => {
  it('L2: a receipt says what was received, for which bills, and what is left as credit', async () => {
    const text = await printed({
      kind: 'receipt',
      head: letterhead,
      number: 'R-1A2B3C4D',
      paidOn: '2026-11-21',
      customer,
      method: 'qris',
      reference: 'TX-9',
      amount: 200_000n,
      refunded: 20_000n,
      settles: [{ number: 'INV-2026-000017', amount: 150_000n }],
      credit: 30_000n,
      stamp: 'paid',
      notes: 'titip Bu Sari',
    });
    for (const part of ['KUITANSI', 'R-1A2B3C4D', 'QRIS', 'TX-9', 'Rp 200.000', 'INV-2026-000017', 'Rp 150.000'])
      expect(text).toContain(part);
    for (const part of ['Saldo kredit', 'Rp 30.000', '-Rp 20.000', 'LUNAS', 'titip Bu Sari'])
      expect(text).toContain(part);
  });

  it('S2: a deposit’s statement shows each move, and what it held before, after and in between', async () => {
    const text = await printed({
      kind: 'deposit_statement',
      head: letterhead,
      reseller: 'Toko Berkah',
      from: '2026-11-01',
      to: '2026-11-30',
      opening: 25_000n,
      rows: [
        { on: '2026-11-02', what: 'top_up', memo: 'BCA 881', amount: 500_000n, balance: 525_000n },
        { on: '2026-11-20', what: 'payment', memo: 'Budi KCB-001', amount: -150_000n, balance: 375_000n },
      ],
    });
    for (const part of ['MUTASI DEPOSIT', 'Mitra', 'Toko Berkah', 'Saldo awal Rp 25.000', 'Isi deposit: BCA 881'])
      expect(text).toContain(part);
    for (const part of ['Rp 525.000', 'Bayar tagihan: Budi KCB-001', 'Rp 150.000', 'Saldo akhir Rp 375.000'])
      expect(text).toContain(part);
  });

  it('L2: a statement shows what is owed after each row, from the opening to the closing balance', async () => {
    const plain = { isBack: false, isOnItsWay: false };
    const text = await printed({
      kind: 'statement',
      head: english,
      customer,
      from: '2026-11-01',
      to: '2026-11-30',
      opening: 25_000n,
      rows: [
        { ...plain, on: '2026-11-01', what: 'invoice', number: 'INV-2026-000017', amount: 150_000n },
        { ...plain, on: '2026-11-20', what: 'payment', number: 'R-1A2B3C4D', amount: -175_000n },
        { ...plain, on: '2026-11-21', what: 'payment', isBack: true, number: 'R-1A2B3C4D', amount: 175_000n },
        { ...plain, on: '2026-11-22', what: 'payment', isOnItsWay: true, number: 'R-5E6F', amount: -1_000n },
      ],
    });
    for (const part of [
      'STATEMENT',
      'Opening balance',
      'Rp 25.000',
      'Invoice INV-2026-000017',
      'Rp 175.000',
      'Rp 174.000',
    ])
      expect(text).toContain(part);
    expect(text).toContain('Cancelled: Payment R-1A2B3C4D');
    expect(text).toContain('Payment R-5E6F (on its way)');
  });
});

describe('a sheet of vouchers', () => {
  it('R4: has each code once in letters, with what it is worth and until when', async () => {
    const paper = vouchers(30);
    const pages = pagesOf(await render(paper));
    expect(pages).toHaveLength(2);
    const text = pages.join(' ');
    for (const { code } of paper.vouchers) expect(text.split(code)).toHaveLength(2);
    for (const part of ['30 hari', 'Rp 100.000', 'Paket Home 10', 'Berlaku sampai 31/12/2027', 'No. 30'])
      expect(text).toContain(part);
  });

  it('R4: and once as QR: the squares on paper are those of the code', async () => {
    const paper = vouchers(2);
    const [content = ''] = contentsOf(await render(paper));
    const pictures = [...content.matchAll(/BI \/W (\d+) \/H \d+ \/IM true \/BPC 1 \/F \/AHx ID\n([0-9a-f]+)>/g)];
    expect(pictures).toHaveLength(2);
    pictures.forEach(([, side, hex = ''], n) => {
      const { size, isDark } = qrSquares(paper.vouchers[n]?.code ?? '');
      expect(Number(side)).toBe(size);
      const bits = Buffer.from(hex, 'hex');
      const isLight = (x: number, y: number): boolean =>
        ((bits[y * Math.ceil(size / 8) + (x >> 3)] ?? 0) & (128 >> (x & 7))) !== 0;
      for (let y = 0; y < size; y++) for (let x = 0; x < size; x++) expect(isLight(x, y)).toBe(!isDark(x, y));
    });
  });

  it('S1: on slips of 58 mm each has a page of its own, and nothing of it stands beyond what the printer marks', async () => {
    const paper = { ...vouchers(3), format: '58mm', head: { ...letterhead, company: 'W'.repeat(60) } } as const;
    const pdf = await render(paper);
    const pages = pagesOf(pdf);
    expect(pages).toHaveLength(3);
    pages.forEach((page, n) => {
      for (const part of [paper.vouchers[n]?.code ?? '', '30 hari', 'Rp 100.000', 'Paket Home 10', `No. ${n + 1}`])
        expect(page).toContain(part);
    });
    expect(
      Buffer.from(pdf)
        .toString('latin1')
        .match(/\/MediaBox \[0 0 164\.4 224\]/g),
    ).toHaveLength(3);
    for (const content of contentsOf(pdf)) {
      const lefts = [...content.matchAll(/1 0 0 1 ([\d.]+) [\d.]+ Tm/g)].map(([, x]) => Number(x));
      expect(lefts.length).toBeGreaterThan(4);
      for (const left of lefts) expect(left).toBeGreaterThan(14);
    }
  });

  it('is a document that holds together: every object stands where its table says', async () => {
    const whole = Buffer.from(await render(vouchers(3))).toString('latin1');
    const table = whole.slice(whole.lastIndexOf('\nxref\n'));
    const offsets = [...table.matchAll(/^(\d{10}) 00000 n/gm)].map(([, at]) => Number(at));
    expect(offsets.length).toBeGreaterThan(5);
    offsets.forEach((at, n) => {
      expect(whole.slice(at, at + 12)).toMatch(new RegExp(`^${n + 1} 0 obj`));
    });
  });
});
