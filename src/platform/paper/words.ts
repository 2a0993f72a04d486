import type { LocalDate } from '#domain/facts.ts';
import type { Language } from '#domain/reason.ts';
import type { Stamp } from './papers.ts';

const indonesian = {
  invoice: 'Tagihan',
  credit_note: 'Nota Kredit',
  receipt: 'Kuitansi',
  statement: 'Rekening Pelanggan',
  depositStatement: 'Mutasi Deposit',
  customer: 'Pelanggan',
  reseller: 'Mitra',
  number: 'Nomor',
  against: 'Untuk tagihan',
  issued: 'Tanggal',
  due: 'Jatuh tempo',
  period: 'Periode',
  description: 'Uraian',
  quantity: 'Jml',
  price: 'Harga',
  amount: 'Jumlah',
  net: 'Subtotal',
  taxBase: 'Dasar pengenaan pajak',
  tax: 'PPN',
  total: 'Total',
  settled: 'Sudah dibayar',
  outstanding: 'Sisa tagihan',
  howToPay: 'Cara membayar',
  usualWay: 'Sebutkan nomor tagihan saat membayar kepada',
  notes: 'Catatan',
  paidOn: 'Tanggal bayar',
  method: 'Cara bayar',
  reference: 'Referensi',
  received: 'Diterima',
  settles: 'Untuk tagihan',
  credit: 'Saldo kredit',
  refunded: 'Dikembalikan',
  date: 'Tanggal',
  opening: 'Saldo awal',
  closing: 'Saldo akhir',
  owed: 'Tagihan',
  paid: 'Pembayaran',
  cameIn: 'Masuk',
  wentOut: 'Keluar',
  balance: 'Saldo',
  back: 'Pembatalan',
  onItsWay: 'dalam proses',
  page: 'Halaman',
  of: 'dari',
  days: 'hari',
  plan: 'Paket',
  until: 'Berlaku sampai',
  voucherNo: 'No.',
} as const;
export type Word = keyof typeof indonesian;

const english: Readonly<Record<Word, string>> = {
  invoice: 'Invoice',
  credit_note: 'Credit note',
  receipt: 'Receipt',
  statement: 'Statement',
  depositStatement: 'Deposit',
  customer: 'Customer',
  reseller: 'Reseller',
  number: 'Number',
  against: 'For invoice',
  issued: 'Date',
  due: 'Due',
  period: 'Period',
  description: 'Description',
  quantity: 'Qty',
  price: 'Price',
  amount: 'Amount',
  net: 'Subtotal',
  taxBase: 'Tax base',
  tax: 'VAT (PPN)',
  total: 'Total',
  settled: 'Paid so far',
  outstanding: 'Outstanding',
  howToPay: 'How to pay',
  usualWay: 'Name the number of this invoice when you pay to',
  notes: 'Notes',
  paidOn: 'Paid on',
  method: 'Method',
  reference: 'Reference',
  received: 'Received',
  settles: 'For invoice',
  credit: 'Credit left',
  refunded: 'Refunded',
  date: 'Date',
  opening: 'Opening balance',
  closing: 'Closing balance',
  owed: 'Charged',
  paid: 'Paid',
  cameIn: 'In',
  wentOut: 'Out',
  balance: 'Balance',
  back: 'Cancelled',
  onItsWay: 'on its way',
  page: 'Page',
  of: 'of',
  days: 'days',
  plan: 'Plan',
  until: 'Valid until',
  voucherNo: 'No.',
};

const words: Readonly<Record<Language, Readonly<Record<Word, string>>>> = { id: indonesian, en: english };
export const word = (language: Language, name: Word): string => words[language][name];

const stamps: Readonly<Record<Stamp, Readonly<Record<Language, string>>>> = {
  paid: { id: 'LUNAS', en: 'PAID' },
  partly_paid: { id: 'DIBAYAR SEBAGIAN', en: 'PARTLY PAID' },
  unpaid: { id: 'BELUM DIBAYAR', en: 'UNPAID' },
  overdue: { id: 'LEWAT JATUH TEMPO', en: 'OVERDUE' },
  cancelled: { id: 'DIBATALKAN', en: 'CANCELLED' },
  reversed: { id: 'DIBATALKAN', en: 'REVERSED' },
};
export const stampText = (language: Language, stamp: Stamp): string => stamps[stamp][language];

/** What posts to a customer's account, and how money comes; a kind that is not here is shown as it is called. */
const kinds: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  invoice: { id: 'Tagihan', en: 'Invoice' },
  credit_note: { id: 'Nota kredit', en: 'Credit note' },
  payment: { id: 'Pembayaran', en: 'Payment' },
  refund: { id: 'Pengembalian dana', en: 'Refund' },
  journal: { id: 'Jurnal', en: 'Journal entry' },
  write_off: { id: 'Penghapusan', en: 'Write-off' },
  cash: { id: 'Tunai', en: 'Cash' },
  transfer: { id: 'Transfer bank', en: 'Bank transfer' },
  qris: { id: 'QRIS', en: 'QRIS' },
  e_wallet: { id: 'Dompet digital', en: 'E-wallet' },
  virtual_account: { id: 'Virtual account', en: 'Virtual account' },
  deposit: { id: 'Deposit', en: 'Deposit' },
  other: { id: 'Lainnya', en: 'Other' },
};
export const kindText = (language: Language, kind: string): string => kinds[kind]?.[language] ?? kind;

/** What moves a reseller's deposit. */
const moves: typeof kinds = {
  top_up: { id: 'Isi deposit', en: 'Top-up' },
  payment: { id: 'Bayar tagihan', en: 'Bill paid' },
  vouchers: { id: 'Beli voucher', en: 'Vouchers bought' },
  reversal: { id: 'Pembatalan', en: 'Reversal' },
  refund: { id: 'Pengembalian', en: 'Refund' },
  payout: { id: 'Deposit dikembalikan', en: 'Deposit paid back' },
  commission: { id: 'Komisi masuk', en: 'Commission in' },
};
export const moveText = (language: Language, kind: string): string => moves[kind]?.[language] ?? kind;

const months: Readonly<Record<Language, readonly string[]>> = {
  id: 'Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember'.split(' '),
  en: 'January February March April May June July August September October November December'.split(' '),
};

/** `21 November 2026`. */
export function dateText(language: Language, date: LocalDate): string {
  const [year, month, day] = date.split('-').map(Number);
  return `${day} ${months[language][(month ?? 1) - 1]} ${year}`;
}

/** `21/11/2026`, where there is little room. */
export const shortDate = (date: LocalDate): string => date.split('-').reverse().join('/');

/** A rate in basis points: `11 %`, `1,5 %`. */
export const percentText = (language: Language, rateBp: number): string =>
  `${String(rateBp / 100).replace('.', language === 'id' ? ',' : '.')} %`;
