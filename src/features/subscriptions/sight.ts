import { resellerOf, type Who } from '#platform/caller.ts';
import type { Sight } from './store.ts';

/** What of a tenant's lines somebody may see. */
export const sightOf = ({ tenantId, caller }: Who): Sight => ({
  tenantId,
  resellerId: resellerOf(caller),
  technicianId: caller.role === 'technician' ? caller.userId : null,
});
