import { ok, type Result } from '#domain/result.ts';

/** Does the work for each, `atOnce` at a time; answers in their order, or with the first failure. */
export async function fewAtOnce<I, T, E>(
  inputs: readonly I[],
  atOnce: number,
  work: (input: I) => Promise<Result<T, E>>,
): Promise<Result<readonly T[], E>> {
  const done: T[] = [];
  for (let start = 0; start < inputs.length; start += atOnce) {
    for (const one of await Promise.all(inputs.slice(start, start + atOnce).map(work))) {
      if (!one.ok) return one;
      done.push(one.value);
    }
  }
  return ok(done);
}
