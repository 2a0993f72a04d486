import type { UserAccess } from '#ports/enforcer/port.ts';
import type { RadiusConnection } from './database.ts';
import type { StoredRow } from './diff.ts';
import type { Flavor } from './flavor.ts';
import { readTables } from './owned-rows.ts';
import { otherTenant, type StoredUser } from './rows.ts';
import { radcheck, radgroupreply, radreply, radusergroup } from './tables.ts';

export type FoundUsers = {
  readonly users: ReadonlyMap<string, StoredUser>;
  /** By username: another spelling in the tables that FreeRADIUS takes for the same user. */
  readonly twins: ReadonlyMap<string, string>;
  /** Of the groups asked for, those with reply rows. */
  readonly filledGroups: ReadonlySet<string>;
};

export const nothingStored: StoredUser = { check: [], reply: [], groups: [] };

const folded = new Intl.Collator('en', { sensitivity: 'base' });

export function byOwner(rows: readonly StoredRow[]): ReadonlyMap<string, readonly StoredRow[]> {
  const owners = new Map<string, StoredRow[]>();
  for (const row of rows) {
    const own = owners.get(row.owner);
    if (own) own.push(row);
    else owners.set(row.owner, [row]);
  }
  return owners;
}

/** Spellings that are none of `names` but the same user as one of them, by the name. */
export function twinsOf(names: readonly string[], owners: Iterable<string>): ReadonlyMap<string, string> {
  const wanted = new Set(names);
  const twins = new Map<string, string>();
  for (const owner of new Set(owners)) {
    if (wanted.has(owner)) continue;
    const name = names.find((candidate) => folded.compare(candidate, owner.trim()) === 0);
    if (name !== undefined) twins.set(name, owner);
  }
  return twins;
}

/** In one statement: the rows of many users, what else FreeRADIUS would take for them, and which groups have replies. */
export async function readUsers(
  connection: RadiusConnection,
  flavor: Flavor,
  names: readonly string[],
  groups: readonly string[] = [],
): Promise<FoundUsers> {
  const [checkRows = [], replyRows = [], memberships = [], groupReplies = []] = await readTables(connection, flavor, [
    { table: radcheck, owners: names },
    { table: radreply, owners: names },
    { table: radusergroup, owners: names },
    { table: radgroupreply, owners: [...new Set(groups)] },
  ]);
  const [check, reply, own] = [byOwner(checkRows), byOwner(replyRows), byOwner(memberships)];
  const users = names.map((name): readonly [string, StoredUser] => [
    name,
    { check: check.get(name) ?? [], reply: reply.get(name) ?? [], groups: own.get(name) ?? [] },
  ]);
  return {
    users: new Map(users),
    twins: twinsOf(names, [...check.keys(), ...reply.keys(), ...own.keys()]),
    filledGroups: new Set(groupReplies.map((row) => row.owner)),
  };
}

/** Why users may not be written as the tables stand, and will not be until a person mends it, by username, in words. */
export function conflicts(
  users: readonly UserAccess[],
  found: Omit<FoundUsers, 'filledGroups'>,
): ReadonlyMap<string, string> {
  const conflict = (user: UserAccess): string | null => {
    const twin = found.twins.get(user.username);
    if (twin !== undefined) return `${JSON.stringify(twin)} is the same user to FreeRADIUS; rename or remove it`;
    const stranger = otherTenant(user, found.users.get(user.username) ?? nothingStored);
    return stranger ? `its rows belong to tenant ${stranger}` : null;
  };
  return faultsBy(users, conflict);
}

/** Users whose group is not written yet. Law 7: FreeRADIUS lets the members of a group without reply rows in at full speed. */
export const homeless = (users: readonly UserAccess[], found: FoundUsers): ReadonlyMap<string, string> =>
  faultsBy(users, ({ group }) => (found.filledGroups.has(group) ? null : `group ${group} has no reply rows yet`));

/** By username, what `judge` holds against it. */
export const faultsBy = (
  users: readonly UserAccess[],
  judge: (user: UserAccess) => string | null,
): ReadonlyMap<string, string> =>
  new Map(
    users.flatMap((user) => {
      const words = judge(user);
      return words === null ? [] : [[user.username, words] as const];
    }),
  );
