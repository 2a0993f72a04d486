// What journeys build on; the routes go to the files themselves.
export { type Earning, settleCommission } from './settle.ts';
