import { err, ok, type Result } from '#domain/result.ts';
import type { Applied, EnforcerFailure, GroupAccess } from '#ports/enforcer/port.ts';
import type { RadiusTransaction } from './database.ts';
import { changeSize } from './diff.ts';
import { stampFences } from './fence.ts';
import { readTables, writeChanges } from './owned-rows.ts';
import { groupChange, groupFault } from './rows.ts';
import { radgroupcheck, radgroupreply } from './tables.ts';
import { transact } from './transact.ts';
import { afterCommit, applied, type Writer } from './writer.ts';

async function applyFenced(
  { database, raise }: Writer,
  transaction: RadiusTransaction,
  group: GroupAccess,
): Promise<Result<[Applied], EnforcerFailure>> {
  const name = group.group;
  const fence = (await raise(transaction, database, 'group', [{ name, generation: group.generation }])).get(name);
  if (fence?.generation !== group.generation) return ok([applied(fence, null)]);
  const [check = [], reply = []] = await readTables(transaction, database.flavor, [
    { table: radgroupcheck, owners: [name] },
    { table: radgroupreply, owners: [name] },
  ]);
  const isExact = (row: { readonly owner: string }) => row.owner === name;
  const change = groupChange(group, { check: check.filter(isExact), reply: reply.filter(isExact) });
  await writeChanges(transaction, radgroupreply, new Map([[name, change.reply]]));
  await writeChanges(transaction, radgroupcheck, new Map([[name, change.check]]));
  const rowsChanged = changeSize(change.check) + changeSize(change.reply);
  if (rowsChanged > 0) await stampFences(transaction, database, 'group', [name]);
  return ok([applied(fence, rowsChanged)]);
}

/** See `Enforcer.applyGroup`. */
export async function applyGroup(writer: Writer, group: GroupAccess): Promise<Result<Applied, EnforcerFailure>> {
  const fault = groupFault(group, writer.mapping);
  if (fault) return err({ reason: 'rejected', detail: fault });
  const answer = await afterCommit(
    writer,
    await transact(writer.database, (transaction) => applyFenced(writer, transaction, group)),
  );
  return answer.ok ? ok(answer.value[0] ?? applied(undefined, null)) : answer;
}
