// What journeys build on; the routes go to the files themselves.
export type { MadeCustomer, PresentCustomer } from './import.ts';
export { forgetRequestsOf, requestsAbout } from './requests-store.ts';
