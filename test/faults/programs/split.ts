import type { CompiledQuery, QueryResult } from 'kysely';
import type { Database, Tx } from '#db/database.ts';

type Later = (tx: Tx) => Promise<unknown>;

/** Anew from its beginning, so that whoever looks at what a transaction runs sees it there. */
function runAnew(tx: Tx, { query, queryId }: CompiledQuery): Promise<unknown> {
  const executor = tx.getExecutor();
  return executor.executeQuery(executor.compileQuery(executor.transformQuery(query, queryId), queryId));
}

/** An UPDATE that settles one intent, or many at once. */
const settles = /^\s*update outbox (o )?set state = (\$|'ready')/;

/** Puts off such statements, and says at once that each of their intents was there. */
function puttingOff(executor: ReturnType<Tx['getExecutor']>, later: Later[]): ReturnType<Tx['getExecutor']> {
  const executeQuery = async (query: CompiledQuery): Promise<QueryResult<unknown>> => {
    if (!settles.test(query.sql)) return executor.executeQuery(query);
    later.push((tx) => runAnew(tx, query));
    const ids = query.parameters.find((value) => Array.isArray(value));
    return { rows: [], numAffectedRows: BigInt(Array.isArray(ids) ? ids.length : 1) };
  };
  return new Proxy(executor, {
    get(target, name) {
      if (name === 'executeQuery') return executeQuery;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/**
 * The wrong variant: what follows from an intent is committed first, and that it is done in a transaction of its own
 * afterwards. It is the hub's own code; only its updates of the outbox come later.
 */
export const splitInTwo = (db: Database): Database => ({
  ...db,
  worker: async (tenantId, work) => {
    const later: Later[] = [];
    const answer = await db.worker(tenantId, (tx) => {
      const first = new Proxy(tx, {
        get(target, name) {
          if (name === 'getExecutor') return () => puttingOff(target.getExecutor(), later);
          const value: unknown = Reflect.get(target, name, target);
          return typeof value === 'function' ? value.bind(target) : value;
        },
      });
      return work(first);
    });
    for (const one of later) await db.worker(tenantId, one);
    return answer;
  },
});
