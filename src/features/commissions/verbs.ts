// What journeys build on; the routes go to the files themselves.
export { settleCommission } from './settle.ts';
