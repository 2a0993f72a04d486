import type { Who } from '#platform/caller.ts';
import type { Sight } from './store.ts';

/** What of a tenant's lines somebody may see. */
export const sightOf = ({ tenantId, caller }: Who): Sight => ({
  tenantId,
  resellerId: caller.role === 'reseller' ? caller.userId : null,
  technicianId: caller.role === 'technician' ? caller.userId : null,
});
