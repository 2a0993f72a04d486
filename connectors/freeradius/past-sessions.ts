import { type RawBuilder, sql } from 'kysely';
import { ok, type Result } from '#domain/result.ts';
import type { HistoryQuery, PastSession, SessionHistory, SessionRecord } from '#ports/enforcer/accounting/port.ts';
import type { EnforcerFailure } from '#ports/enforcer/port.ts';
import type { RadiusDatabase } from './database.ts';
import { groupOfClass, instant, type SessionRow } from './sessions.ts';
import { ask } from './transact.ts';

type Answer<T> = Promise<Result<T, EnforcerFailure>>;

type Row = Omit<SessionRow, 'username' | 'spelt' | 'acctuniqueid'> & {
  readonly id: string | number;
  readonly stopped: string | null;
  readonly cause: string | null;
};

const asRecord = (row: Row): SessionRecord => {
  const [startedAt, endedAt] = [instant(row.started), instant(row.stopped)];
  return {
    row: String(row.id),
    sessionId: row.acctsessionid,
    startedAt,
    endedAt,
    seenAt: endedAt ?? instant(row.updated) ?? startedAt,
    nasAddress: row.nas ?? '',
    framedAddress: row.framed,
    callingStationId: row.calling || null,
    inputOctets: Number(row.input ?? 0),
    outputOctets: Number(row.output ?? 0),
    terminateCause: endedAt === null ? null : row.cause?.trim() || null,
    group: groupOfClass(row.class),
  };
};

/** Rows of a user: found by an index, and then name by name, for MariaDB takes `budí` for `budi`. */
const ofUser = ({ flavor }: RadiusDatabase, username: string): RawBuilder<boolean> =>
  sql<boolean>`${flavor.anyName('username', [username])} and ${flavor.canonical('username')} = ${username}`;

/** Rows that were open at some moment of the time that is asked for. */
function within({ flavor }: RadiusDatabase, { from, to }: Pick<HistoryQuery, 'from' | 'to'>): RawBuilder<unknown> {
  const start = sql`coalesce(${flavor.epochMs('acctstarttime')}, ${flavor.epochMs('acctstoptime')}, 0)`;
  const isLater = from && sql`and (acctstoptime is null or ${flavor.epochMs('acctstoptime')} >= ${from.getTime()})`;
  const isEarlier = to && sql`and ${start} < ${to.getTime()}`;
  return sql`${isLater ?? sql``} ${isEarlier ?? sql``}`;
}

async function readRows(
  database: RadiusDatabase,
  which: RawBuilder<unknown>,
  { limit, offset }: Pick<HistoryQuery, 'limit' | 'offset'>,
): Promise<readonly SessionRecord[]> {
  const { connection, flavor } = database;
  const { rows } = await sql<Row>`
    select radacctid as id, acctsessionid, ${flavor.address('nasipaddress')} as nas,
      ${flavor.address('framedipaddress')} as framed, callingstationid as calling,
      ${flavor.epochMs('acctstarttime')} as started, ${flavor.epochMs('acctupdatetime')} as updated,
      ${flavor.epochMs('acctstoptime')} as stopped, acctinputoctets as input, acctoutputoctets as output, class,
      acctterminatecause as cause
    from radacct where ${which}
    order by acctstarttime desc, radacctid desc limit ${sql.lit(limit)} offset ${sql.lit(offset)}`.execute(connection);
  return rows.map(asRecord);
}

/** See `Accounting.history`. */
export function readHistory(database: RadiusDatabase, username: string, query: HistoryQuery): Answer<SessionHistory> {
  return ask(async () => {
    const which = sql`${ofUser(database, username)} ${within(database, query)}`;
    const counted = sql<{ total: string }>`select count(*) as total from radacct where ${which}`;
    const [sessions, { rows }] = await Promise.all([
      readRows(database, which, query),
      counted.execute(database.connection),
    ]);
    return ok({ sessions, total: Number(rows[0]?.total ?? 0) });
  });
}

/** See `Accounting.lastSessions`. */
export const readLastSessions = (
  database: RadiusDatabase,
  username: string,
  limit: number,
): Answer<readonly PastSession[]> =>
  ask(async () => ok(await readRows(database, ofUser(database, username), { limit, offset: 0 })));
