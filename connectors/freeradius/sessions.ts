import { type RawBuilder, sql } from 'kysely';
import { groupNamespace, interimSeconds } from '#domain/radius-groups.ts';
import { ok, type Result } from '#domain/result.ts';
import type { EnforcerFailure, SeenSession, Session, StaleProof } from '#ports/enforcer/port.ts';
import type { RadiusDatabase } from './database.ts';
import type { Flavor } from './flavor.ts';
import { ask, transact } from './transact.ts';

type Answer<T> = Promise<Result<T, EnforcerFailure>>;

export type SessionRow = {
  readonly acctuniqueid: string;
  readonly acctsessionid: string;
  readonly username: string;
  readonly spelt: string;
  readonly nas: string | null;
  readonly framed: string | null;
  readonly calling: string | null;
  readonly started: string | null;
  readonly updated: string | null;
  readonly input: string | null;
  readonly output: string | null;
  readonly class: string | null;
};

/**
 * The group in a `class` column: as FreeRADIUS writes octets (`0x74…`) or as plain text; null where it is not one of the
 * hub's group names, since a NAS may send any Class.
 */
export function groupOfClass(text: string | null): string | null {
  if (!text) return null;
  const isHex = /^0x([0-9a-f]{2})+$/i.test(text);
  const plain = isHex ? Buffer.from(text.slice(2), 'hex').toString('utf8') : text;
  return groupNamespace(plain) === null ? null : plain;
}

export const instant = (epochMs: string | null): Date | null => (epochMs === null ? null : new Date(Number(epochMs)));

export const asSession = (row: SessionRow): Session => ({
  uniqueId: row.acctuniqueid,
  sessionId: row.acctsessionid,
  username: row.spelt,
  nasAddress: row.nas ?? '',
  framedAddress: row.framed,
  callingStationId: row.calling || null,
  startedAt: instant(row.started),
  updatedAt: instant(row.updated),
  inputOctets: Number(row.input ?? 0),
  outputOctets: Number(row.output ?? 0),
  group: groupOfClass(row.class),
});

export const sessionColumns = (flavor: Flavor): RawBuilder<unknown> => sql`
  acctuniqueid, acctsessionid, username, coalesce(hub_user_name, username) as spelt, ${flavor.address('nasipaddress')} as nas,
  ${flavor.address('framedipaddress')} as framed, callingstationid as calling,
  ${flavor.epochMs('acctstarttime')} as started, ${flavor.epochMs('acctupdatetime')} as updated,
  acctinputoctets as input, acctoutputoctets as output, class`;

/**
 * Open rows of `radacct`, whatever spelling the NAS reported. Rows that a restart of the NAS outdated are among them: they
 * still count for Simultaneous-Use, so somebody has to prove them stale.
 */
export function openSessions({ connection, flavor }: RadiusDatabase, username: string): Answer<readonly Session[]> {
  return ask(async () => {
    const { rows } = await sql<SessionRow>`
      select ${sessionColumns(flavor)}
      from radacct where acctstoptime is null and ${flavor.sameName('username', username)}
      order by radacctid`.execute(connection);
    return ok(rows.filter((row) => row.username.trim().toLowerCase() === username).map(asSession));
  });
}

/** See `Accounting.online`. */
export function readOnline(
  { connection, flavor }: RadiusDatabase,
  usernames: readonly string[],
): Answer<ReadonlySet<string>> {
  return ask(async () => {
    if (usernames.length === 0) return ok(new Set());
    const { rows } = await sql<{ owner: string }>`
      select distinct ${flavor.canonical('username')} as owner
      from radacct where acctstoptime is null and ${flavor.anyName('username', usernames)}`.execute(connection);
    return ok(new Set(rows.map(({ owner }) => owner)));
  });
}

export function isOpen({ connection }: RadiusDatabase, uniqueId: string): Answer<boolean> {
  return ask(async () => {
    const { rows } = await sql`
      select 1 as there from radacct where acctuniqueid = ${uniqueId} and acctstoptime is null`.execute(connection);
    return ok(rows.length > 0);
  });
}

/** Three missed interim updates, in milliseconds. */
const silenceMs = 3 * interimSeconds * 1000;

/** What must hold of the row itself at this moment, by the database's own clock, for a proof to be one. */
function conditionOf({ flavor }: RadiusDatabase, proof: StaleProof): RawBuilder<unknown> {
  const seen = sql`coalesce(acctupdatetime, acctstarttime)`;
  if (proof === 'nas_says_gone') return sql``;
  if (proof === 'nas_restarted')
    return sql`and exists (select 1 from nasreload n where n.nasipaddress = radacct.nasipaddress and n.reloadtime > ${seen})`;
  const last = sql`coalesce(${flavor.epochMs('acctupdatetime')}, ${flavor.epochMs('acctstarttime')}, 0)`;
  const own = sql`3000 * coalesce(acctinterval, 0)`;
  return sql`and ${flavor.nowMs} - ${last} >= greatest(${sql.lit(silenceMs)}, ${own})`;
}

/**
 * Closes the row as it was seen: still open and not updated since. It ends at its last known time with cause
 * `Hub-Stale`, counters untouched (spec R8). Silence is proved by the database's own clock, never by the hub's.
 */
export function closeStale(database: RadiusDatabase, session: SeenSession, proof: StaleProof): Answer<boolean> {
  const { flavor } = database;
  const seen = session.updatedAt === null ? null : session.updatedAt.getTime();
  const updated = flavor.epochMs('acctupdatetime');
  const unchanged = seen === null ? sql`acctupdatetime is null` : sql`${updated} = ${seen}`;
  const lastKnown = sql`coalesce(acctupdatetime, acctstarttime, ${flavor.now})`;
  return transact(database, async (transaction) => {
    const { rows } = await sql`
      select radacctid from radacct
      where acctuniqueid = ${session.uniqueId} and acctstoptime is null and ${unchanged} ${conditionOf(database, proof)}
      for update`.execute(transaction);
    if (rows.length === 0) return ok(false);
    await sql`
      update radacct set acctstoptime = ${lastKnown}, acctterminatecause = 'Hub-Stale'
      where acctuniqueid = ${session.uniqueId}`.execute(transaction);
    return ok(true);
  });
}
