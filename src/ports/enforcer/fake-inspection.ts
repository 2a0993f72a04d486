import { groupNamespace } from '#domain/radius-groups.ts';
import { ok, type Result } from '#domain/result.ts';
import type { Difference, Member, Part } from './inspection/port.ts';
import type { EnforcerFailure, GroupAccess, Session, UserAccess } from './port.ts';

type Held = {
  readonly users: ReadonlyMap<string, UserAccess>;
  readonly groups: ReadonlyMap<string, GroupAccess>;
  readonly sessions: () => readonly Session[];
};

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

function userDifference(user: UserAccess, held: UserAccess | undefined): readonly Difference[] {
  const { username: subject } = user;
  if (!held) return [{ kind: 'missing_user', subject, was: 'no rows', shouldBe: `in ${user.group}` }];
  const differences: Difference[] = [];
  if (held.group !== user.group) {
    differences.push({ kind: 'wrong_group', subject, was: held.group, shouldBe: user.group });
  }
  if (held.password !== user.password) {
    const words = { was: '(a password)', shouldBe: '(a password)' };
    differences.push({ kind: 'wrong_password', subject, ...words, foundPassword: held.password });
  }
  if (held.mac !== user.mac || !isSame(held.reply, user.reply)) {
    differences.push({ kind: 'wrong_attribute', subject, was: `${held.mac}`, shouldBe: `${user.mac}` });
  }
  if (held.generation > user.generation) {
    const words = { was: `${held.generation}`, shouldBe: `${user.generation}` };
    differences.push({ kind: 'fence_ahead', subject, ...words, seen: held.generation });
  }
  return differences;
}

/** Looking at what the enforcer in memory holds; every list is one part. */
export function createFakeInspection({ users, groups, sessions }: Held) {
  const part = <T>(entries: readonly T[]): Part<T> => ({ entries, next: null });
  return {
    inspectUsers: (wanted: readonly UserAccess[]): Result<readonly Difference[], EnforcerFailure> =>
      ok(wanted.flatMap((user) => userDifference(user, users.get(user.username)))),
    inspectGroups: (
      wanted: readonly Omit<GroupAccess, 'generation'>[],
    ): Result<readonly Difference[], EnforcerFailure> =>
      ok(
        wanted.flatMap(({ group: subject, check, reply }): readonly Difference[] => {
          const held = groups.get(subject);
          if (held && isSame([held.check, held.reply], [check, reply])) return [];
          const kind = held ? 'wrong_group_rows' : 'missing_group';
          return [{ kind, subject, was: JSON.stringify(held?.reply ?? []), shouldBe: JSON.stringify(reply) }];
        }),
      ),
    members: (tenantKey: string): Result<Part<Member>, EnforcerFailure> =>
      ok(
        part(
          [...users.values()]
            .filter(({ group }) => groupNamespace(group) === tenantKey)
            .map(({ username, group }) => ({ username, group })),
        ),
      ),
    tenantSessions: (tenantKey: string): Result<Part<Session>, EnforcerFailure> =>
      ok(part(sessions().filter(({ group }) => group !== null && groupNamespace(group) === tenantKey))),
  };
}
