// What journeys build on; the routes go to the files themselves.
export { checkReseller } from './changing.ts';
export { customerOfErp, followLedger, insertCustomer } from './first-written.ts';
export { nationalIdColumns } from './national-id.ts';
export { eraseCustomer, exportCustomer } from './personal-data.ts';
export { listCustomers } from './reading.ts';
export type { AddedLine as RegisteredLine, Registered } from './registering.ts';
export type { NewCustomer, NewLine } from './schema.ts';
export { findCustomerToExtend, recordCustomer } from './to-register.ts';
