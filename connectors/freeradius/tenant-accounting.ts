import { type RawBuilder, sql } from 'kysely';
import { groupNamespace } from '#domain/radius-groups.ts';
import type { Flavor } from './flavor.ts';

/**
 * Whether a row `a` of `radacct` is a user's of this tenant: by the group that the user is in now, since not every router
 * echoes a Class.
 */
export const isTenants = ({ sameUser }: Flavor, tenantKey: string): RawBuilder<boolean> => {
  // A key is the hub's own word, and only such a one may stand in a pattern.
  if (groupNamespace(`${tenantKey}:isolir`) !== tenantKey) return sql<boolean>`1 = 0`;
  return sql<boolean>`exists (
    select 1 from radusergroup g where ${sameUser('g.username', 'a.username')} and g.groupname like ${`${tenantKey}:%`})`;
};

export const partSize = 2_000;

/** The id after which the following part begins; null: this was the last. */
export const nextOf = (rows: readonly { readonly id: number | string }[]): string | null =>
  rows.length < partSize ? null : String(rows.at(-1)?.id);
