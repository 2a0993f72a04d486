import { sql } from 'kysely';
import type { Database } from '#db/database.ts';
import { createBatcher } from '#platform/batch.ts';

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
  /** Of an open bill: whose it says it is. Not stored: a hint for whoever looks at it in this process. */
  readonly debtor?: string;
};

export type Stored = { readonly eventId: bigint; readonly fresh: boolean };

const identity = (a: { tenantId: string; source: string; dedup: Buffer }): string =>
  `${a.tenantId} ${a.source} ${a.dedup.toString('latin1')}`;

/** Bad data of one arrival (SQLSTATE class 22 or 23), not a database that is away. */
const isBadData = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && /^2[23]/.test(String(error.code));

type Packed = { readonly bytes: Buffer; readonly starts: readonly number[]; readonly lengths: readonly number[] };

/**
 * Many byte strings as one parameter, which travels in binary; where each begins (from 1) and how long it is. An array of
 * them would travel as text, which cost PostgreSQL five times the work of the whole insert.
 */
function pack(parts: readonly Buffer[]): Packed {
  const starts: number[] = [];
  let next = 1;
  for (const part of parts) {
    starts.push(next);
    next += part.length;
  }
  return { bytes: Buffer.concat(parts), starts, lengths: parts.map((part) => part.length) };
}

type Found = { readonly id: bigint; readonly ord: number };

/**
 * `rows`: no two alike, sorted, so that overlapping batches of several processes never deadlock. Answers in their order.
 * One statement, which is its own transaction; a second one only where some are known already: they were committed
 * before it.
 */
async function insertRows(db: Database, rows: readonly Arrival[]): Promise<readonly Stored[]> {
  const column = <K extends keyof Arrival>(key: K): Arrival[K][] => rows.map((row) => row[key]);
  const dedup = pack(column('dedup'));
  const raw = pack(column('raw'));
  const tenants = column('tenantId');
  const sources = column('source');
  const inserted = await db.gateOnce((tx) =>
    sql<{ readonly id: bigint }>`
    insert into inbox (tenant_id, source, dedup, raw, doctype, name, event, modified, state, error, correlation_id)
    select t, s, substring(${dedup.bytes}::bytea from ds for dl), substring(${raw.bytes}::bytea from rs for rl),
      doctype, name, event, modified, state, error, correlation_id
    from unnest(${tenants}::uuid[], ${sources}::text[], ${dedup.starts}::int[],
      ${dedup.lengths}::int[], ${raw.starts}::int[], ${raw.lengths}::int[], ${column('doctype')}::text[],
      ${column('name')}::text[], ${column('event')}::text[], ${column('modified')}::text[],
      ${column('state')}::text[], ${column('error')}::text[], ${column('correlationId')}::text[])
      as k (t, s, ds, dl, rs, rl, doctype, name, event, modified, state, error, correlation_id)
    on conflict do nothing returning id`.execute(tx),
  );
  // All of them, in the order in which they were given.
  if (inserted.rows.length === rows.length) return inserted.rows.map(({ id }) => ({ eventId: id, fresh: true }));
  const found = await db.gateOnce((tx) =>
    sql<Found>`
    select i.id, k.ord::int as ord from inbox i
    join unnest(${tenants}::uuid[], ${sources}::text[], ${dedup.starts}::int[], ${dedup.lengths}::int[])
      with ordinality as k (t, s, ds, dl, ord)
      on i.tenant_id = k.t and i.source = k.s and i.dedup = substring(${dedup.bytes}::bytea from ds for dl)`.execute(
      tx,
    ),
  );
  const fresh = new Set(inserted.rows.map(({ id }) => id));
  const ids = new Map(found.rows.map(({ id, ord }) => [ord, id]));
  return rows.map((_row, i) => {
    const eventId = ids.get(i + 1);
    if (eventId === undefined) throw new Error('A stored delivery was not found again.');
    return { eventId, fresh: fresh.has(eventId) };
  });
}

async function insertAll(db: Database, arrivals: readonly Arrival[]): Promise<readonly Stored[]> {
  const keys = arrivals.map(identity);
  const first = new Map<string, Arrival>();
  for (const [i, arrival] of arrivals.entries()) {
    const key = keys[i] ?? '';
    if (!first.has(key)) first.set(key, arrival);
  }
  const sorted = [...first.keys()].sort();
  const rows = sorted.flatMap((key) => first.get(key) ?? []);
  const stored = await insertRows(db, rows);
  const byKey = new Map(sorted.map((key, i) => [key, stored[i]]));
  return arrivals.map((arrival, i) => {
    const one = byKey.get(keys[i] ?? '');
    if (!one) throw new Error('A delivery was left out of its own flush.');
    return { eventId: one.eventId, fresh: one.fresh && first.get(keys[i] ?? '') === arrival };
  });
}

/** Stores deliveries; each caller is answered after the commit that holds its row (REL-1). */
export const createStore = (db: Database): ((arrival: Arrival) => Promise<Stored>) =>
  createBatcher(
    (arrivals: readonly Arrival[]) => insertAll(db, arrivals),
    isBadData,
    ({ tenantId }) => tenantId,
  );
