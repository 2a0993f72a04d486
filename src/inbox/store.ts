import { sql } from 'kysely';
import type { Database, Tx } from '#db/database.ts';
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

type Key = { readonly id: bigint; readonly tenant_id: string; readonly source: string; readonly dedup: Buffer };
type Found = Stored & { readonly key: string };

const foundOf = (rows: readonly Key[], fresh: boolean): Found[] =>
  rows.map((row) => ({ key: identity({ ...row, tenantId: row.tenant_id }), eventId: row.id, fresh }));

/** `rows`: no two alike, sorted, so that overlapping batches of several processes never deadlock. */
async function insertRows(tx: Tx, rows: readonly Arrival[]): Promise<Found[]> {
  const column = <K extends keyof Arrival>(key: K): Arrival[K][] => rows.map((row) => row[key]);
  const dedup = pack(column('dedup'));
  const raw = pack(column('raw'));
  const inserted = await sql<Key>`
    insert into inbox (tenant_id, source, dedup, raw, doctype, name, event, modified, state, error, correlation_id)
    select t, s, substring(${dedup.bytes}::bytea from ds for dl), substring(${raw.bytes}::bytea from rs for rl),
      doctype, name, event, modified, state, error, correlation_id
    from unnest(${column('tenantId')}::uuid[], ${column('source')}::text[], ${dedup.starts}::int[],
      ${dedup.lengths}::int[], ${raw.starts}::int[], ${raw.lengths}::int[], ${column('doctype')}::text[],
      ${column('name')}::text[], ${column('event')}::text[], ${column('modified')}::text[],
      ${column('state')}::text[], ${column('error')}::text[], ${column('correlationId')}::text[])
      as k (t, s, ds, dl, rs, rl, doctype, name, event, modified, state, error, correlation_id)
    on conflict do nothing returning id, tenant_id, source, dedup`.execute(tx);
  const fresh = foundOf(inserted.rows, true);
  if (fresh.length === rows.length) return fresh;
  const known = await sql<Key>`
    select i.id, i.tenant_id, i.source, i.dedup from inbox i
    join unnest(${column('tenantId')}::uuid[], ${column('source')}::text[], ${dedup.starts}::int[],
      ${dedup.lengths}::int[]) as k (t, s, ds, dl)
      on i.tenant_id = k.t and i.source = k.s and i.dedup = substring(${dedup.bytes}::bytea from ds for dl)`.execute(
    tx,
  );
  return [...foundOf(known.rows, false), ...fresh];
}

async function insertAll(db: Database, arrivals: readonly Arrival[]): Promise<readonly Stored[]> {
  const first = new Map<string, Arrival>();
  for (const arrival of arrivals) if (!first.has(identity(arrival))) first.set(identity(arrival), arrival);
  const rows = [...first.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, arrival]) => arrival);
  const found = await db.gate((tx) => insertRows(tx, rows));
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
