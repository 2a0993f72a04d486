import { type KyselyPlugin, PostgresQueryCompiler } from 'kysely';
import type { Database, Tx } from '#db/database.ts';
import type { Enforcer } from '#ports/enforcer/port.ts';

type Door = 'claim' | 'worker';
type Place =
  /** Around a transaction of the bridge that touched a row by such a statement. */
  | { readonly door: Door; readonly statement: RegExp; readonly when: 'before' | 'after' }
  /** Around a call to what lies outside of it. */
  | { readonly call: 'applyUsers' | 'openSessions' | 'ledger'; readonly when: 'before' | 'after' }
  /** Some ms after the call went out: in the midst of the target's own transaction. */
  | { readonly call: 'applyUsers'; readonly withinMs: number };

const decided = /insert into access /;
/** One by one, or many at once. */
const settled = /update outbox (o )?set state = (\$|'ready')/;

/** Where a worker may end, in the order of the way. */
export const crashPoints = {
  'a delivery was consumed': { door: 'claim', statement: /insert into dirty_documents/, when: 'after' },
  'the ledger answered': { call: 'ledger', when: 'after' },
  'it was decided, and not committed': { door: 'worker', statement: decided, when: 'before' },
  'it was decided': { door: 'worker', statement: decided, when: 'after' },
  'intents were claimed': { door: 'claim', statement: /update outbox o set state = 'running'/, when: 'after' },
  'the rows are about to be written': { call: 'applyUsers', when: 'before' },
  'the rows are being written': { call: 'applyUsers', withinMs: 8 },
  'the rows were written': { call: 'applyUsers', when: 'after' },
  'it was settled, and not committed': { door: 'worker', statement: settled, when: 'before' },
  'it was settled': { door: 'worker', statement: settled, when: 'after' },
  'the sessions were read': { call: 'openSessions', when: 'after' },
} as const satisfies Record<string, Place>;

export type CrashPoint = keyof typeof crashPoints;

/** What happens at a point: SIGKILL ends the process there, SIGSTOP pauses it until somebody wakes it. */
export type Strike = { readonly at: CrashPoint; readonly signal: 'SIGKILL' | 'SIGSTOP' };

const compiler = new PostgresQueryCompiler();

/** Notes the statements that touched a row. */
function noting(touched: string[]): KyselyPlugin {
  const texts = new WeakMap<object, string>();
  return {
    transformQuery: ({ node, queryId }) => {
      texts.set(queryId, compiler.compileQuery(node, queryId).sql);
      return node;
    },
    transformResult: async ({ result, queryId }) => {
      if (result.rows.length > 0 || (result.numAffectedRows ?? 0n) > 0n) touched.push(texts.get(queryId) ?? '');
      return result;
    },
  };
}

/** The bridge and the ports of a worker that is struck once, at the point that is named; null: nowhere. */
export function struckAt(strike: Strike | null) {
  const point: Place | null = strike ? crashPoints[strike.at] : null;
  let isOver = false;
  function hit(): void {
    if (isOver || !strike) return;
    isOver = true;
    process.send?.('struck');
    process.kill(process.pid, strike.signal);
  }

  const around =
    (door: Door, run: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>) =>
    async <T>(work: (tx: Tx) => Promise<T>): Promise<T> => {
      if (!point || !('door' in point) || point.door !== door) return run(work);
      const { statement, when } = point;
      const touched: string[] = [];
      const isHere = (): boolean => touched.some((text) => statement.test(text));
      const answer = await run(async (tx) => {
        const done = await work(tx.withPlugin(noting(touched)));
        if (when === 'before' && isHere()) hit();
        return done;
      });
      if (when === 'after' && isHere()) hit();
      return answer;
    };

  return {
    bridge: (db: Database): Database => ({
      ...db,
      claim: around('claim', (work) => db.claim(work)),
      worker: (tenantId, work) => around('worker', (inner) => db.worker(tenantId, inner))(work),
    }),

    /** `name` is called: the process may end before or after it, or while it lasts. */
    call: async <T>(name: 'applyUsers' | 'openSessions' | 'ledger', work: () => Promise<T>): Promise<T> => {
      const isHere = point !== null && 'call' in point && point.call === name;
      if (isHere && 'withinMs' in point) setTimeout(hit, Math.random() * point.withinMs);
      if (isHere && 'when' in point && point.when === 'before') hit();
      const answer = await work();
      if (isHere && 'when' in point && point.when === 'after') hit();
      return answer;
    },
  };
}

/** An enforcer whose calls are such points. */
export const struckEnforcer = (enforcer: Enforcer, { call }: ReturnType<typeof struckAt>): Enforcer => ({
  ...enforcer,
  applyUsers: (users) => call('applyUsers', () => enforcer.applyUsers(users)),
  beginUsers: (users) => {
    const begun = enforcer.beginUsers?.(users) ?? null;
    return begun && { ...begun, commit: () => call('applyUsers', () => begun.commit()) };
  },
  openSessions: (username) => call('openSessions', () => enforcer.openSessions(username)),
});
