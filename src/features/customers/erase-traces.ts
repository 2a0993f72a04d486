import { type RawBuilder, sql } from 'kysely';
import { renameInJournals } from '#db/customer-account/journals.ts';
import type { Tx } from '#db/database.ts';
import type { TenantVault } from '#platform/secrets.ts';
import { openNationalId } from './national-id.ts';
import type { CustomerRow } from './store.ts';

/** Shorter ones stand in every other delivery, and name nobody. */
const tellingLength = 3;

/** A value as JSON may spell it: as it is, and with everything outside ASCII escaped, as Frappe writes it. */
function spellings(value: string): readonly string[] {
  const plain = JSON.stringify(value).slice(1, -1);
  const escaped = plain.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return [...new Set([plain, escaped])];
}

const holds = (text: string): RawBuilder<boolean> => sql`position(${Buffer.from(text)}::bytea in raw) > 0`;

/**
 * Takes the bodies of deliveries that speak of a person: of the ledger's documents about it, and those that hold what is
 * personal. The delivery itself stays, with the hash by which a repetition is known; its body decides nothing any more.
 * A body that holds the same words of somebody else goes too.
 */
export async function eraseDeliveries(tx: Tx, tenantId: string, row: CustomerRow, vault: TenantVault): Promise<void> {
  const nationalId = row.national_id === null ? null : openNationalId(vault, row.id, row.national_id);
  const told = [row.name, row.phone, row.email, row.address, row.erp_customer, nationalId];
  const values = told.filter((value) => value !== null).filter((value) => value.length >= tellingLength);
  const speaks = values.flatMap(spellings).map(holds);
  const ofLedger = sql<boolean>`exists (select from ledger_documents l
    where l.tenant_id = inbox.tenant_id and l.doctype = inbox.doctype and l.name = inbox.name
      and (l.customer = ${row.erp_customer} or l.doctype = 'Customer' and l.name = ${row.erp_customer}))`;
  await sql`update inbox set raw = '' where tenant_id = ${tenantId} and raw <> ''
    and (${sql.join([ofLedger, ...speaks], sql` or `)})`.execute(tx);
}

/**
 * What the ledger calls a customer is its name more often than not: `to` takes its place in the mirror. Amounts and
 * dates of invoices and receipts are what the law has kept.
 */
export async function eraseFromMirror(tx: Tx, tenantId: string, erpCustomer: string, to: string): Promise<void> {
  const mine = sql`tenant_id = ${tenantId}`;
  const customer = sql`doctype in ('Customer', '@customer') and name = ${erpCustomer}`;
  await sql`delete from dirty_documents where ${mine} and ${customer}`.execute(tx);
  await sql`update inbox set name = ${to} where ${mine} and ${customer}`.execute(tx);
  await sql`update ledger_documents set name = ${to}, fact = null, customer = null where ${mine} and ${customer}`.execute(
    tx,
  );
  await sql`update ledger_documents set customer = ${to}, fact = fact || jsonb_build_object('customer', ${to}::text)
    where ${mine} and customer = ${erpCustomer}`.execute(tx);
  await renameInJournals(tenantId, erpCustomer, to).execute(tx);
  await sql`delete from ledger_readings where ${mine} and customer = ${erpCustomer}`.execute(tx);
}

/** Modems in what goes or went out, and in what was found to differ: lines that have ended are let in with none. */
export async function eraseModems(tx: Tx, tenantId: string, lineIds: readonly string[]): Promise<void> {
  const ofLines = sql`tenant_id = ${tenantId} and subscription_id = any(${[...lineIds]}::uuid[])`;
  await sql`update outbox set intent = jsonb_set(intent, '{desired,mac}', 'null')
    where ${ofLines} and intent #>> '{desired,mac}' is not null`.execute(tx);
  await sql`delete from drift where ${ofLines}`.execute(tx);
}

/** The name in what other systems were told, which a replay would tell again. */
export const eraseAnnounced = (tx: Tx, tenantId: string, customerId: string, to: string) =>
  sql`update announcements set body = jsonb_set(body::jsonb, '{data,name}', to_jsonb(${to}::text))::text
    where tenant_id = ${tenantId} and body::jsonb #>> '{data,id}' = ${customerId}
      and body::jsonb #>> '{data,name}' is not null`.execute(tx);
