import { ok, type Result } from '#domain/result.ts';
import type { Applied, EnforcerFailure } from '#ports/enforcer/port.ts';
import type { RadiusDatabase } from './database.ts';
import { databaseNow, type Fence, type raiseFences } from './fence.ts';
import type { RadiusMapping } from './mapping.ts';
import { ask } from './transact.ts';

/** What the writing half of the enforcer works with. `raise` is the fence; a test puts a broken one in its place. */
export type Writer = {
  readonly database: RadiusDatabase;
  readonly mapping: RadiusMapping;
  readonly raise: typeof raiseFences;
};

/** `rowsChanged` null: a newer generation was there first. */
export function applied(fence: Fence | undefined, rowsChanged: number | null): Applied {
  const outcome = rowsChanged === null ? 'superseded' : rowsChanged > 0 ? 'written' : 'unchanged';
  return { outcome, rowsChanged: rowsChanged ?? 0, appliedAt: fence?.appliedAt ?? new Date(0) };
}

/**
 * What was written is true from its commit on, so the clock is read after it: a session that began before must never
 * look as if it had read the new rows. When this fails the rows stand, and the next try answers `unchanged`.
 */
export async function afterCommit<T extends readonly Applied[]>(
  writer: Writer,
  answer: Result<T, EnforcerFailure>,
): Promise<Result<readonly Applied[], EnforcerFailure>> {
  if (!answer.ok || !answer.value.some(({ outcome }) => outcome === 'written')) return answer;
  return ask(async () => {
    const appliedAt = await databaseNow(writer.database);
    return ok(answer.value.map((one) => (one.outcome === 'written' ? { ...one, appliedAt } : one)));
  });
}
