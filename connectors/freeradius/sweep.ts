import type { AttributeRow } from '#domain/access.ts';
import { ok, type Result } from '#domain/result.ts';
import type { Difference } from '#ports/enforcer/inspection/port.ts';
import type { EnforcerFailure, GroupAccess, UserAccess } from '#ports/enforcer/port.ts';
import type { RadiusDatabase } from './database.ts';
import { changeSize, type StoredRow } from './diff.ts';
import { userDifferences } from './differences.ts';
import { readFences } from './fence.ts';
import type { RadiusMapping } from './mapping.ts';
import { readTables } from './owned-rows.ts';
import { groupChange } from './rows.ts';
import { conflicts, type FoundUsers, nothingStored, readUsers } from './stored-users.ts';
import { radgroupcheck, radgroupreply } from './tables.ts';
import { ask } from './transact.ts';

type Answer = Promise<Result<readonly Difference[], EnforcerFailure>>;

/** See `Inspection.inspectUsers`. What is right is told by the very diff that writes, so a repair leaves nothing to find. */
export function inspectUsers(database: RadiusDatabase, mapping: RadiusMapping, users: readonly UserAccess[]): Answer {
  return ask(async () => {
    if (users.length === 0) return ok([]);
    const names = users.map(({ username }) => username);
    const [found, fences] = await Promise.all([
      readUsers(database.connection, database.flavor, names),
      readFences(database.connection, database, 'user', names),
    ]);
    const seen = new Map([...fences].map(([name, { generation }]) => [name, generation]));
    return ok(compareUsers(users, found, seen, mapping));
  });
}

/** Users as they should be against what was found of them, and the generations that their fences have seen. */
export function compareUsers(
  users: readonly UserAccess[],
  found: Omit<FoundUsers, 'filledGroups'>,
  fences: ReadonlyMap<string, bigint>,
  mapping: RadiusMapping,
): readonly Difference[] {
  const blocked = conflicts(users, found);
  return users.flatMap((user): readonly Difference[] => {
    const { username: subject } = user;
    const words = blocked.get(subject);
    if (words !== undefined) return [{ kind: 'name_conflict', subject, was: words, shouldBe: 'one user of that name' }];
    return userDifferences(user, found.users.get(subject) ?? nothingStored, fences.get(subject) ?? null, mapping);
  });
}

const inWords = (check: readonly AttributeRow[], reply: readonly AttributeRow[]): string =>
  [...check, ...reply].map(({ attribute, op, value }) => `${attribute} ${op} ${value}`).join(', ') || 'no rows';

const attributeRow = ({ cells: [attribute, op, value] }: StoredRow): AttributeRow => ({
  attribute: String(attribute),
  op: String(op),
  value: String(value),
});

/** See `Inspection.inspectGroups`. */
export function inspectGroups(database: RadiusDatabase, groups: readonly Omit<GroupAccess, 'generation'>[]): Answer {
  return ask(async () => {
    const owners = groups.map(({ group }) => group);
    const [checkRows = [], replyRows = []] = await readTables(database.connection, database.flavor, [
      { table: radgroupcheck, owners },
      { table: radgroupreply, owners },
    ]);
    return ok(
      groups.flatMap((group): readonly Difference[] => {
        const isIts = ({ owner }: StoredRow): boolean => owner === group.group;
        const stored = { check: checkRows.filter(isIts), reply: replyRows.filter(isIts) };
        const change = groupChange({ ...group, generation: 0n }, stored);
        if (changeSize(change.check) + changeSize(change.reply) === 0) return [];
        // Law 7: without reply rows its members come in at full speed.
        const kind = stored.reply.length === 0 ? 'missing_group' : 'wrong_group_rows';
        const was = inWords(stored.check.map(attributeRow), stored.reply.map(attributeRow));
        return [{ kind, subject: group.group, was, shouldBe: inWords(group.check, group.reply) }];
      }),
    );
  });
}
