import type { LocalDate } from '#domain/facts.ts';

/** Why a line stands where it stands, as data; `reasonText` says it in words. Amounts in minor units, as text. */
export type Reason =
  | { readonly code: 'terminated' }
  | { readonly code: 'held'; readonly reason: string }
  | { readonly code: 'awaiting_installation' }
  | { readonly code: 'awaiting_first_payment' }
  | { readonly code: 'nothing_due' }
  | { readonly code: 'debt'; readonly amount: string; readonly invoices: readonly string[]; readonly since: LocalDate }
  | { readonly code: 'debt_unproved'; readonly amount: string; readonly invoices: readonly string[] }
  | { readonly code: 'debt_settling'; readonly amount: string; readonly until: string }
  | { readonly code: 'ambiguous_invoice'; readonly invoices: readonly string[] }
  /** Octets as text. */
  | { readonly code: 'quota_used_up'; readonly quota: string; readonly until: string }
  | { readonly code: 'quota_throttled'; readonly quota: string; readonly until: string }
  | { readonly code: 'validity_over'; readonly until: string }
  | { readonly code: 'held_by_brake'; readonly amount: string; readonly invoices: readonly string[] }
  | {
      readonly code: 'cuts_stopped';
      readonly amount: string;
      readonly invoices: readonly string[];
      readonly reason: string;
    }
  | {
      readonly code: 'promised';
      readonly amount: string;
      readonly invoices: readonly string[];
      readonly until: LocalDate;
    }
  | {
      readonly code: 'no_cut_time';
      readonly amount: string;
      readonly invoices: readonly string[];
      readonly until: string;
      /** What the day is called; empty: a weekday or hours. */
      readonly day: string;
    }
  | {
      readonly code: 'awaiting_notice';
      readonly amount: string;
      readonly invoices: readonly string[];
      readonly hours: number;
      readonly because: NoticeLack;
    };

/** Why a debtor was not told early enough: `recent`: not long enough ago; `sending`: on its way. */
export type NoticeLack = 'recent' | 'sending' | 'no_address' | 'undeliverable';

export type Language = 'id' | 'en';

const grouped = (amount: string): string => amount.replace(/\B(?=(\d{3})+(?!\d))/g, '.');
/** Gigabytes with one decimal, cut off. */
const gb = (octets: string, point: string): string => {
  const tenths = BigInt(octets) / 100_000_000n;
  return `${tenths / 10n}${point}${tenths % 10n} GB`;
};
const list = (names: readonly string[]): string => names.join(', ');
const named = (day: string): string => (day === '' ? '' : ` (${day})`);

const lackInEnglish: Readonly<Record<NoticeLack, string>> = {
  recent: 'it was delivered, but not long enough ago',
  sending: 'it is being sent',
  no_address: 'the customer has no address that it could go to; add one, or let the cut go without it',
  undeliverable: 'it could not be delivered; correct the address, or let the cut go without it',
};

const lackInIndonesian: Readonly<Record<NoticeLack, string>> = {
  recent: 'sudah terkirim, tetapi belum cukup lama',
  sending: 'sedang dikirim',
  no_address: 'pelanggan tidak punya alamat tujuan; isi alamatnya, atau izinkan pemutusan tanpa pengingat',
  undeliverable: 'tidak dapat terkirim; perbaiki alamatnya, atau izinkan pemutusan tanpa pengingat',
};

