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
    };

export type Language = 'id' | 'en';

const grouped = (amount: string): string => amount.replace(/\B(?=(\d{3})+(?!\d))/g, '.');
/** Gigabytes with one decimal, cut off. */
const gb = (octets: string, point: string): string => {
  const tenths = BigInt(octets) / 100_000_000n;
  return `${tenths / 10n}${point}${tenths % 10n} GB`;
};
const list = (names: readonly string[]): string => names.join(', ');

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
  }
};

/** The sentence for an operator, in the tenant's language. */
export const reasonText = (reason: Reason, language: Language): string =>
  language === 'id' ? indonesian(reason) : english(reason);
