import { sql } from 'kysely';
import type { Database } from '#db/database.ts';
import { createBatcher } from '#inbox/batch.ts';

export type Arrival = {
  readonly tenantId: string;
  readonly source: string;
  /** Equal for deliveries that are the same one again. */
  readonly dedup: Buffer;
  readonly raw: Buffer;
  readonly doctype: string;
  readonly name: string;
  readonly event: string;
  readonly modified: string;
  readonly state: 'new' | 'ignored' | 'dead';
  readonly error: string | null;
  readonly correlationId: string;
};

export type Stored = { readonly eventId: bigint; readonly fresh: boolean };

const identity = (a: { tenantId: string; source: string; dedup: Buffer }): string =>
  `${a.tenantId} ${a.source} ${a.dedup.toString('hex')}`;

/** Bad data of one arrival (SQLSTATE class 22 or 23), not a database that is away. */
const isBadData = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && /^2[23]/.test(String(error.code));

async function insertAll(db: Database, arrivals: readonly Arrival[]): Promise<readonly Stored[]> {
  const first = new Map<string, Arrival>();
  for (const arrival of arrivals) if (!first.has(identity(arrival))) first.set(identity(arrival), arrival);
  // Sorted, so that overlapping batches of several processes never deadlock.
  const rows = [...first.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, arrival]) => arrival);
  const column = <K extends keyof Arrival>(key: K): Arrival[K][] => rows.map((row) => row[key]);
  const found = await db.gate(async (tx) => {
    const inserted = await sql<{ id: bigint; tenant_id: string; source: string; dedup: Buffer }>`
      insert into inbox (tenant_id, source, dedup, raw, doctype, name, event, modified, state, error, correlation_id)
      select * from unnest(${column('tenantId')}::uuid[], ${column('source')}::text[], ${column('dedup')}::bytea[],
        ${column('raw')}::bytea[], ${column('doctype')}::text[], ${column('name')}::text[], ${column('event')}::text[],
        ${column('modified')}::text[], ${column('state')}::text[], ${column('error')}::text[], ${column('correlationId')}::text[])
      on conflict do nothing returning id, tenant_id, source, dedup`.execute(tx);
    const fresh = inserted.rows.map((row) => ({
      key: identity({ ...row, tenantId: row.tenant_id }),
      eventId: row.id,
      fresh: true,
    }));
    if (fresh.length === rows.length) return fresh;
    const known = await sql<{ id: bigint; tenant_id: string; source: string; dedup: Buffer }>`
      select i.id, i.tenant_id, i.source, i.dedup from inbox i
      join unnest(${column('tenantId')}::uuid[], ${column('source')}::text[], ${column('dedup')}::bytea[]) as k (t, s, d)
        on i.tenant_id = k.t and i.source = k.s and i.dedup = k.d`.execute(tx);
    const old = known.rows.map((row) => ({
      key: identity({ ...row, tenantId: row.tenant_id }),
      eventId: row.id,
      fresh: false,
    }));
    return [...old, ...fresh];
  });
  const byKey = new Map(found.map((one) => [one.key, one]));
  return arrivals.map((arrival) => {
    const key = identity(arrival);
    const one = byKey.get(key);
    if (!one) throw new Error('A stored delivery was not found again.');
    return { eventId: one.eventId, fresh: one.fresh && first.get(key) === arrival };
  });
}

/** Stores deliveries; each caller is answered after the commit that holds its row (REL-1). */
export const createStore = (db: Database): ((arrival: Arrival) => Promise<Stored>) =>
  createBatcher((arrivals: readonly Arrival[]) => insertAll(db, arrivals), isBadData);
