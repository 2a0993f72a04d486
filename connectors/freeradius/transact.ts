import { setTimeout as pause } from 'node:timers/promises';
import { err, type Result } from '#domain/result.ts';
import type { EnforcerFailure } from '#ports/enforcer/port.ts';
import type { RadiusDatabase, RadiusTransaction } from './database.ts';
import { describeError, isTransient } from './failure.ts';

const maxAttempts = 10;

/** Carries a refusal out of Kysely's callback, which rolls back on whatever is thrown. */
class Refusal extends Error {
  readonly failure: EnforcerFailure;
  constructor(failure: EnforcerFailure) {
    super(failure.detail);
    this.failure = failure;
  }
}

/**
 * One transaction, READ COMMITTED; commits what `work` answers with `ok` and rolls back what it refuses. A deadlock and
 * its like is tried again, with growing pauses; never throws.
 */
export async function transact<T>(
  database: RadiusDatabase,
  work: (transaction: RadiusTransaction) => Promise<Result<T, EnforcerFailure>>,
): Promise<Result<T, EnforcerFailure>> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await database.connection.transaction().execute(async (transaction) => {
        const answer = await work(transaction);
        if (!answer.ok) throw new Refusal(answer.error);
        return answer;
      });
    } catch (error) {
      if (error instanceof Refusal) return err(error.failure);
      if (!isTransient(error) || attempt >= maxAttempts) return err(describeError(error));
      await pause(attempt * (5 + Math.random() * 10));
    }
  }
}

/** A question outside a transaction; never throws. */
export async function ask<T>(question: () => Promise<Result<T, EnforcerFailure>>): Promise<Result<T, EnforcerFailure>> {
  try {
    return await question();
  } catch (error) {
    return err(describeError(error));
  }
}
