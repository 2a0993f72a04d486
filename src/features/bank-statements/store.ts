import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import type { StatementLine } from './read-statement.ts';
import type { LineQuery } from './schema.ts';

/** The same line, in whichever file: of several that are equal in one file each is one of its own. */
function keysOf(lines: readonly StatementLine[]): readonly string[] {
  const seen = new Map<string, number>();
  return lines.map(({ bookedOn, description, amount, direction }) => {
    const what = [bookedOn, description.toUpperCase(), amount, direction].join('\u001f');
    const nth = (seen.get(what) ?? 0) + 1;
    seen.set(what, nth);
    return createHash('sha256').update(`${what}\u001f${nth}`).digest('hex');
  });
}

/** Writes the lines that no statement before had; answers how many they were. */
export async function insertLines(tx: Tx, tenantId: string, statementId: string, lines: readonly StatementLine[]) {
  const keys = keysOf(lines);
  const rows = lines.map(({ no, bookedOn, description, amount, direction }, i) => ({
    no,
    day: bookedOn,
    description,
    amount: amount.toString(),
    direction,
    key: keys[i],
  }));
  const { numAffectedRows } = await sql`
    insert into bank_lines (tenant_id, statement_id, no, booked_on, description, amount, direction, line_key)
    select ${tenantId}, ${statementId}, no, day, description, amount, direction, decode(key, 'hex')
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as r (no int, day text, description text, amount bigint, direction text, key text)
    on conflict (tenant_id, line_key) do nothing`.execute(tx);
  return Number(numAffectedRows ?? 0n);
}

export const findStatementByDigest = (tx: Tx, tenantId: string, digest: Buffer) =>
  tx
    .selectFrom('bank_statements')
    .where('tenant_id', '=', tenantId)
    .where('digest', '=', digest)
    .selectAll()
    .executeTakeFirst();

export const statementRows = (tx: Tx, tenantId: string) =>
  tx
    .selectFrom('bank_statements as s')
    .where('s.tenant_id', '=', tenantId)
    .select((eb) => [
      's.id',
      's.name',
      's.lines',
      's.uploaded_at',
      eb
        .selectFrom('bank_lines as l')
        .whereRef('l.tenant_id', '=', 's.tenant_id')
        .whereRef('l.statement_id', '=', 's.id')
        .where('l.state', '=', 'open')
        .where('l.direction', '=', 'credit')
        .select(eb.fn.countAll<bigint>().as('open'))
        .as('open'),
    ])
    .orderBy('s.uploaded_at', 'desc')
    .orderBy('s.id');

const shown = ['id', 'statement_id', 'booked_on', 'description', 'amount', 'direction', 'state', 'payment_id'] as const;

export function lineRows(tx: Tx, tenantId: string, { statement_id, state, direction }: LineQuery) {
  let rows = tx
    .selectFrom('bank_lines')
    .where('tenant_id', '=', tenantId)
    .select([...shown]);
  if (statement_id !== undefined) rows = rows.where('statement_id', '=', statement_id);
  if (state !== undefined) rows = rows.where('state', '=', state);
  if (direction !== undefined) rows = rows.where('direction', '=', direction);
  return rows.orderBy('booked_on').orderBy('id');
}

/** Locks lines, in the order of their ids. */
export const lockLines = (tx: Tx, tenantId: string, ids: readonly string[]) =>
  tx
    .selectFrom('bank_lines')
    .where('tenant_id', '=', tenantId)
    .where('id', 'in', [...ids])
    .select([...shown])
    .orderBy('id')
    .forUpdate()
    .execute();
export type LineRow = Awaited<ReturnType<typeof lockLines>>[number];

/** What a person decided about a line. */
export const decideLine = (
  tx: Tx,
  tenantId: string,
  id: string,
  decided: {
    readonly state: 'booked' | 'ignored';
    readonly payment_id: string | null;
    readonly decided_by: string;
    readonly decided_at: Date;
  },
) => tx.updateTable('bank_lines').set(decided).where('tenant_id', '=', tenantId).where('id', '=', id).execute();
