import type { Language } from '#domain/reason.ts';
import type { PayMethod } from './verbs.ts';

/** What the page says, to people who have just lost their Internet: short, plain, and what to do next. */
type Words = {
  readonly title: string;
  readonly stopped: string;
  readonly unknown: string;
  readonly unseen: string;
  readonly greeting: string;
  readonly customer: string;
  readonly owed: string;
  readonly bill: string;
  readonly due: string;
  readonly amount: string;
  readonly since: string;
  readonly how: string;
  readonly scan: string;
  readonly ask: string;
  readonly shop: string;
  readonly call: string;
  readonly paid: string;
  readonly other: string;
  readonly pay: Readonly<Record<PayMethod, string>>;
  readonly payNow: string;
  readonly scanThis: string;
  readonly transferTo: string;
  readonly noCharge: string;
  readonly voucher: string;
  readonly redeem: string;
  readonly vouchers: Readonly<Record<VoucherWord, string>>;
  readonly states: {
    readonly owing: string;
    readonly restored: string;
    readonly held: string;
    readonly new: string;
    readonly ended: string;
    readonly used: string;
    readonly expired: string;
    readonly other: string;
  };
};
export type StateWord = keyof Words['states'];
/** What came of a voucher. */
export type VoucherWord = 'taken' | 'unknown' | 'used' | 'void' | 'expired' | 'other_plan' | 'unfit' | 'often';

const id: Words = {
  title: 'Layanan internet dibatasi',
  stopped: 'Layanan internet Anda sedang dibatasi',
  unknown:
    'Halaman ini tidak dapat mengenali sambungan Anda. Jika internet Anda tidak jalan, hubungi penyedia layanan Anda dan siapkan kode pelanggan.',
  unseen: 'Data tagihan sedang tidak dapat ditampilkan. Cobalah lagi beberapa menit lagi.',
  greeting: 'Pelanggan',
  customer: 'Kode pelanggan',
  owed: 'Yang harus dibayar',
  bill: 'Tagihan',
  due: 'Jatuh tempo',
  amount: 'Jumlah',
  since: 'Menunggak sejak',
  how: 'Cara membayar',
  scan: 'Pindai QRIS ini dengan aplikasi bank atau dompet digital, lalu isi jumlah yang harus dibayar.',
  ask: 'Hubungi kami untuk cara membayar.',
  shop: 'Bisa juga dibayar tunai di',
  call: 'Butuh bantuan? Hubungi',
  paid: 'Saya sudah membayar',
  other: 'English',
  pay: { qris: 'Bayar dengan QRIS', virtual_account: 'Bayar dengan virtual account' },
  payNow: 'Bayar sekarang',
  scanThis: 'Pindai QRIS ini dengan aplikasi bank atau dompet digital. Jumlahnya sudah terisi.',
  transferTo: 'Transfer tepat sejumlah ini ke virtual account',
  noCharge: 'Pembayaran ini sedang tidak dapat dibuat. Gunakan cara lain, atau cobalah lagi nanti.',
  voucher: 'Punya voucher? Ketik kodenya',
  redeem: 'Pakai voucher',
  vouchers: {
    taken: 'Voucher diterima.',
    unknown: 'Kode voucher ini tidak dikenal. Periksa kembali ketikannya.',
    used: 'Voucher ini sudah dipakai.',
    void: 'Voucher ini sudah tidak berlaku.',
    expired: 'Masa tukar voucher ini sudah lewat.',
    other_plan: 'Voucher ini untuk paket lain.',
    unfit: 'Layanan ini tidak dibayar dengan voucher.',
    often: 'Terlalu banyak kode yang salah. Cobalah lagi seperempat jam lagi.',
  },
  states: {
    owing: 'Ada tagihan yang belum dibayar. Setelah dibayar, internet menyala kembali dengan sendirinya.',
    restored:
      'Terima kasih, pembayaran sudah kami terima. Internet menyala kembali dalam beberapa menit; bila belum, matikan lalu nyalakan modem Anda.',
    held: 'Layanan Anda dihentikan sementara oleh petugas. Silakan hubungi kami.',
    new: 'Layanan Anda belum aktif: pemasangan atau pembayaran pertama masih ditunggu.',
    ended: 'Langganan ini sudah berakhir.',
    used: 'Kuota Anda sudah habis.',
    expired: 'Masa aktif Anda sudah habis.',
    other: 'Layanan Anda sedang dibatasi. Silakan hubungi kami.',
  },
};

const en: Words = {
  title: 'Internet service restricted',
  stopped: 'Your Internet service is restricted',
  unknown:
    'This page cannot tell which connection is yours. If your Internet does not work, contact your provider and have your customer code ready.',
  unseen: 'Your bill cannot be shown at the moment. Please try again in a few minutes.',
  greeting: 'Customer',
  customer: 'Customer code',
  owed: 'To be paid',
  bill: 'Bill',
  due: 'Due',
  amount: 'Amount',
  since: 'Overdue since',
  how: 'How to pay',
  scan: 'Scan this QRIS code with the app of your bank or wallet, and enter the amount to be paid.',
  ask: 'Contact us for how to pay.',
  shop: 'You may also pay cash at',
  call: 'Do you need help? Contact',
  paid: 'I have paid',
  other: 'Bahasa Indonesia',
  pay: { qris: 'Pay by QRIS', virtual_account: 'Pay by virtual account' },
  payNow: 'Pay now',
  scanThis: 'Scan this QRIS code with the app of your bank or wallet. The amount is in it.',
  transferTo: 'Transfer exactly this amount to the virtual account',
  noCharge: 'This payment cannot be made at the moment. Use another way, or try again later.',
  voucher: 'Do you have a voucher? Type its code',
  redeem: 'Use the voucher',
  vouchers: {
    taken: 'The voucher was accepted.',
    unknown: 'This code is unknown. Please check what you typed.',
    used: 'This voucher was used already.',
    void: 'This voucher is not valid any more.',
    expired: 'This voucher has expired.',
    other_plan: 'This voucher is for another plan.',
    unfit: 'This service is not paid by vouchers.',
    often: 'Too many wrong codes. Please try again in a quarter of an hour.',
  },
  states: {
    owing: 'There is an unpaid bill. Your Internet comes back by itself as soon as it is paid.',
    restored:
      'Thank you, your payment has arrived. Your Internet comes back within minutes; if it does not, turn your modem off and on.',
    held: 'Your service was stopped for now by our staff. Please contact us.',
    new: 'Your service is not active yet: the installation or the first payment is awaited.',
    ended: 'This subscription has ended.',
    used: 'Your quota is used up.',
    expired: 'Your service has run out.',
    other: 'Your service is restricted. Please contact us.',
  },
};

const words: Readonly<Record<Language, Words>> = { id, en };
export const wordsIn = (language: Language): Words => words[language];

/** What the visitor asked for by `?lang`, else what the browser prefers of the two, else the provider's own. */
export function languageOf(asked: string | undefined, accepted: string | undefined, usual: Language): Language {
  if (asked === 'id' || asked === 'en') return asked;
  const tags = (accepted ?? '').slice(0, 200).toLowerCase().split(',');
  const first = tags.map((tag) => tag.trim().slice(0, 2)).find((tag) => tag === 'id' || tag === 'en');
  return first === 'id' || first === 'en' ? first : usual;
}
