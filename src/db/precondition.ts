import { AsyncLocalStorage } from 'node:async_hooks';
import { sql } from 'kysely';
import { hasWritten } from '#db/has-written.ts';
import type { Tx } from '#db/role-pool.ts';

/** What must be so where a request changes something. */
type Precondition = {
  /** What it is about, the same in every process: of those who change it under a precondition one looks at a time. */
  readonly name: string;
  /** Waits until the request may hold a transaction and look beside it. May be asked again. */
  readonly enter: () => Promise<void>;
  /** Looks as others do, without what the transaction has written; throws where it is not so (any more). */
  readonly demand: () => Promise<unknown>;
};

type Standing = { readonly precondition: Precondition; isMet: boolean };
const current = new AsyncLocalStorage<Standing | null>();

/** Runs `work`, whose first transaction that writes is committed only while `precondition` holds. */
export const underPrecondition = <T>(precondition: Precondition, work: () => Promise<T>): Promise<T> =>
  current.run({ precondition, isMet: false }, work);

async function demandIn(tx: Tx, { name, demand }: Precondition): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 11))`.execute(tx);
  await current.run(null, demand);
}

/**
 * `run`s `work` as a transaction, at whose end the request's precondition is demanded (if there is one, and it was not
 * met by an earlier one). By then the rows that it changes are locked: whoever changed them before has committed and is
 * seen by the look, and whoever comes later waits for this commit.
 */
export async function underDemand<T>(
  work: (tx: Tx) => Promise<T>,
  run: (work: (tx: Tx) => Promise<T>) => Promise<T>,
): Promise<T> {
  const standing = current.getStore();
  if (!standing || standing.isMet) return run(work);
  await standing.precondition.enter();
  let wrote = false;
  const answer = await run(async (tx) => {
    const done = await work(tx);
    wrote = await hasWritten(tx);
    if (wrote) await demandIn(tx, standing.precondition);
    return done;
  });
  // What comes after it in the same request stands on what this one has changed.
  standing.isMet = wrote;
  return answer;
}
