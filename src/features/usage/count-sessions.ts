import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import type { LocalDate } from '#domain/facts.ts';
import { byDay, type CountedUntil, type Figure, growthOf, type Octets } from '#domain/usage.ts';

/** A figure of one accounting row, of the user `username`. */
export type RowFigure = Figure & { readonly row: string; readonly username: string };

type Row = {
  readonly id: string;
  readonly row_id: bigint | null;
  readonly told_at: Date | null;
  readonly input_octets: bigint | null;
  readonly output_octets: bigint | null;
};

type Asked = { readonly figure: RowFigure; readonly id: string; readonly before: CountedUntil | null };

/** Whose figures they are, and how far each row has been counted for that line. */
async function counted(tx: Tx, tenantId: string, figures: readonly RowFigure[]): Promise<readonly Asked[]> {
  const asked = figures.map(({ row, username }, n) => ({ n, row, username }));
  const { rows } = await sql<Row & { n: number }>`
    select r.n, s.id, u.row_id, u.told_at, u.input_octets, u.output_octets
    from jsonb_to_recordset(${JSON.stringify(asked)}::jsonb) as r (n int, "row" bigint, username text)
    join subscriptions s on s.tenant_id = ${tenantId} and s.canonical_username = r.username
    left join usage_sessions u on u.tenant_id = s.tenant_id and u.subscription_id = s.id and u.row_id = r."row"`.execute(
    tx,
  );
  return rows.flatMap(({ n, id, told_at, input_octets, output_octets }): readonly Asked[] => {
    const figure = figures[n];
    if (!figure) return [];
    const isKnown = told_at !== null && input_octets !== null && output_octets !== null;
    const before = isKnown ? { toldAt: told_at.getTime(), input: input_octets, output: output_octets } : null;
    return [{ figure, id, before }];
  });
}

type CountedRow = CountedUntil & { readonly id: string; readonly row: string };

/** `now` in ms since 1970, on the hub's clock: it only ages what nobody asks for any more. */
async function remember(tx: Tx, tenantId: string, rows: readonly CountedRow[], now: number): Promise<void> {
  const stored = rows.map(({ id, row, toldAt, input, output }) => ({
    id,
    row,
    told: new Date(toldAt),
    input: input.toString(),
    output: output.toString(),
  }));
  await sql`
    insert into usage_sessions (tenant_id, subscription_id, row_id, told_at, input_octets, output_octets, read_at)
    select ${tenantId}, id, "row", told, input, output, ${new Date(now)}
    from jsonb_to_recordset(${JSON.stringify(stored)}::jsonb)
      as r (id uuid, "row" bigint, told timestamptz, input bigint, output bigint)
    on conflict (tenant_id, subscription_id, row_id) do update set told_at = excluded.told_at,
      input_octets = excluded.input_octets, output_octets = excluded.output_octets, read_at = excluded.read_at`.execute(
    tx,
  );
}

type DayRow = Octets & { readonly id: string; readonly day: LocalDate };

async function add(tx: Tx, tenantId: string, days: readonly DayRow[]): Promise<void> {
  const stored = days.map(({ id, day, input, output }) => ({
    id,
    day,
    input: input.toString(),
    output: output.toString(),
  }));
  await sql`
    insert into usage_days as u (tenant_id, subscription_id, day, input_octets, output_octets)
    select ${tenantId}, id, day, sum(input), sum(output)
    from jsonb_to_recordset(${JSON.stringify(stored)}::jsonb) as r (id uuid, day text, input bigint, output bigint)
    group by id, day order by id, day
    on conflict (tenant_id, subscription_id, day) do update set input_octets = u.input_octets + excluded.input_octets,
      output_octets = u.output_octets + excluded.output_octets`.execute(tx);
}

/**
 * Adds what these figures tell beyond what was counted to the days of their lines, in the caller's transaction; telling
 * the same again adds nothing. The caller holds the tenant's row of `usage_reads`. Answers the lines that have used more.
 */
export async function countSessions(
  tx: Tx,
  tenantId: string,
  figures: readonly RowFigure[],
  zone: string,
  now: number,
): Promise<readonly string[]> {
  const asked = await counted(tx, tenantId, figures);
  const growths = asked.map(({ figure, id, before }) => ({
    id,
    row: figure.row,
    before,
    growth: growthOf(before, figure),
  }));
  const days = growths.flatMap(({ id, growth }) =>
    growth === null ? [] : [...byDay(growth, zone)].map(([day, octets]): DayRow => ({ id, day, ...octets })),
  );
  const rows = growths.flatMap(({ id, row, before, growth }): readonly CountedRow[] => {
    const until = growth?.counted ?? before;
    return until === null ? [] : [{ id, row, ...until }];
  });
  await remember(tx, tenantId, rows, now);
  await add(
    tx,
    tenantId,
    days.filter(({ input, output }) => input + output > 0n),
  );
  return [...new Set(days.map(({ id }) => id))];
}
