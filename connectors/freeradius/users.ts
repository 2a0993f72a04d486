import { err, ok, type Result } from '#domain/result.ts';
import type { Applied, BegunUsers, EnforcerFailure, UserAccess } from '#ports/enforcer/port.ts';
import type { RadiusTransaction } from './database.ts';
import { type Change, changeSize } from './diff.ts';
import { stampFences } from './fence.ts';
import { writeChanges } from './owned-rows.ts';
import { type UserChange, userChange, userFault } from './rows.ts';
import { conflicts, faultsBy, homeless, nothingStored, readUsers } from './stored-users.ts';
import { type OwnedTable, radcheck, radreply, radusergroup } from './tables.ts';
import { transact } from './transact.ts';
import { afterCommit, applied, type Writer } from './writer.ts';

type Outcomes = Result<readonly Applied[], EnforcerFailure>;

/** Users a transaction (law 2); more would hold locks for long and gain nothing. */
const usersATransaction = 500;

const refusal = (reason: EnforcerFailure['reason'], faults: ReadonlyMap<string, string>): EnforcerFailure => ({
  reason,
  detail: [...faults].map(([username, fault]) => `${username}: ${fault}`).join('; '),
  refused: [...faults.keys()],
});

const size = (change: UserChange): number =>
  changeSize(change.check) + changeSize(change.reply) + changeSize(change.groups);

async function writeUsers(transaction: RadiusTransaction, changes: ReadonlyMap<string, UserChange>): Promise<void> {
  const write = (table: OwnedTable, part: (change: UserChange) => Change) =>
    writeChanges(transaction, table, new Map([...changes].map(([name, change]) => [name, part(change)])));
  // The group first: a user whose password stands without a group would be let in at full speed.
  await write(radusergroup, (change) => change.groups);
  await write(radcheck, (change) => change.check);
  await write(radreply, (change) => change.reply);
}

/** `users`: one per name, names ascending. */
async function applySorted(
  { database, mapping, raise }: Writer,
  transaction: RadiusTransaction,
  users: readonly UserAccess[],
): Promise<Outcomes> {
  const claims = users.map(({ username, generation }) => ({ name: username, generation }));
  const fences = await raise(transaction, database, 'user', claims);
  const mine = users.filter((user) => fences.get(user.username)?.generation === user.generation);
  const found = await readUsers(
    transaction,
    database.flavor,
    mine.map((user) => user.username),
    mine.map((user) => user.group),
  );
  const faults = conflicts(mine, found);
  if (faults.size > 0) return err(refusal('rejected', faults));
  const early = homeless(mine, found);
  if (early.size > 0) return err(refusal('premature', early));
  const changes = new Map(
    mine.map((user) => [user.username, userChange(user, found.users.get(user.username) ?? nothingStored, mapping)]),
  );
  await writeUsers(transaction, changes);
  const changed = [...changes].filter(([, change]) => size(change) > 0).map(([name]) => name);
  await stampFences(transaction, database, 'user', changed);
  return ok(
    users.map((user) => {
      const change = changes.get(user.username);
      return applied(fences.get(user.username), change ? size(change) : null);
    }),
  );
}

/** Of two wishes for one name in the same call the newer is the one that counts; sorted, so that writers do not deadlock. */
function newestOfEach(users: readonly UserAccess[]): readonly UserAccess[] {
  const newest = new Map<string, UserAccess>();
  for (const user of users) {
    const other = newest.get(user.username);
    if (!other || user.generation >= other.generation) newest.set(user.username, user);
  }
  return [...newest.values()].sort((a, b) => (a.username < b.username ? -1 : 1));
}

/** The answer to each wish as it was asked: a wish that a newer one in the same call overtook is superseded. */
const inOrderAsked = (
  users: readonly UserAccess[],
  outcomes: ReadonlyMap<string, { readonly generation: bigint; readonly outcome: Applied }>,
): readonly Applied[] =>
  users.map((user) => {
    const { generation, outcome } = outcomes.get(user.username) ?? {
      generation: 0n,
      outcome: applied(undefined, null),
    };
    return user.generation < generation ? { ...outcome, outcome: 'superseded', rowsChanged: 0 } : outcome;
  });

const undone: Outcomes = err({ reason: 'unreachable', detail: 'it was taken back before it was committed' });

/**
 * See `Enforcer.applyUsers`. A refused user rolls its transaction of at most 500 back; earlier ones stand, and are harmless to
 * repeat. `mayCommit` is asked when all is written.
 */
export async function applyUsers(
  writer: Writer,
  users: readonly UserAccess[],
  mayCommit: () => Promise<boolean> = async () => true,
): Promise<Outcomes> {
  const faults = faultsBy(users, (user) => userFault(user, writer.mapping));
  if (faults.size > 0) return err(refusal('rejected', faults));
  const sorted = newestOfEach(users);
  const outcomes = new Map<string, { readonly generation: bigint; readonly outcome: Applied }>();
  for (let start = 0; start < sorted.length; start += usersATransaction) {
    const chunk = sorted.slice(start, start + usersATransaction);
    const committed = await transact(writer.database, async (transaction) => {
      const written = await applySorted(writer, transaction, chunk);
      return !written.ok || (await mayCommit()) ? written : undone;
    });
    const answer = await afterCommit(writer, committed);
    if (!answer.ok) return answer;
    for (const [index, outcome] of answer.value.entries()) {
      const user = chunk[index];
      if (user) outcomes.set(user.username, { generation: user.generation, outcome });
    }
  }
  return ok(inOrderAsked(users, outcomes));
}

/** See `Enforcer.beginUsers`. */
export function beginUsers(writer: Writer, users: readonly UserAccess[]): BegunUsers {
  let decide = (_mayCommit: boolean): void => undefined;
  const decided = new Promise<boolean>((resolve) => {
    decide = resolve;
  });
  const applying = applyUsers(writer, users, () => decided);
  return {
    commit: () => {
      decide(true);
      return applying;
    },
    undo: () => decide(false),
  };
}
