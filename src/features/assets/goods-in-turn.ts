import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Database } from '#db/database.ts';
import type { Result } from '#domain/result.ts';
import { Refusal } from '#platform/refusal.ts';

/**
 * Takes new units in while no other process does so for the tenant: looking for a serial before and after it is made keeps
 * one process from making it twice, not two. Refused when the turn does not come soon.
 */
export type GoodsInTurn = <T, F extends { readonly reason: string }>(
  tenantId: string,
  work: () => Promise<Result<T, F>>,
) => Promise<Result<T, F>>;

type Waiting = { readonly waitMs: number; readonly pauseMs: number };

/** One for each process: after a lost answer it goes on at once, since it knows of it; others only after the quiet time. */
export function createGoodsInTurn(
  db: Pick<Database, 'worker'>,
  { waitMs, pauseMs }: Waiting = { waitMs: 10_000, pauseMs: 100 },
): GoodsInTurn {
  const holder = randomUUID();

  // As the worker: a request's own transaction would mark its Idempotency-Key as done with the first row that it writes.
  const take = (tenantId: string): Promise<boolean> =>
    db.worker(tenantId, async (tx) => {
      const { rows } = await sql`
        insert into goods_in_turns as g (tenant_id, holder, busy_until)
        values (${tenantId}, ${holder}, now() + interval '10 minutes')
        on conflict (tenant_id) do update set holder = excluded.holder, busy_until = excluded.busy_until
        where g.busy_until <= now() and (g.quiet_until <= now() or g.holder = excluded.holder)
        returning 1`.execute(tx);
      return rows.length > 0;
    });

  const give = (tenantId: string, isLost: boolean): Promise<unknown> =>
    db.worker(tenantId, (tx) =>
      sql`
        update goods_in_turns set busy_until = now(),
          quiet_until = case when ${isLost} then now() + interval '1 minute' else quiet_until end
        where tenant_id = ${tenantId} and holder = ${holder}`.execute(tx),
    );

  return async (tenantId, work) => {
    for (let waited = 0; !(await take(tenantId)); waited += pauseMs) {
      if (waited >= waitMs)
        throw new Refusal(
          'CONFLICT',
          'Other new units are being taken into InvenTree, or its answer to them was lost just now. Send the same again in a minute.',
        );
      await sleep(pauseMs);
    }
    let isLost = true;
    try {
      const answer = await work();
      isLost = !answer.ok && answer.error.reason === 'unreachable';
      return answer;
    } finally {
      await give(tenantId, isLost);
    }
  };
}
