// What other rooms' journeys, gateways and the bill run build on; the routes go to the files themselves.
export { billPolicyOf } from './bill-policy.ts';
export { daysLine } from './bill-run.ts';
export { type Billable, billableLine, saveBilledTo } from './billed-lines.ts';
export { issueInvoice } from './issue-invoice.ts';
export { lapseBills } from './lapse-bills.ts';
export { accountOf, forgetPaymentNotes } from './personal-data.ts';
export { post } from './posting.ts';
export { type TakenPayment, takePayment } from './take-payment.ts';
