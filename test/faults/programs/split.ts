import type { CompiledQuery, QueryResult, UpdateResult } from 'kysely';
import type { Database, Tx } from '#db/database.ts';

type Later = (tx: Tx) => Promise<unknown>;
type Step = readonly [method: string, args: readonly unknown[]];

/** `builder.where(…).set(…)…`, called anew. */
function replay(builder: object, steps: readonly Step[]): unknown {
  return steps.reduce<unknown>(
    (at, [method, args]) => Reflect.apply(Reflect.get(Object(at), method), at, args),
    builder,
  );
}

/** Stands for an UPDATE of the outbox that is to be made later, and says at once that it went well. */
function putOff(later: Later[]): object {
  const steps: Step[] = [];
  const wellDone: Pick<UpdateResult, 'numUpdatedRows'> = { numUpdatedRows: 1n };
  const builder: object = new Proxy(
    {},
    {
      get: (_target, method: string) => {
        if (!method.startsWith('execute')) {
          return (...args: unknown[]) => {
            steps.push([method, args]);
            return builder;
          };
        }
        return async () => {
          later.push(async (tx) => replay(tx.updateTable('outbox'), [...steps, ['execute', []]]));
          return wellDone;
        };
      },
    },
  );
  return builder;
}

/** An UPDATE that settles many at once, as it is written out. */
const settlesMany = /^\s*update outbox o set state = \$/;

/** Puts off such statements among those that are written out, and says that each of their intents was there. */
function puttingOff(executor: ReturnType<Tx['getExecutor']>, later: Later[]): ReturnType<Tx['getExecutor']> {
  const executeQuery = async (query: CompiledQuery): Promise<QueryResult<unknown>> => {
    if (!settlesMany.test(query.sql)) return executor.executeQuery(query);
    later.push((tx) => tx.getExecutor().executeQuery(query));
    const ids = query.parameters.find((value) => Array.isArray(value));
    return { rows: [], numAffectedRows: BigInt(Array.isArray(ids) ? ids.length : 0) };
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
          if (name === 'updateTable') {
            return (table: 'outbox') => (table === 'outbox' ? putOff(later) : target.updateTable(table));
          }
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
