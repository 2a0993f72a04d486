// What other rooms' journeys, gateways and the bill run build on; the routes go to the files themselves.
export { billPolicyOf } from './bill-policy.ts';
export { daysLine } from './bill-run.ts';
export { type Billable, billableLine, saveBilledTo } from './billed-lines.ts';
export { type IssuedBill, type Issuer, issueInvoice, issueInvoices, type NewBill } from './issue-invoice.ts';
export { billNumber, billSeries, takeBillNumbers } from './number.ts';
export { accountOf, forgetPaymentNotes } from './personal-data.ts';
export { type Entry, type Posting, post, postBack } from './posting.ts';
export { settleCustomers } from './settle.ts';
export { reversePayment } from './take-back.ts';
export { type NewPayment, type TakenPayment, type Taker, takePayment } from './take-payment.ts';
