import { may, type Who } from '#platform/caller.ts';
import type { Sight } from './store.ts';

/** What of a tenant's leads somebody may see. */
export const sightOf = ({ tenantId, caller }: Who): Sight => ({
  tenantId,
  resellerId: caller.role === 'reseller' ? caller.userId : null,
  seesContact: may(caller, 'customers:contact'),
});
