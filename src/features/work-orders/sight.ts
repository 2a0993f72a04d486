import { may, type Who } from '#platform/caller.ts';

/** Which work orders somebody sees: of a technician its own ones only (spec I3). */
export type Sight = {
  readonly tenantId: string;
  readonly technicianId: string | null;
  /** Whether phone, address and position are shown: a technician has to get there. */
  readonly seesContact: boolean;
};

export const sightOf = ({ tenantId, caller }: Who): Sight => {
  const isTechnician = caller.role === 'technician';
  return {
    tenantId,
    technicianId: isTechnician ? caller.userId : null,
    seesContact: isTechnician || may(caller, 'customers:contact'),
  };
};
