import { may, resellerOf, type Who } from '#platform/caller.ts';
import type { Sight } from './store.ts';

/** What of a tenant's leads somebody may see. */
export const sightOf = ({ tenantId, caller }: Who): Sight => ({
  tenantId,
  resellerId: resellerOf(caller),
  seesContact: may(caller, 'customers:contact'),
});
