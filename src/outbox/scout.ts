import { setImmediate as turn } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Database } from '#db/database.ts';
import type { IntentKind } from '#domain/intents.ts';

/** Whether anything of these kinds waits to be claimed. */
export type Scout = (kinds: readonly IntentKind[]) => Promise<boolean>;

/** Of intents of which tenants, the claim says: one that is deactivated makes it look in vain. */
const dueKinds = (db: Database, kinds: readonly IntentKind[]): Promise<ReadonlySet<string>> =>
  db.claim(async (tx) => {
    const { rows } = await sql<{ kind: string }>`
      select k.kind from unnest(${kinds}::text[]) as k (kind)
      where exists (select from outbox c where c.kind = k.kind and c.state = 'ready' and c.next_at <= now())
      union all
      select kind from outbox where state = 'running' and locked_until < now()`.execute(tx);
    return new Set(rows.map(({ kind }) => kind));
  });

/**
 * Looks for all lanes at once: a wake-up rouses each of them, and mostly there is something for one or none. Whoever asks
 * in one turn of the event loop is answered by one statement, which begins after all of them have asked: what was
 * committed before a wake-up is seen by everybody whom it roused.
 */
export function createScout(db: Database, kinds: readonly IntentKind[]): Scout {
  let next: Promise<ReadonlySet<string>> | null = null;

  async function look(): Promise<ReadonlySet<string>> {
    await turn();
    next = null;
    return dueKinds(db, kinds);
  }
  return async (asked) => {
    next ??= look();
    const due = await next;
    return asked.some((kind) => due.has(kind));
  };
}
