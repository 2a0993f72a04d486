import { fewAtOnce } from '#connectors/kit/few-at-once.ts';
import type { Result } from '#domain/result.ts';

/** Requests of one reading that may be under way together: an ERPNext site has few workers, and people use them too. */
const abreast = 6;

/** Does the work for each entry, a few at a time, in the order of the input; stops at the first failure. */
export const forEach = <T, V, E>(
  entries: readonly T[],
  work: (entry: T) => Promise<Result<V, E>>,
): Promise<Result<readonly V[], E>> => fewAtOnce(entries, abreast, work);
