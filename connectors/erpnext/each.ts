import { ok, type Result } from '#domain/result.ts';

/** Requests of one reading that may be under way together: an ERPNext site has few workers, and people use them too. */
const abreast = 6;

/** Does the work for each entry, a few at a time, in the order of the input; stops at the first failure. */
export async function forEach<T, V, E>(
  entries: readonly T[],
  work: (entry: T) => Promise<Result<V, E>>,
): Promise<Result<readonly V[], E>> {
  const answers: V[] = [];
  for (let at = 0; at < entries.length; at += abreast) {
    for (const answer of await Promise.all(entries.slice(at, at + abreast).map(work))) {
      if (!answer.ok) return answer;
      answers.push(answer.value);
    }
  }
  return ok(answers);
}
