import { sql } from 'kysely';
import { type AccountEntry, accountOf, inOrder } from '#db/customer-account/customer-account.ts';
import type { Tx } from '#db/database.ts';
import { demand, type Who } from '#platform/caller.ts';
import { invalid, notFound } from '#platform/refusal.ts';
import type { Statement, StatementQuery } from './payment-schema.ts';

type Row = Pick<AccountEntry, 'on' | 'kind' | 'source_id' | 'amount' | 'on_its_way'> & {
  readonly document: string | null;
};

/** What was posted to a customer's account, in the order of the days and of the posting. */
async function posted(tx: Tx, tenantId: string, customerId: string): Promise<readonly Row[]> {
  const { rows } = await sql<Row>`
    select "on", kind, coalesce(number, reference) as document, source_id, amount, on_its_way
    from ${await accountOf(tx, tenantId)} a where customer_id = ${customerId} order by ${inOrder}`.execute(tx);
  return rows;
}

const sum = (rows: readonly Row[]): bigint => rows.reduce((all, { amount }) => all + amount, 0n);

/**
 * What a customer was billed and has paid, with what was owed after each (spec L1, L2): read off the books, or off the mirror
 * of ERPNext's.
 */
export async function readStatement(tx: Tx, who: Who, customerId: string, query: StatementQuery): Promise<Statement> {
  demand(who.caller, 'invoices:read');
  const { tenantId } = who;
  const { from, to } = query;
  if (from !== undefined && to !== undefined && from > to) throw invalid('to', 'must not be before `from`');
  const customer = await tx
    .selectFrom('customers')
    .where('tenant_id', '=', tenantId)
    .where('id', '=', customerId)
    .select(['id', 'customer_code as code', 'name'])
    .executeTakeFirst();
  if (!customer) throw notFound('customer');
  const rows = await posted(tx, tenantId, customerId);
  const opening = sum(rows.filter(({ on }) => from !== undefined && on < from));
  let balance = opening;
  const entries = rows
    .filter(({ on }) => (from === undefined || on >= from) && (to === undefined || on <= to))
    .map(({ amount, ...row }) => {
      balance += amount;
      return { ...row, amount: Number(amount), balance: Number(balance) };
    });
  return {
    customer,
    from: from ?? null,
    to: to ?? null,
    opening: Number(opening),
    entries,
    closing: Number(balance),
  };
}
