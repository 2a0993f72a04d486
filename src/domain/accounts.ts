/** What an account holds: where money is, what is owed to others, what came in, what went out. */
type AccountKind = 'asset' | 'liability' | 'income' | 'expense';

/**
 * The chart of accounts of the hub's own ledger. An entry is a debit above zero and a credit below: assets and expenses
 * grow above zero, liabilities and income below.
 */
export const accounts = {
  /** What customers owe, one by one; below zero a customer has credit. */
  receivable: 'asset',
  cash: 'asset',
  bank: 'asset',
  qris: 'asset',
  e_wallet: 'asset',
  /** Money that a payment gateway holds until it pays out. */
  gateway: 'asset',
  /** Money whose place nobody has said. */
  clearing: 'asset',
  /** What went on into ERPNext's books: the hub's own say no more of it. */
  erpnext: 'asset',
  /** What resellers have paid in beforehand, one by one. */
  deposits: 'liability',
  /** Vouchers that are paid for, and not redeemed yet. */
  unearned: 'liability',
  /** What resellers have earned and were not paid yet, one by one. */
  commissions_payable: 'liability',
  tax_payable: 'liability',
  revenue: 'income',
  /** Late fees. */
  fees: 'income',
  other_income: 'income',
  expense: 'expense',
  rounding: 'expense',
} as const satisfies Readonly<Record<string, AccountKind>>;
export type Account = keyof typeof accounts;

export const paymentMethods = ['cash', 'transfer', 'qris', 'e_wallet', 'virtual_account', 'deposit', 'other'] as const;
export type PaymentMethod = (typeof paymentMethods)[number];

/** Where money that was paid this way is. */
export const accountOfMethod: Readonly<Record<PaymentMethod, Account>> = {
  cash: 'cash',
  transfer: 'bank',
  qris: 'qris',
  e_wallet: 'e_wallet',
  virtual_account: 'gateway',
  deposit: 'deposits',
  other: 'clearing',
};
