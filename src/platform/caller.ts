import { type Permission, permissionsOf } from '#domain/permissions.ts';
import { Refusal } from '#platform/refusal.ts';

/** Who asks, as the access token or the API key says it. `tenantId` is null for the platform owner alone. */
export type Caller = {
  /** Of a key: the key's id. */
  readonly userId: string;
  readonly tenantId: string | null;
  /** Of a key: `api_key`. */
  readonly role: string;
  /** Of a reseller's user or key: whose rows it sees and writes, and none else (spec S1). */
  readonly resellerId?: string;
  /** Of a user who logged in: its session, as `auth/sessions` lists it. */
  readonly sessionId?: string;
  /** Of a key alone: what it may do. */
  readonly scopes?: readonly Permission[];
};

/** In whose name something is done to a tenant: what a verb needs to check, to tell and to audit. */
export type Who = {
  readonly tenantId: string;
  readonly caller: Caller;
  readonly correlationId: string;
  /** Where the request came from. */
  readonly address: string;
};

export const may = (caller: Caller, permission: Permission): boolean =>
  (caller.scopes ?? permissionsOf(caller.role)).includes(permission);

/** Whose customers are all that this caller has to do with; null: it is no reseller. A reseller's first user has its id. */
export const resellerOf = ({ resellerId, role, userId }: Caller): string | null =>
  resellerId ?? (role === 'reseller' ? userId : null);

/** The reseller in whose name somebody asks; refuses whoever is none. */
export function demandReseller({ caller }: Who): string {
  const reseller = resellerOf(caller);
  if (reseller === null) throw new Refusal('FORBIDDEN', 'This is for a reseller: log in as one, or bring its key.');
  return reseller;
}

/** Refuses whoever may not: asked at the route, and again where the thing is done (spec I3). */
export function demand(caller: Caller, permission: Permission): void {
  if (may(caller, permission)) return;
  const who = caller.scopes ? 'this key' : `the role ${caller.role}`;
  throw new Refusal('FORBIDDEN', `This needs the permission ${permission}, which ${who} does not have.`, {
    permission,
  });
}
