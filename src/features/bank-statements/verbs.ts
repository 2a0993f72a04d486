import { createHash } from 'node:crypto';
import { record } from '#audit/record.ts';
import type { Tx } from '#db/database.ts';
import { readPage } from '#db/page.ts';
import { localDate } from '#domain/local-time.ts';
import { demand, type Who } from '#platform/caller.ts';
import { invalid, notFound, Refusal } from '#platform/refusal.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';
import { openBillsFor, proposalsFor } from './proposals.ts';
import { type ReadStatement, readStatement } from './read-statement.ts';
import type { Line, LineQuery, Uploaded, UploadQuery } from './schema.ts';
import * as store from './store.ts';

export type { Confirmation, Line } from './schema.ts';
export { decideLine, type LineRow, lockLines } from './store.ts';

/** At most; a larger month is uploaded in parts. */
export const statementMaxBytes = 5_242_880;
const shownSkipped = 50;

async function read(
  tx: Tx,
  { tenantId }: Who,
  bytes: Uint8Array,
  query: UploadQuery,
  now: number,
): Promise<ReadStatement> {
  const tenant = await tx.selectFrom('tenants').where('id', '=', tenantId).select('settings').executeTakeFirst();
  const { currency, time_zone } = readTenantSettings(tenant?.settings);
  const delimiter = query.delimiter === 'tab' ? '\t' : query.delimiter;
  const today = localDate(now, time_zone);
  const statement = readStatement(bytes, { delimiter, decimal: query.decimal, currency, today });
  if (!statement.ok) throw invalid('body', statement.error);
  if (statement.value.lines.length === 0) throw invalid('body', 'no line names a day and an amount');
  return statement.value;
}

/**
 * Keeps a bank's statement, line by line: the same file twice is one statement, and a line that another one had already is
 * no second line. Nothing is booked. `now` in ms since 1970.
 */
export async function uploadStatement(
  tx: Tx,
  who: Who,
  bytes: Uint8Array,
  query: UploadQuery,
  now: number,
): Promise<Uploaded> {
  demand(who.caller, 'payments:write');
  if (bytes.length > statementMaxBytes) throw new Refusal('PAYLOAD_TOO_LARGE', 'A statement may have 5 MB at most.');
  const { tenantId, caller } = who;
  const { lines, skipped } = await read(tx, who, bytes, query, now);
  const digest = createHash('sha256').update(bytes).digest();
  const told = { lines: lines.length, skipped: skipped.slice(0, shownSkipped) };
  const values = { name: query.name, digest, lines: lines.length, uploaded_by: caller.userId };
  const made = await tx
    .insertInto('bank_statements')
    .values({ tenant_id: tenantId, ...values })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'digest']).doNothing())
    .returning(['id', 'name', 'uploaded_at'])
    .executeTakeFirst();
  const row = made ?? (await store.findStatementByDigest(tx, tenantId, digest));
  if (!row) throw new Error('A statement was written and is not there.');
  const isNew = made !== undefined;
  const newLines = isNew ? await store.insertLines(tx, tenantId, row.id, lines) : 0;
  const after = { name: row.name, lines: lines.length, new_lines: newLines };
  if (isNew) await record(tx, who, { action: 'create', entity: 'bank_statement', id: row.id, after });
  return { ...told, id: row.id, name: row.name, new_lines: newLines, uploaded_at: row.uploaded_at.toISOString() };
}

export async function listStatements(tx: Tx, who: Who, query: { readonly page: number; readonly page_size: number }) {
  demand(who.caller, 'payments:read');
  const page = await readPage(store.statementRows(tx, who.tenantId), query);
  const data = page.data.map((row) => ({
    ...row,
    open: Number(row.open ?? 0n),
    uploaded_at: row.uploaded_at.toISOString(),
  }));
  return { ...page, data };
}

/** Lines as they are shown: an open credit with what it may be. */
export async function lineViews(tx: Tx, tenantId: string, rows: readonly store.LineRow[]): Promise<Line[]> {
  const isAsked = ({ state, direction }: store.LineRow): boolean => state === 'open' && direction === 'credit';
  const bills = await openBillsFor(tx, tenantId, rows.filter(isAsked));
  return rows.map((row) => ({
    ...row,
    amount: Number(row.amount),
    proposals: isAsked(row) ? [...proposalsFor(row, bills)] : [],
  }));
}

export async function listLines(tx: Tx, who: Who, query: LineQuery) {
  demand(who.caller, 'payments:read');
  const { data, ...page } = await readPage(store.lineRows(tx, who.tenantId, query), query);
  return { ...page, data: await lineViews(tx, who.tenantId, data) };
}

/** A line that is nobody's payment: interest, a transfer of one's own. It stays in the list. */
export async function ignoreLine(tx: Tx, who: Who, id: string, now: number): Promise<Line> {
  demand(who.caller, 'payments:write');
  const { tenantId, caller } = who;
  const [line] = await store.lockLines(tx, tenantId, [id]);
  if (!line) throw notFound('bank line');
  if (line.state === 'booked') throw new Refusal('CONFLICT', 'This line was booked.', { payment_id: line.payment_id });
  if (line.state === 'open') {
    const decided = { payment_id: null, decided_by: caller.userId, decided_at: new Date(now) };
    await store.decideLine(tx, tenantId, id, { state: 'ignored', ...decided });
    const states = { before: { state: 'open' }, after: { state: 'ignored' } };
    await record(tx, who, { action: 'update', entity: 'bank_line', id, ...states });
  }
  const [view] = await lineViews(tx, tenantId, [{ ...line, state: 'ignored' }]);
  if (!view) throw notFound('bank line');
  return view;
}
