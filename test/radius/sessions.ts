import { sql } from 'kysely';
import type { Place, RouterName } from './place.ts';
import type { Row } from './radius-database.ts';

type Attributes = Readonly<Record<string, string>>;
export type Status = 'Start' | 'Interim-Update' | 'Stop' | 'Accounting-On' | 'Accounting-Off';

/** Sends one record of budi@isp's session, and answers the kind of packet that came back. */
export async function record(
  place: Place,
  status: Status,
  sessionId: string,
  more: Attributes = {},
  router: RouterName = 'own',
): Promise<string> {
  const attributes = { 'Acct-Status-Type': status, 'Acct-Session-Id': sessionId, 'User-Name': 'budi@isp', ...more };
  return (await place.account(attributes, router)).packet;
}

/** All rows of a session id, oldest first: what was counted, and whether it is open. */
export async function sessionRows(place: Place, sessionId: string): Promise<readonly Row[]> {
  return place.database.rows(sql`
    SELECT username, acctinputoctets AS input, acctoutputoctets AS output, acctsessiontime AS seconds, class, nasportid,
      COALESCE(acctterminatecause, '') AS cause, CASE WHEN acctstoptime IS NULL THEN 'open' ELSE 'closed' END AS state
    FROM radacct WHERE acctsessionid = ${sessionId} ORDER BY radacctid`);
}

const timeColumns = ['acctstarttime', 'acctupdatetime', 'acctstoptime'] as const;

/** Moves a session's times into the past, as if that had been then. */
export async function shiftBack(place: Place, sessionId: string, seconds: number): Promise<void> {
  for (const column of timeColumns) {
    const earlier =
      place.database.flavor === 'mysql'
        ? sql`${sql.ref(column)} - INTERVAL ${sql.lit(seconds)} SECOND`
        : sql`${sql.ref(column)} - ${sql.lit(seconds)} * interval '1 second'`;
    await sql`UPDATE radacct SET ${sql.ref(column)} = ${earlier} WHERE acctsessionid = ${sessionId}`.execute(
      place.database.db,
    );
  }
}

/** Closes a session as the hub does it on a proof of staleness. */
export async function closeAsStale(place: Place, sessionId: string): Promise<void> {
  await sql`UPDATE radacct SET acctstoptime = acctupdatetime, acctterminatecause = 'Hub-Stale'
    WHERE acctsessionid = ${sessionId} AND acctstoptime IS NULL`.execute(place.database.db);
}

/** How long ago a session began, in seconds of the database's clock. */
export async function ageSeconds(place: Place, sessionId: string): Promise<number> {
  const age =
    place.database.flavor === 'mysql'
      ? sql`TIMESTAMPDIFF(SECOND, acctstarttime, NOW())`
      : sql`EXTRACT(EPOCH FROM now() - acctstarttime)`;
  const [row] = await place.database.rows(sql`SELECT ${age} AS age FROM radacct WHERE acctsessionid = ${sessionId}`);
  return Number(row?.age);
}
