import type { AttributeRow } from '#domain/access.ts';
import { groupNamespace } from '#domain/radius-groups.ts';
import { ok, type Result } from '#domain/result.ts';
import type { EnforcerFailure, UserRows } from '#ports/enforcer/port.ts';
import type { RadiusDatabase } from './database.ts';
import type { StoredRow } from './diff.ts';
import { readFences } from './fence.ts';
import type { RadiusMapping } from './mapping.ts';
import type { StoredUser } from './rows.ts';
import { nothingStored, readUsers } from './stored-users.ts';
import { ask } from './transact.ts';

const attributeRow = ({ cells: [attribute, op, value] }: StoredRow): AttributeRow => ({
  attribute: String(attribute),
  op: String(op),
  value: String(value),
});

const groupOf = (row: StoredRow): string => String(row.cells[0]);

/** Splits a user's rows into what the hub may change and what it only shows. */
function splitRows(stored: StoredUser, mapping: RadiusMapping): Omit<UserRows, 'generation'> {
  const check = stored.check.map(attributeRow);
  const reply = stored.reply.map(attributeRow);
  const groups = stored.groups.map(groupOf);
  const isHubGroup = (group: string) => groupNamespace(group) !== null;
  return {
    groups: groups.filter(isHubGroup),
    check: check.filter((row) => mapping.ownsCheck(row.attribute)),
    reply: reply.filter((row) => mapping.ownsReply(row.attribute)),
    foreign: {
      groups: groups.filter((group) => !isHubGroup(group)),
      check: check.filter((row) => !mapping.ownsCheck(row.attribute)),
      reply: reply.filter((row) => !mapping.ownsReply(row.attribute)),
    },
  };
}

/** See `Enforcer.readUser`. */
export function readUser(
  database: RadiusDatabase,
  mapping: RadiusMapping,
  username: string,
): Promise<Result<UserRows | null, EnforcerFailure>> {
  return ask(async () => {
    const found = await readUsers(database.connection, database.flavor, [username]);
    const stored = found.users.get(username) ?? nothingStored;
    const fence = (await readFences(database.connection, database, 'user', [username])).get(username);
    const isEmpty = stored.check.length + stored.reply.length + stored.groups.length === 0;
    if (isEmpty && !fence) return ok(null);
    return ok({ ...splitRows(stored, mapping), generation: fence?.generation ?? null });
  });
}
