/** A date without a time, `YYYY-MM-DD`, in the tenant's zone. */
export type LocalDate = string;

/** A Sales Invoice, or a credit note (`isReturn`, negative outstanding), as the ledger has it now. Amounts in minor units. */
export type Invoice = {
  readonly kind: 'invoice';
  readonly name: string;
  readonly customer: string;
  /** The ledger's subscription that it bills; null where it names none. */
  readonly subscription: string | null;
  /** Draft and cancelled ones bind nobody. */
  readonly submitted: boolean;
  readonly isReturn: boolean;
  readonly returnAgainst: string | null;
  /** Left out: the ledger does not say, or was read before the hub asked. */
  readonly issuedOn?: LocalDate | undefined;
  readonly dueDate: LocalDate;
  readonly total: bigint;
  readonly outstanding: bigint;
  /** Of an invoice that was written at the counter: the money taken with it. Left out where there is none. */
  readonly paidAtOnce?: bigint | undefined;
  /** What of it was waived when it was written. Left out where there is none. */
  readonly writtenOff?: bigint | undefined;
  /** What falls due when; more than one only with payment terms. Sums to `total`. */
  readonly terms: readonly { readonly dueDate: LocalDate; readonly amount: bigint }[];
  readonly items: readonly string[];
};

/** Money received that the ledger has not yet put against an invoice. */
export type Receipt = {
  readonly kind: 'receipt';
  readonly name: string;
  readonly customer: string;
  readonly submitted: boolean;
  readonly unallocated: bigint;
  /** All of it, and when it was paid; shown, and decide nothing. Absent where they are not known. */
  readonly amount?: bigint | undefined;
  readonly paidOn?: LocalDate | undefined;
  /** It was in force once, or never came to it: no draft. Left out where it is not so. */
  readonly cancelled?: boolean | undefined;
  /** What it takes off the customer's account, where that is another amount (a fee that the bank kept). */
  readonly credited?: bigint | undefined;
  /** The hub's own id of the payment, where it came from the hub. */
  readonly ref?: string | undefined;
  /** Invoices that it pays. */
  readonly pays: readonly string[];
};

/** Money that went back to a customer. It is shown, and decides nothing. */
export type LedgerRefund = {
  readonly kind: 'refund';
  readonly name: string;
  readonly customer: string;
  readonly submitted: boolean;
  readonly amount: bigint;
  readonly paidOn: LocalDate;
};

/** A subscription in the ledger: the reason why a line exists (spec L1). */
export type LedgerSubscription = {
  readonly kind: 'subscription';
  readonly name: string;
  readonly customer: string;
  readonly cancelled: boolean;
  readonly plans: readonly string[];
  /** Custom fields; null where the ledger leaves them open. */
  readonly billingMode: 'prepaid' | 'postpaid' | null;
  readonly dueDay: number | null;
  readonly username: string | null;
};

export type LedgerCustomer = {
  readonly kind: 'customer';
  readonly name: string;
  readonly customerName: string;
  readonly phone: string | null;
  readonly email: string | null;
  readonly address: string | null;
  readonly disabled: boolean;
};

/** A Journal Entry that moves a customer's account: it decides nothing, and the bills that it pays are to be looked at. */
export type LedgerJournal = {
  readonly kind: 'journal';
  readonly name: string;
  /** The first, where it moves several. */
  readonly customer: string;
  readonly submitted: boolean;
  readonly pays: readonly string[];
  /** The day that it is of; left out where the hub read it before it asked for what it moves. */
  readonly postedOn?: LocalDate | undefined;
  /** Whether it is money that came or went (a bank or cash entry), and not one account against another. */
  readonly isMoney?: boolean | undefined;
  /** What it moves on each customer's account: above zero more is owed. */
  readonly moves?: readonly { readonly customer: string; readonly amount: bigint }[] | undefined;
};

/** The item that a subscription plan bills: how an invoice's lines find their plan. */
export type LedgerPlan = { readonly kind: 'plan'; readonly name: string; readonly item: string; readonly cost: bigint };

export type LedgerFact =
  | Invoice
  | Receipt
  | LedgerRefund
  | LedgerSubscription
  | LedgerCustomer
  | LedgerPlan
  | LedgerJournal;

/** Which document a fact is of, and the version that was read. */
export type DocumentVersion = { readonly doctype: string; readonly name: string; readonly modified: string };
