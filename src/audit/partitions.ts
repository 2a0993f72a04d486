import { sql } from 'kysely';
import type { OwnerDoor } from '#db/owner-door.ts';

/** This month and so many more have their partition. */
const monthsAhead = 3;

type Month = { readonly name: string; readonly from: string; readonly to: string };

/** The month (UTC) `offset` months after the one of `now`. */
function monthOf(now: number, offset: number): Month {
  const first = (months: number): Date => {
    const date = new Date(now);
    return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1));
  };
  const from = first(offset).toISOString().slice(0, 10);
  return {
    name: `audit_logs_${from.slice(0, 7).replace('-', '_')}`,
    from,
    to: first(offset + 1)
      .toISOString()
      .slice(0, 10),
  };
}

/** Rows that `audit_logs_rest` holds of a month stay there: PostgreSQL refuses a partition beside them (23514). */
const holdsRows = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === '23514';

/** In a transaction of its own, for a refusal ends it. Row-level security and no grant: see migration 0007. */
async function makeMonth(owner: OwnerDoor, { name, from, to }: Month): Promise<boolean> {
  const partition = sql.table(name);
  try {
    return await owner.act(async (tx) => {
      await sql`select pg_advisory_xact_lock(hashtext('jembatan audit partitions'))`.execute(tx);
      const { rows } = await sql<{ there: boolean }>`select to_regclass(${name}) is not null as there`.execute(tx);
      if (rows[0]?.there) return false;
      await sql`create table ${partition} partition of audit_logs for values from (${sql.lit(`${from} 00:00:00Z`)}) to (${sql.lit(`${to} 00:00:00Z`)})`.execute(
        tx,
      );
      await sql`alter table ${partition} enable row level security`.execute(tx);
      await sql`alter table ${partition} force row level security`.execute(tx);
      await sql`create trigger refuse_truncate before truncate on ${partition} for each statement execute function refuse_audit_change()`.execute(
        tx,
      );
      return true;
    });
  } catch (error) {
    if (holdsRows(error)) return false;
    throw error;
  }
}

/** Makes the audit log's partitions of this and the coming months where they are missing; answers how many it made. */
export async function makePartitions(owner: OwnerDoor, now: number): Promise<number> {
  let made = 0;
  for (let offset = 0; offset <= monthsAhead; offset++) if (await makeMonth(owner, monthOf(now, offset))) made += 1;
  return made;
}
