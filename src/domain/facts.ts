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
  /** Invoices that it pays. */
  readonly pays: readonly string[];
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

/** The item that a subscription plan bills: how an invoice's lines find their plan. */
export type LedgerPlan = { readonly kind: 'plan'; readonly name: string; readonly item: string; readonly cost: bigint };

export type LedgerFact = Invoice | Receipt | LedgerSubscription | LedgerCustomer | LedgerPlan;

/** Which document a fact is of, and the version that was read. */
export type DocumentVersion = { readonly doctype: string; readonly name: string; readonly modified: string };
