import { createHash } from 'node:crypto';
import { record } from '#audit/record.ts';
import type { Database, Tx } from '#db/database.ts';
import type { Language } from '#domain/reason.ts';
import type { Who } from '#platform/caller.ts';
import { invalid, Refusal } from '#platform/refusal.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';
import { type CheckedRow, checkRows } from './import-checks.ts';
import { type Fault, readRows } from './import-rows.ts';
import type { Imported } from './import-schema.ts';
import { type FaultCode, faultText } from './import-words.ts';
import { readTable } from './read-table.ts';

/** A customer who is served already, as a row names it. */
export type PresentCustomer = Omit<CheckedRow, 'errors' | 'warnings' | 'plan' | 'planId'> & { readonly planId: string };
export type MadeCustomer = {
  readonly customerId: string;
  readonly customerCode: string;
  readonly username: string;
  readonly password: string;
};

export type Importing = {
  readonly db: Database;
  /** Registers one customer of a reseller in the caller's transaction; refuses by throwing a Refusal. */
  readonly addPresent: (tx: Tx, who: Who, resellerId: string, customer: PresentCustomer) => Promise<MadeCustomer>;
  /** Runs one after the other what numbers a tenant's customers. */
  readonly inTurn: <T>(tenantId: string, work: () => Promise<T>) => Promise<T>;
};

const told = (language: Language) => (fault: Fault) => ({
  column: fault.column,
  code: fault.code,
  message: faultText(fault.code, language, fault.values ?? {}),
});

const rowView = (language: Language) => (row: CheckedRow) => ({
  ...{ row: row.no, name: row.name, phone: row.phone, plan: row.plan },
  errors: row.errors.map(told(language)),
  warnings: row.warnings.map(told(language)),
});

const columnOfField: Readonly<Record<string, Fault['column']>> = {
  ...{ username: 'username', mac: 'mac', service_plan_id: 'plan', password: 'password', national_id: 'national_id' },
};
const refusedCode = ({ code, details }: Refusal): FaultCode =>
  code === 'DUPLICATE_ENTRY' && details?.field === 'username' ? 'username_taken' : 'refused';

const fieldOf = ({ details }: Refusal): string => {
  if (typeof details?.field === 'string') return details.field;
  const [first]: readonly { readonly field?: unknown }[] = Array.isArray(details?.fields) ? details.fields : [];
  return String(first?.field ?? '');
};

/** A row that only its registration could refuse: another tenant of the RADIUS database has the name, perhaps. */
class RowRefused extends Error {
  readonly no: number;
  readonly fault: Fault;
  constructor(no: number, refusal: Refusal) {
    super(refusal.message);
    this.no = no;
    this.fault = {
      column: columnOfField[fieldOf(refusal)] ?? 'name',
      code: refusedCode(refusal),
      values: { text: refusal.message },
    };
  }
}

async function addAll(
  tx: Tx,
  { addPresent }: Importing,
  who: Who,
  resellerId: string,
  rows: readonly CheckedRow[],
): Promise<Imported['customers']> {
  const made: Imported['customers'] = [];
  for (const { planId, ...row } of rows) {
    if (planId === null) continue;
    try {
      const { customerId, customerCode, username, password } = await addPresent(tx, who, resellerId, {
        ...row,
        planId,
      });
      made.push({
        ...{ row: row.no, customer_id: customerId, customer_code: customerCode, name: row.name },
        ...{ username, password },
      });
    } catch (error) {
      throw error instanceof Refusal ? new RowRefused(row.no, error) : error;
    }
  }
  return made;
}

type File = { readonly resellerId: string; readonly digest: Buffer; readonly rows: readonly CheckedRow[] };

/** Null: this file was imported before. */
async function importFile(tx: Tx, deps: Importing, who: Who, file: File): Promise<Imported['customers'] | null> {
  const { tenantId, caller } = who;
  const { resellerId, digest, rows } = file;
  const kept = await tx
    .insertInto('reseller_imports')
    .values({
      tenant_id: tenantId,
      reseller_id: resellerId,
      digest,
      customers: rows.length,
      imported_by: caller.userId,
    })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'reseller_id', 'digest']).doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!kept) return null;
  const after = { reseller_id: resellerId, customers: rows.length };
  await record(tx, who, { action: 'create', entity: 'reseller_import', id: kept.id, after });
  return addAll(tx, deps, who, resellerId, rows);
}

const wasImported = (db: Database, { tenantId }: Who, resellerId: string, digest: Buffer): Promise<boolean> =>
  db.tenant(tenantId, async (tx) => {
    const found = await tx
      .selectFrom('reseller_imports')
      .where('tenant_id', '=', tenantId)
      .where('reseller_id', '=', resellerId)
      .where('digest', '=', digest)
      .select('id')
      .executeTakeFirst();
    return found !== undefined;
  });

const languageOf = (db: Database, tenantId: string): Promise<Language> =>
  db.tenant(tenantId, async (tx) => {
    const tenant = tx.selectFrom('tenants').where('id', '=', tenantId).select('settings');
    return readTenantSettings((await tenant.executeTakeFirstOrThrow()).settings).language;
  });

/**
 * Brings in a reseller's present customers from a spreadsheet: says row by row what would come of it, or, without
 * `isPreview` and where no row is wrong, makes all of them in one transaction. The same file is imported once.
 */
export async function importCustomers(
  deps: Importing,
  who: Who,
  resellerId: string,
  { bytes, isPreview }: { readonly bytes: Buffer; readonly isPreview: boolean },
): Promise<Imported> {
  const { db, inTurn } = deps;
  const digest = createHash('sha256').update(bytes).digest();
  const table = await readTable(bytes);
  if (!table.ok) throw invalid('body', table.error);
  const read = readRows(table.value);
  if (!read.ok) throw invalid('body', read.error);
  const language = await languageOf(db, who.tenantId);
  const answer = (rows: readonly CheckedRow[], importedBefore: boolean): Imported => {
    const bad = rows.filter(({ errors }) => errors.length > 0).length;
    const counts = { good: rows.length - bad, bad };
    const views = rows.map(rowView(language));
    return { preview: isPreview, imported_before: importedBefore, ...counts, rows: views, customers: [] };
  };
  if (await wasImported(db, who, resellerId, digest)) return answer([], true);
  const rows = await checkRows(db, { tenantId: who.tenantId, resellerId }, read.value);
  const seen = answer(rows, false);
  if (isPreview || seen.bad > 0) return seen;
  try {
    const made = await inTurn(who.tenantId, () =>
      db.tenant(who.tenantId, (tx) => importFile(tx, deps, who, { resellerId, digest, rows }), true),
    );
    return made === null ? answer([], true) : { ...seen, customers: made };
  } catch (error) {
    if (!(error instanceof RowRefused)) throw error;
    const { no, fault } = error;
    return answer(
      rows.map((row) => (row.no === no ? { ...row, errors: [fault] } : row)),
      false,
    );
  }
}
