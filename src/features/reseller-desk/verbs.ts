// What journeys build on; the routes go to the files themselves.
export { forgetRequestsOf, requestsAbout } from './requests-store.ts';
