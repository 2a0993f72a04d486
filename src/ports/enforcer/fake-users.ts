import { macLock } from '#domain/mac.ts';
import { groupNamespace } from '#domain/radius-groups.ts';
import { err, ok, type Result } from '#domain/result.ts';
import { canonicalUsername } from '#domain/username.ts';
import type { FakeFences } from './fake-fences.ts';
import type { Applied, EnforcerFailure, GroupAccess, TenantGone, UserAccess, UserRows } from './port.ts';

type Foreign = UserRows['foreign'];
const noForeign: Foreign = { groups: [], check: [], reply: [] };

/** The owned rows of a user in one list, so that two wishes can be compared row by row. */
const rowsOf = (user: UserAccess | undefined): readonly string[] =>
  user
    ? [
        `group ${user.group}`,
        `password ${user.password}`,
        `mac ${user.mac}`,
        ...user.reply.map((r) => JSON.stringify(r)),
      ]
    : [];

const groupRowsOf = (group: GroupAccess | undefined): readonly string[] =>
  group ? [...group.check.map((r) => `check ${JSON.stringify(r)}`), ...group.reply.map((r) => JSON.stringify(r))] : [];

function checkOf(user: UserAccess): UserRows['check'] {
  const password = { attribute: 'Cleartext-Password', op: ':=', value: user.password };
  return user.mac === null ? [password] : [password, macLock(user.mac)];
}

const reject = (detail: string) => err({ reason: 'rejected', detail } as const);

/** What `judge` holds against any of `users`; null: nothing. */
function refusal(
  reason: EnforcerFailure['reason'],
  users: readonly UserAccess[],
  judge: (user: UserAccess) => string | null,
): EnforcerFailure | null {
  const faults = users.flatMap((user) => {
    const words = judge(user);
    return words === null ? [] : [{ username: user.username, words }];
  });
  if (faults.length === 0) return null;
  const detail = faults.map(({ username, words }) => `${username}: ${words}`).join('; ');
  return { reason, detail, refused: faults.map(({ username }) => username) };
}

/** Users and groups of the enforcer in memory. */
export function createFakeUsers(fences: FakeFences) {
  const users = new Map<string, UserAccess>();
  const groups = new Map<string, GroupAccess>();
  const foreign = new Map<string, Foreign>();

  function fault(user: UserAccess): string | null {
    const name = canonicalUsername(user.username);
    if (!name.ok || name.value !== user.username) return 'the username is not in canonical form';
    if (user.password === '') return 'the password is empty';
    const namespace = groupNamespace(user.group);
    if (namespace === null) return `group ${user.group} is in no tenant's namespace`;
    const known = users.get(user.username);
    if (known && groupNamespace(known.group) !== namespace) return 'its rows belong to another tenant';
    return null;
  }

  const homeless = ({ group }: UserAccess): string | null =>
    groups.has(group) ? null : `group ${group} has no reply rows yet`;

  const apply = (user: UserAccess): Applied =>
    fences.apply(`user ${user.username}`, user.generation, rowsOf(users.get(user.username)), rowsOf(user), () =>
      users.set(user.username, user),
    );

  return {
    applyUsers(wanted: readonly UserAccess[]): Result<readonly Applied[], EnforcerFailure> {
      const current = wanted.filter((user) => fences.admits(`user ${user.username}`, user.generation));
      const refused = refusal('rejected', current, fault) ?? refusal('premature', current, homeless);
      if (refused) return err(refused);
      const newestFirst = [...wanted].sort((a, b) => (a.generation > b.generation ? -1 : 1));
      const outcomes = new Map(newestFirst.map((user) => [user, apply(user)]));
      return ok(wanted.flatMap((user) => outcomes.get(user) ?? []));
    },
    applyGroup(group: GroupAccess): Result<Applied, EnforcerFailure> {
      if (group.reply.length === 0) return reject('a group without reply rows would let its members in at full speed');
      const [before, after] = [groupRowsOf(groups.get(group.group)), groupRowsOf(group)];
      const write = () => groups.set(group.group, group);
      return ok(fences.apply(`group ${group.group}`, group.generation, before, after, write));
    },
    /** Answers how many users and groups went. */
    removeTenant({ tenantKey, usernames }: TenantGone): number {
      const own = usernames.filter((name) => groupNamespace(users.get(name)?.group ?? '') === tenantKey);
      const ownGroups = [...groups.keys()].filter((name) => groupNamespace(name) === tenantKey);
      for (const name of own) {
        users.delete(name);
        fences.forget(`user ${name}`);
      }
      for (const name of ownGroups) {
        groups.delete(name);
        fences.forget(`group ${name}`);
      }
      return own.length + ownGroups.length;
    },
    readUser(username: string): Result<UserRows | null, EnforcerFailure> {
      const user = users.get(username);
      const others = foreign.get(username);
      if (!user && !others) return ok(null);
      return ok({
        groups: user ? [user.group] : [],
        check: user ? checkOf(user) : [],
        reply: user?.reply ?? [],
        foreign: others ?? noForeign,
        generation: user?.generation ?? null,
      });
    },
    putForeign: (username: string, rows: Partial<Foreign>) => {
      foreign.set(username, { ...noForeign, ...rows });
    },
    held: { users, groups } as const,
    user: (username: string) => users.get(username),
    group: (name: string) => groups.get(name),
  };
}
