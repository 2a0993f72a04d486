import type { AttributeRow } from '#domain/access.ts';
import { lockedMac } from '#domain/mac.ts';
import { groupNamespace } from '#domain/radius-groups.ts';
import { canonicalUsername } from '#domain/username.ts';
import type { PasswordKind, RadiusMapping } from './mapping.ts';

/** Why a user cannot be adopted as it is, or what somebody should look at first. */
export type ImportProblem =
  | 'case_twin'
  | 'unusable_name'
  | 'no_password'
  | 'hashed_password'
  | 'several_passwords'
  | 'password_never_accepted'
  | 'unreadable_mac_lock'
  | 'no_group'
  | 'several_groups'
  | 'blocked';

/** A user as the tables have it, before it is adopted. `password.value` is a secret: a preview never shows it. */
export type ImportCandidate = {
  readonly username: string;
  /** The name it would have here; null where it cannot have one. */
  readonly canonical: string | null;
  readonly password: { readonly kind: PasswordKind; readonly attribute: string; readonly value: string } | null;
  readonly groups: readonly { readonly name: string; readonly priority: number }[];
  readonly mac: string | null;
  /** Reply rows that become the line's own when it is adopted. */
  readonly reply: readonly AttributeRow[];
  /** Rows that stay somebody else's. */
  readonly foreign: readonly AttributeRow[];
  /** In a group of the hub's already. */
  readonly bridged: boolean;
  readonly problems: readonly ImportProblem[];
};

export type OwnedRow = AttributeRow & { readonly username: string };
export type MembershipRow = { readonly username: string; readonly groupname: string; readonly priority: number };

/** The three lookup tables as read at one moment, each by ascending id. */
export type RadiusUsersSnapshot = {
  readonly check: readonly OwnedRow[];
  readonly reply: readonly OwnedRow[];
  readonly groups: readonly MembershipRow[];
};

const plain = ({ attribute, op, value }: AttributeRow): AttributeRow => ({ attribute, op, value });

function rowsOf<T extends { readonly username: string }>(rows: readonly T[]): (username: string) => readonly T[] {
  const byName = new Map<string, T[]>();
  for (const row of rows) {
    const own = byName.get(row.username);
    if (own) own.push(row);
    else byName.set(row.username, [row]);
  }
  return (username) => byName.get(username) ?? [];
}

function passwordProblems(rows: readonly AttributeRow[], mapping: RadiusMapping): readonly ImportProblem[] {
  const [first] = rows;
  if (!first) return ['no_password'];
  const problems: ImportProblem[] = [];
  if (mapping.passwordKind(first.attribute) === 'hashed') problems.push('hashed_password');
  if (rows.length > 1) problems.push('several_passwords');
  // FreeRADIUS 3 lets a password in by `:=` only, and never by User-Password.
  const isAccepted = first.op === ':=' && first.attribute.toLowerCase() !== 'user-password';
  if (!isAccepted) problems.push('password_never_accepted');
  return problems;
}

function groupProblems(groups: readonly string[], mapping: RadiusMapping): readonly ImportProblem[] {
  const serving = groups.filter((group) => !mapping.isBlockingGroup(group));
  const problems: ImportProblem[] = serving.length < groups.length ? ['blocked'] : [];
  if (serving.length === 0) problems.push('no_group');
  if (serving.length > 1) problems.push('several_groups');
  return problems;
}

/** The one MAC that a user is locked to; `undefined` where there is a lock that the hub could not write itself. */
function macLock(check: readonly AttributeRow[]): string | null | undefined {
  const locks = check.filter((row) => row.attribute.toLowerCase() === 'calling-station-id');
  const [lock] = locks;
  if (!lock) return null;
  return (locks.length === 1 ? lockedMac(lock) : null) ?? undefined;
}

const folded = (username: string): string => username.trim().toLowerCase();

type StoredRows = {
  readonly check: readonly OwnedRow[];
  readonly reply: readonly OwnedRow[];
  readonly groups: readonly MembershipRow[];
  readonly hasTwin: boolean;
};

function classifyUser(username: string, stored: StoredRows, mapping: RadiusMapping): ImportCandidate {
  const { check, reply } = stored;
  const passwords = check.filter((row) => mapping.passwordKind(row.attribute) !== null);
  const [first] = passwords;
  const kind = first ? mapping.passwordKind(first.attribute) : null;
  const mac = macLock(check);
  const canonical = canonicalUsername(username);
  const groups = stored.groups.map((row) => row.groupname);
  const foreignCheck = check.filter((row) => !mapping.ownsCheck(row.attribute));
  const foreignReply = reply.filter((row) => !mapping.ownsReply(row.attribute));
  const problems: ImportProblem[] = [];
  if (stored.hasTwin) problems.push('case_twin');
  if (!canonical.ok) problems.push('unusable_name');
  problems.push(...passwordProblems(passwords, mapping));
  if (mac === undefined) problems.push('unreadable_mac_lock');
  problems.push(...groupProblems(groups, mapping));
  return {
    username,
    canonical: canonical.ok ? canonical.value : null,
    password: first && kind ? { kind, attribute: first.attribute, value: first.value } : null,
    groups: stored.groups.map(({ groupname, priority }) => ({ name: groupname, priority })),
    mac: mac ?? null,
    reply: reply.filter((row) => mapping.ownsReply(row.attribute)).map(plain),
    foreign: [...foreignCheck, ...foreignReply].map(plain),
    bridged: groups.some((group) => groupNamespace(group) !== null),
    problems,
  };
}

/** What adopting each user would mean; pure. Of several passwords FreeRADIUS takes the oldest, and so does this. */
export function classifyUsers(snapshot: RadiusUsersSnapshot, mapping: RadiusMapping): readonly ImportCandidate[] {
  const [checkOf, replyOf, groupsOf] = [rowsOf(snapshot.check), rowsOf(snapshot.reply), rowsOf(snapshot.groups)];
  const all = [...snapshot.check, ...snapshot.reply, ...snapshot.groups];
  const usernames = [...new Set(all.map((row) => row.username))].sort();
  const spellings = new Map<string, number>();
  for (const username of usernames) spellings.set(folded(username), (spellings.get(folded(username)) ?? 0) + 1);
  return usernames.map((username) => {
    const hasTwin = (spellings.get(folded(username)) ?? 0) > 1;
    const stored = { check: checkOf(username), reply: replyOf(username), groups: groupsOf(username), hasTwin };
    return classifyUser(username, stored, mapping);
  });
}
