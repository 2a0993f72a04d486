// What other rooms' journeys, gateways and the bill run build on; the routes go to the files themselves.
export { billPolicyOf } from './bill-policy.ts';
export { daysLine } from './bill-run.ts';
export { saveBilledTo } from './billed-lines.ts';
export { creditLine } from './credit-line.ts';
export { type LineMoney, lockLinesCustomer, moneyOfLine } from './line-money.ts';
export { settingsOf } from './money-store.ts';
export { type IssuedBill, type Issuer, issueInvoice, issueInvoices, type NewBill } from './issue-invoice.ts';
export { billNumber, billSeries, takeBillNumbers } from './number.ts';
export { type Entry, type Posting, post, postBack } from './posting.ts';
export { settleCustomers } from './settle.ts';
export { type NewPayment, type TakenPayment, type Taker, takePayment } from './take-payment.ts';
