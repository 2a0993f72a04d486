import type { AttributeRow } from '#domain/access.ts';
import { macLock } from '#domain/mac.ts';
import { groupNamespace } from '#domain/radius-groups.ts';
import { canonicalUsername } from '#domain/username.ts';
import type { GroupAccess, UserAccess } from '#ports/enforcer/port.ts';
import { firstFault, valueFault } from './dictionary.ts';
import { type Cells, type Change, diffRows, type StoredRow } from './diff.ts';
import type { RadiusMapping } from './mapping.ts';

/** The rows of one user in the three tables that FreeRADIUS looks users up in. */
export type StoredUser = {
  readonly check: readonly StoredRow[];
  readonly reply: readonly StoredRow[];
  readonly groups: readonly StoredRow[];
};

export type UserChange = { readonly check: Change; readonly reply: Change; readonly groups: Change };
export type GroupChange = { readonly check: Change; readonly reply: Change };

const groupMaxLength = 32;

const cells = (row: AttributeRow): Cells => [row.attribute, row.op, row.value];
const attributeOf = (row: StoredRow): string => String(row.cells[0]);
const attributeSlot = (row: Cells): string => String(row[0]).toLowerCase();
const groupOf = (row: StoredRow): string => String(row.cells[0]);
const priorityOf = (row: StoredRow): number => Number(row.cells[1]);

/** One clear password (CHAP and MS-CHAP need it so) and, where a modem is locked, its MAC in whatever notation. */
function desiredCheck(user: UserAccess): readonly AttributeRow[] {
  const password = { attribute: 'Cleartext-Password', op: ':=', value: user.password };
  return user.mac === null ? [password] : [password, macLock(user.mac)];
}

/**
 * Written as 1. Only where somebody else's group would be read before or beside it does the hub's row go in front:
 * otherwise an adopted user's old plan would let it in at full speed for ever, isolir or not (observed: equal
 * priorities, the plan wins). A group that locks users out keeps its place.
 */
function desiredPriority(foreign: readonly StoredRow[], mapping: RadiusMapping): number {
  const rivals = foreign.filter((row) => !mapping.isBlockingGroup(groupOf(row))).map(priorityOf);
  return Math.min(1, ...rivals.map((priority) => priority - 1));
}

/** Why a user cannot be written at all, in words without secrets; null: it can. */
export function userFault(user: UserAccess, mapping: RadiusMapping): string | null {
  const name = canonicalUsername(user.username);
  if (!name.ok || name.value !== user.username) return 'the username is not in canonical form';
  if (!groupNamespace(user.group)) return `group ${user.group} is in no tenant's namespace`;
  const password = valueFault(user.password);
  if (password) return `the password ${password}`;
  if (user.mac !== null && !/^([0-9A-F]{2}:){5}[0-9A-F]{2}$/.test(user.mac)) {
    return 'the MAC is not written as AA:BB:CC:DD:EE:FF';
  }
  const stranger = user.reply.find((row) => !mapping.ownsReply(row.attribute));
  if (stranger) return `reply attribute ${stranger.attribute} is not the hub's to write`;
  return firstFault(user.reply, 'reply', mapping);
}

/** Another tenant that the user's rows say it belongs to; null: none does (spec X9). */
export function otherTenant(user: UserAccess, stored: StoredUser): string | null {
  const own = groupNamespace(user.group);
  const namespaces = stored.groups.map((row) => groupNamespace(groupOf(row)));
  return namespaces.find((namespace) => namespace !== null && namespace !== own) ?? null;
}

/** The difference between what the hub wants of a user and what is there; foreign rows are in none of its parts. */
export function userChange(user: UserAccess, stored: StoredUser, mapping: RadiusMapping): UserChange {
  const namespace = groupNamespace(user.group);
  const isOwnGroup = (row: StoredRow) => groupNamespace(groupOf(row)) === namespace;
  const foreignGroups = stored.groups.filter((row) => !isOwnGroup(row));
  return {
    check: diffRows(
      stored.check.filter((row) => mapping.ownsCheck(attributeOf(row))),
      desiredCheck(user).map(cells),
      attributeSlot,
    ),
    reply: diffRows(
      stored.reply.filter((row) => mapping.ownsReply(attributeOf(row))),
      user.reply.map(cells),
      attributeSlot,
    ),
    groups: diffRows(
      stored.groups.filter(isOwnGroup),
      [[user.group, String(desiredPriority(foreignGroups, mapping))]],
      () => 'group',
    ),
  };
}

/** `Class` comes back in accounting: it tells under which group a session was let in. */
const groupReply = (group: GroupAccess): readonly AttributeRow[] => [
  ...group.reply.filter((row) => row.attribute !== 'Class'),
  { attribute: 'Class', op: ':=', value: group.group },
];

/** Why a group cannot be written at all; null: it can. */
export function groupFault(group: GroupAccess, mapping: RadiusMapping): string | null {
  if (!groupNamespace(group.group) || group.group.length > groupMaxLength) {
    return `group ${group.group} is not a tenant's name and key of at most ${groupMaxLength} characters`;
  }
  if (group.reply.length === 0) return 'a group without reply rows would let its members in at full speed';
  return firstFault(group.check, 'check', mapping) ?? firstFault(groupReply(group), 'reply', mapping);
}

/** A group in a tenant's namespace is the hub's with all its rows. */
export function groupChange(
  group: GroupAccess,
  stored: { readonly check: readonly StoredRow[]; readonly reply: readonly StoredRow[] },
): GroupChange {
  return {
    check: diffRows(stored.check, group.check.map(cells), attributeSlot),
    reply: diffRows(stored.reply, groupReply(group).map(cells), attributeSlot),
  };
}
