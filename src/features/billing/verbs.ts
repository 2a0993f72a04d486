// What other rooms' journeys and gateways build on; the routes go to the files themselves.
export { issueInvoice } from './issue-invoice.ts';
export { accountOf, forgetPaymentNotes } from './personal-data.ts';
export { post } from './posting.ts';
export { reversePayment } from './take-back.ts';
export { type TakenPayment, takePayment } from './take-payment.ts';
