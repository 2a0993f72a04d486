import { may, resellerOf, type Who } from '#platform/caller.ts';

/** What of a tenant's customers somebody may see. `resellerId`: of a reseller, its own ones only (spec I3). */
export type Sight = {
  readonly tenantId: string;
  readonly resellerId: string | null;
  /** Whether phone, address, e-mail and position are shown; masked otherwise (SEC-28). */
  readonly seesContact: boolean;
};

export const sightOf = ({ tenantId, caller }: Who): Sight => ({
  tenantId,
  resellerId: resellerOf(caller),
  seesContact: may(caller, 'customers:contact'),
});
