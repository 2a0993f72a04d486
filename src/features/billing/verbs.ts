// What other rooms' journeys and gateways build on; the routes go to the files themselves.
export { billPolicyOf } from './bill-policy.ts';
export { daysLine } from './bill-run.ts';
export { saveBilledTo } from './billed-lines.ts';
export type { ToDeposit } from './billing-deps.ts';
export { creditLine } from './credit-line.ts';
export { issueInvoice } from './issue-invoice.ts';
export { lapseBills } from './lapse-bills.ts';
export { type LineMoney, lockLinesCustomer, moneyOfLine } from './line-money.ts';
export { settingsOf } from './money-store.ts';
export { accountOf, forgetPaymentNotes } from './personal-data.ts';
export { type Entry, type Posting, post, postBack } from './posting.ts';
export { reversePayment } from './take-back.ts';
export { type TakenPayment, takePayment } from './take-payment.ts';
export { type DepositTaken, type Found, findMoney, type TakenAt, takeTogether } from './take-together.ts';
