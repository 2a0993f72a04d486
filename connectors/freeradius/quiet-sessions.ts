import { sql } from 'kysely';
import { interimSeconds } from '#domain/radius-groups.ts';
import { ok, type Result } from '#domain/result.ts';
import type { Pulses, QuietSession } from '#ports/enforcer/accounting/port.ts';
import type { Part } from '#ports/enforcer/inspection/port.ts';
import type { EnforcerFailure } from '#ports/enforcer/port.ts';
import type { RadiusDatabase } from './database.ts';
import { asSession, type SessionRow, sessionColumns } from './sessions.ts';
import { isTenants, nextOf, partSize } from './tenant-accounting.ts';
import { ask } from './transact.ts';

const quietMs = 3 * interimSeconds * 1000;
/** Logins of so many rows back are looked through for refusals; the table has no index by time. */
const loginsBack = 50_000;

type PulseRow = { readonly address: string; readonly heard: string | null; readonly longest: number | string | null };

/** See `Accounting.pulses`. A router is heard by whatever session of its own is open. */
export function readPulses(
  { connection, flavor }: RadiusDatabase,
  tenantKey: string,
): Promise<Result<Pulses, EnforcerFailure>> {
  return ask(async () => {
    const [{ rows: clock }, { rows }] = [
      await sql<{ now: string }>`select ${flavor.nowMs} as now`.execute(connection),
      await sql<PulseRow>`
        select n.nasname as address, max(coalesce(${flavor.epochMs('a.acctupdatetime')}, ${flavor.epochMs('a.acctstarttime')})) as heard,
          max(a.acctinterval) as longest
        from hub_nas n join radacct a on ${flavor.addressText('a.nasipaddress')} = n.nasname
        where n.tenant_key = ${tenantKey} and a.acctstoptime is null group by n.nasname`.execute(connection),
    ];
    const routers = rows.flatMap(({ address, heard, longest }) =>
      heard === null
        ? []
        : [
            {
              address,
              heardAt: new Date(Number(heard)),
              intervalSeconds: longest === null ? null : Number(longest),
            },
          ],
    );
    return ok({ now: new Date(Number(clock[0]?.now)), routers });
  });
}

/** When each of these users was last refused a login, ms since 1970, as far as that is not too many logins ago. */
async function lastRefusals(
  { connection, flavor }: RadiusDatabase,
  usernames: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (usernames.length === 0) return new Map();
  const { rows } = await sql<{ username: string; refused: string }>`
    select username, max(${flavor.epochMs('authdate')}) as refused from radpostauth
    where id > (select coalesce(max(id), 0) - ${sql.lit(loginsBack)} from radpostauth) and reply = 'Access-Reject'
      and username in (${sql.join(usernames)}) group by username`.execute(connection);
  return new Map(rows.map(({ username, refused }) => [username.toLowerCase(), Number(refused)]));
}

type QuietRow = SessionRow & {
  readonly id: number | string;
  readonly gap: number | string | null;
  readonly restarted: string | null;
};

/** See `Accounting.quietSessions`. Who has fallen quiet is told by the database's clock. */
export function readQuietSessions(
  database: RadiusDatabase,
  tenantKey: string,
  from: string | null,
): Promise<Result<Part<QuietSession>, EnforcerFailure>> {
  const { connection, flavor } = database;
  return ask(async () => {
    const seen = sql`coalesce(acctupdatetime, acctstarttime)`;
    const { rows } = await sql<QuietRow>`
      select q.*, ${flavor.epochMs('reloadtime')} as restarted from (
        select radacctid as id, acctinterval as gap, a.nasipaddress as router, ${seen} as seen, ${sessionColumns(flavor)}
        from radacct a
        where acctstoptime is null and radacctid > ${from ?? 0} and ${isTenants(flavor, tenantKey)}
      ) q left join nasreload n on n.nasipaddress = q.router
      where ${flavor.nowMs} - coalesce(q.updated, q.started, 0) >= ${sql.lit(quietMs)} or n.reloadtime > q.seen
      order by q.id limit ${sql.lit(partSize)}`.execute(connection);
    const refusals = await lastRefusals(database, [...new Set(rows.map(({ username }) => username))]);
    const entries = rows.map((row): QuietSession => {
      const refused = refusals.get(row.username.toLowerCase());
      return {
        session: asSession(row),
        intervalSeconds: row.gap === null ? null : Number(row.gap),
        restartedAt: row.restarted === null ? null : new Date(Number(row.restarted)),
        refusedAt: refused === undefined ? null : new Date(refused),
      };
    });
    return ok({ entries, next: nextOf(rows) });
  });
}
