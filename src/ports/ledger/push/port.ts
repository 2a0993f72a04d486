import type { PaymentMethod } from '#domain/accounts.ts';
import type { LocalDate } from '#domain/facts.ts';
import type { Result } from '#domain/result.ts';
import type { LedgerFailure } from '../port.ts';

type Answer<T> = Promise<Result<T, LedgerFailure>>;

/** Money that the hub took of a customer. `customer`, `invoice`: names in the ledger; amounts in minor units. */
export type NewLedgerPayment = {
  readonly hubRef: string;
  readonly customer: string;
  readonly amount: bigint;
  /** How it came; the ledger has its own name and account for each. */
  readonly method: PaymentMethod;
  readonly paidOn: LocalDate;
  /** Whose word it is: a gateway's transaction, a receipt's number. */
  readonly reference: string;
  /** Which bill it pays first; then, and without one, those that fell due first. What is left stays unallocated. */
  readonly invoice: string | null;
};

/** A bill, or credit note, that the hub makes because the ledger does not. */
export type NewLedgerBill = {
  readonly hubRef: string;
  readonly kind: 'invoice' | 'credit_note';
  readonly customer: string;
  /** The ledger's subscription that it belongs to; null: it has none yet. */
  readonly subscription: string | null;
  readonly item: string;
  readonly lines: readonly {
    readonly description: string;
    readonly quantity: number;
    readonly unitPrice: bigint;
  }[];
  readonly periodFrom: LocalDate | null;
  readonly periodTo: LocalDate | null;
  readonly issuedOn: LocalDate;
  readonly dueDate: LocalDate;
  readonly notes: string;
};

/** A line that arose in the hub. */
export type NewLedgerSubscription = {
  readonly hubRef: string;
  readonly customer: string;
  /** The item that its plan bills, or the plan's own name. */
  readonly item: string;
  readonly username: string;
  readonly billingMode: 'prepaid' | 'postpaid';
  readonly dueDay: number;
  /** The first day of the first period that the ledger itself bills. */
  readonly startsOn: LocalDate;
};

/** A customer's complaint, as the hub's help desk has it. */
export type NewLedgerIssue = {
  readonly hubRef: string;
  readonly customer: string;
  readonly subject: string;
  readonly description: string;
};

/** Commission or incentive of an employee, paid with the salary; only where the ledger has a payroll (HR). */
export type NewLedgerSalary = {
  readonly hubRef: string;
  readonly employee: string;
  readonly component: string;
  readonly amount: bigint;
  readonly payrollDate: LocalDate;
};

/** A payout of commission to a partner: an expense that was paid. */
export type NewLedgerJournal = {
  readonly hubRef: string;
  /** The partner's name as a supplier of the ledger, on whose account it stands then; null: it is none. */
  readonly supplier: string | null;
  /** The expense account, by its name with or without the company's mark. */
  readonly account: string;
  /** Above zero. */
  readonly amount: bigint;
  /** How it was paid; the ledger has its own account for each. */
  readonly method: PaymentMethod;
  readonly paidOn: LocalDate;
  readonly remark: string;
};

/** That an employee came or went; only where the ledger has HR. */
export type NewLedgerCheckIn = {
  readonly hubRef: string;
  readonly employee: string;
  readonly kind: 'in' | 'out';
  /** `YYYY-MM-DD HH:MM:SS` on the tenant's clocks, which are the ledger's. */
  readonly at: string;
  /** Degrees. */
  readonly latitude: number;
  readonly longitude: number;
  /** Where that is, in words; empty: nobody knows. */
  readonly place: string;
};

/**
 * What the hub originates and the ledger keeps (spec L1). Each is made once by its `hubRef`, however often, and at once, it
 * is asked for: whoever asks again, after an answer that was lost perhaps, is told the name of the one that is there. One
 * that is there with another amount, party or item is `rejected`, for it is not what was asked for.
 */
export interface LedgerPush {
  recordPayment(payment: NewLedgerPayment): Answer<string>;
  createInvoice(bill: NewLedgerBill): Answer<string>;
  createSubscription(subscription: NewLedgerSubscription): Answer<string>;
  createIssue(issue: NewLedgerIssue): Answer<string>;
  createSalary(salary: NewLedgerSalary): Answer<string>;
  createJournal(journal: NewLedgerJournal): Answer<string>;
  /** Names the modem at a subscription's place by its serial; empty: there is none. Repeating it is harmless. */
  writeModem(subscription: string, serial: string): Answer<'written' | 'unchanged'>;
  recordCheckIn(checkIn: NewLedgerCheckIn): Answer<string>;
}
