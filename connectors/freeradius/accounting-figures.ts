import { sql } from 'kysely';
import { ok, type Result } from '#domain/result.ts';
import type { FigureQuery, SessionFigure } from '#ports/enforcer/accounting/port.ts';
import type { Part } from '#ports/enforcer/inspection/port.ts';
import type { EnforcerFailure } from '#ports/enforcer/port.ts';
import type { RadiusDatabase } from './database.ts';
import { isTenants, nextOf, partSize } from './tenant-accounting.ts';
import { ask } from './transact.ts';

type FigureRow = {
  readonly id: number | string;
  readonly username: string;
  readonly started: string | null;
  readonly updated: string | null;
  readonly stopped: string | null;
  readonly seconds: number | string | null;
  readonly input: string | null;
  readonly output: string | null;
};

const at = (epochMs: string | null): number => Number(epochMs ?? 0);

/** A row without a beginning tells nothing that could be placed in time. */
function asFigure(row: FigureRow): readonly SessionFigure[] {
  if (row.started === null) return [];
  const started = at(row.started);
  // By the last update alone: a row that the router's restart closed ends long after its counters were told.
  const countsFrom = Math.max(started, at(row.updated) - Number(row.seconds ?? 0) * 1_000);
  return [
    {
      row: String(row.id),
      username: row.username.trim().toLowerCase(),
      startedAt: new Date(started),
      countsFrom: new Date(countsFrom),
      toldAt: new Date(Math.max(started, at(row.updated), at(row.stopped))),
      inputOctets: BigInt(row.input ?? 0),
      outputOctets: BigInt(row.output ?? 0),
    },
  ];
}

/** See `Accounting.figures`. Gigawords are in the columns already: FreeRADIUS adds them up. */
export function readFigures(
  { connection, flavor }: RadiusDatabase,
  tenantKey: string,
  { lastSeconds, isWhole }: FigureQuery,
  from: string | null,
): Promise<Result<Part<SessionFigure>, EnforcerFailure>> {
  return ask(async () => {
    const since = flavor.secondsAgo(lastSeconds);
    const { rows } = await sql<FigureRow>`
      select a.radacctid as id, a.username, ${flavor.epochMs('a.acctstarttime')} as started,
        ${flavor.epochMs('a.acctupdatetime')} as updated, ${flavor.epochMs('a.acctstoptime')} as stopped,
        a.acctsessiontime as seconds, a.acctinputoctets as input, a.acctoutputoctets as output
      from radacct a
      where ((a.acctstoptime is null and (${sql.lit(isWhole)} or coalesce(a.acctupdatetime, a.acctstarttime) >= ${since}))
          or a.acctstoptime >= ${since})
        and a.radacctid > ${from ?? 0} and ${isTenants(flavor, tenantKey)}
      order by a.radacctid limit ${sql.lit(partSize)}`.execute(connection);
    return ok({ entries: rows.flatMap(asFigure), next: nextOf(rows) });
  });
}
