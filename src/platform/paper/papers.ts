import type { LocalDate } from '#domain/facts.ts';
import type { Currency } from '#domain/money.ts';
import type { Language } from '#domain/reason.ts';

/** Whose paper it is, and how it speaks. */
export type Letterhead = {
  readonly company: string;
  /** `#1a2b3c`; null: a dark grey. */
  readonly colour: string | null;
  /** A PNG or JPEG; what is neither, or damaged, is left out. */
  readonly logo: Uint8Array | null;
  readonly language: Language;
  readonly currency: Currency;
  readonly printedOn: LocalDate;
};

export type Addressee = { readonly name: string; readonly code: string; readonly address: string };

/** What is stamped across a paper. */
export type Stamp = 'paid' | 'partly_paid' | 'unpaid' | 'overdue' | 'cancelled' | 'reversed';

/** A bill, or a credit note. Amounts in minor units. */
export type InvoicePaper = {
  readonly kind: 'invoice' | 'credit_note';
  readonly head: Letterhead;
  readonly number: string;
  /** Of a credit note: the bill that it lowers. */
  readonly against: string | null;
  readonly issuedOn: LocalDate;
  readonly dueDate: LocalDate;
  readonly period: { readonly from: LocalDate; readonly to: LocalDate } | null;
  readonly customer: Addressee;
  readonly lines: readonly {
    readonly description: string;
    readonly quantity: number;
    readonly unitPrice: bigint;
    readonly amount: bigint;
  }[];
  readonly net: bigint;
  /** What of the net was taxed by which rate, in basis points of `base`. */
  readonly taxes: readonly { readonly rateBp: number; readonly base: bigint; readonly tax: bigint }[];
  readonly total: bigint;
  readonly settled: bigint;
  readonly stamp: Stamp;
  /** In the tenant's own words; null: the usual sentence. */
  readonly howToPay: string | null;
  readonly notes: string;
};

export type ReceiptPaper = {
  readonly kind: 'receipt';
  readonly head: Letterhead;
  readonly number: string;
  readonly paidOn: LocalDate;
  readonly customer: Addressee;
  readonly method: string;
  readonly reference: string | null;
  readonly amount: bigint;
  readonly refunded: bigint;
  readonly settles: readonly { readonly number: string; readonly amount: bigint }[];
  /** What of it settles no bill yet. */
  readonly credit: bigint;
  readonly stamp: Stamp;
  readonly notes: string;
};

/** `amount` above zero is owed, below was paid or credited. */
export type StatementRow = {
  readonly on: LocalDate;
  /** The kind of its posting. */
  readonly what: string;
  /** Whether it takes another back. */
  readonly isBack: boolean;
  /** Money that was taken, and that the ledger was not yet seen to have. */
  readonly isOnItsWay: boolean;
  readonly number: string;
  readonly amount: bigint;
};
export type StatementPaper = {
  readonly kind: 'statement';
  readonly head: Letterhead;
  readonly customer: Addressee;
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly opening: bigint;
  readonly rows: readonly StatementRow[];
};

/** `amount` above zero came in; `balance` is what the deposit held afterwards. */
type DepositRow = {
  readonly on: LocalDate;
  /** The kind of the move. */
  readonly what: string;
  readonly memo: string;
  readonly amount: bigint;
  readonly balance: bigint;
};
export type DepositPaper = {
  readonly kind: 'deposit_statement';
  readonly head: Letterhead;
  readonly reseller: string;
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly opening: bigint;
  readonly rows: readonly DepositRow[];
};

export type VoucherSheetPaper = {
  readonly kind: 'vouchers';
  readonly head: Letterhead;
  /** Cards to cut out of a page, or slips of a receipt printer. */
  readonly format: 'a4' | '58mm';
  readonly days: number;
  readonly price: bigint;
  readonly plan: string | null;
  readonly expiresOn: LocalDate | null;
  readonly vouchers: readonly { readonly no: number; readonly code: string }[];
};

/** All that there is to print. Plain data: it travels to another thread. */
export type Paper = InvoicePaper | ReceiptPaper | StatementPaper | DepositPaper | VoucherSheetPaper;