const english = (reason: Reason): string => {
  switch (reason.code) {
    case 'terminated':
      return 'The subscription has ended.';
    case 'held':
      return `Held by hand: ${reason.reason}`;
    case 'awaiting_installation':
      return 'Waiting for the installation.';
    case 'awaiting_first_payment':
      return 'Prepaid, waiting for the first payment.';
    case 'nothing_due':
      return 'Nothing is due.';
    case 'debt':
      return `Unpaid: ${grouped(reason.amount)} on ${list(reason.invoices)}, due since ${reason.since}.`;
    case 'debt_unproved':
      return `${grouped(reason.amount)} seems unpaid on ${list(reason.invoices)}; the ledger must be read afresh before anybody is cut off.`;
    case 'debt_settling':
      return `${grouped(reason.amount)} is open again because a payment or credit was taken back; waiting until ${reason.until}.`;
    case 'ambiguous_invoice':
      return `It cannot be told which line ${list(reason.invoices)} bills: name the subscription on the invoice, or give the plan its ERP item. Nothing is changed until then.`;
    case 'quota_used_up':
      return `The quota of ${gb(reason.quota, '.')} is used up; it begins anew at ${reason.until}.`;
    case 'quota_throttled':
      return `The quota of ${gb(reason.quota, '.')} is used up; served at the slower plan until ${reason.until}.`;
    case 'validity_over':
      return `Valid until ${reason.until}, and not renewed.`;
    case 'held_by_brake':
      return `Unpaid: ${grouped(reason.amount)} on ${list(reason.invoices)}. The safety brake holds the cut until a person releases it, for more lines than usual would be cut off at once.`;
    case 'cuts_stopped':
      return `Unpaid: ${grouped(reason.amount)} on ${list(reason.invoices)}. Nobody is cut off while the kill switch is on: ${reason.reason}`;
    case 'promised':
      return `Unpaid: ${grouped(reason.amount)} on ${list(reason.invoices)}. There is a promise to pay until ${reason.until}; nobody is cut off before that day is over.`;
    case 'no_cut_time':
      return `Unpaid: ${grouped(reason.amount)} on ${list(reason.invoices)}. Nobody is cut off at this time${named(reason.day)}; waiting until ${reason.until}.`;
    case 'awaiting_notice':
      return `Unpaid: ${grouped(reason.amount)} on ${list(reason.invoices)}. A reminder has to be delivered ${reason.hours} hours before a cut: ${lackInEnglish[reason.because]}.`;
  }
};

const indonesian = (reason: Reason): string => {
  switch (reason.code) {
    case 'terminated':
      return 'Langganan sudah berakhir.';
    case 'held':
      return `Ditahan oleh petugas: ${reason.reason}`;
    case 'awaiting_installation':
      return 'Menunggu pemasangan.';
    case 'awaiting_first_payment':
      return 'Prabayar, menunggu pembayaran pertama.';
    case 'nothing_due':
      return 'Tidak ada tagihan jatuh tempo.';
    case 'debt':
      return `Belum dibayar: ${grouped(reason.amount)} pada ${list(reason.invoices)}, jatuh tempo sejak ${reason.since}.`;
    case 'debt_unproved':
      return `${grouped(reason.amount)} tampaknya belum dibayar pada ${list(reason.invoices)}; buku besar harus dibaca ulang sebelum layanan diputus.`;
    case 'debt_settling':
      return `${grouped(reason.amount)} terbuka kembali karena pembayaran atau kredit dibatalkan; menunggu sampai ${reason.until}.`;
    case 'ambiguous_invoice':
      return `Tidak jelas ${list(reason.invoices)} menagih layanan yang mana: isi langganan pada faktur, atau isi item ERP pada paket. Sampai saat itu tidak ada yang diubah.`;
    case 'quota_used_up':
      return `Kuota ${gb(reason.quota, ',')} sudah habis; mulai lagi pada ${reason.until}.`;
    case 'quota_throttled':
      return `Kuota ${gb(reason.quota, ',')} sudah habis; dilayani dengan paket lebih lambat sampai ${reason.until}.`;
    case 'validity_over':
      return `Masa aktif sampai ${reason.until}, dan belum diperpanjang.`;
    case 'held_by_brake':
      return `Belum dibayar: ${grouped(reason.amount)} pada ${list(reason.invoices)}. Rem pengaman menahan pemutusan sampai dilepas petugas, karena lebih banyak layanan dari biasanya akan diputus sekaligus.`;
    case 'cuts_stopped':
      return `Belum dibayar: ${grouped(reason.amount)} pada ${list(reason.invoices)}. Tidak ada yang diputus selama sakelar henti menyala: ${reason.reason}`;
    case 'promised':
      return `Belum dibayar: ${grouped(reason.amount)} pada ${list(reason.invoices)}. Ada janji bayar sampai ${reason.until}; layanan tidak diputus sebelum hari itu lewat.`;
    case 'no_cut_time':
      return `Belum dibayar: ${grouped(reason.amount)} pada ${list(reason.invoices)}. Pada waktu ini tidak ada yang diputus${named(reason.day)}; menunggu sampai ${reason.until}.`;
    case 'awaiting_notice':
      return `Belum dibayar: ${grouped(reason.amount)} pada ${list(reason.invoices)}. Pengingat harus terkirim ${reason.hours} jam sebelum pemutusan: ${lackInIndonesian[reason.because]}.`;
  }
};

/** The sentence for an operator, in the tenant's language. */
export const reasonText = (reason: Reason, language: Language): string =>
  language === 'id' ? indonesian(reason) : english(reason);
