import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import type { Proposal } from './schema.ts';

export type Payee = { readonly description: string; readonly amount: bigint };
/** A bill with something open; `outstanding` in minor units. */
export type OpenBill = {
  readonly customer_id: string;
  readonly customer_code: string;
  readonly name: string;
  readonly invoice_id: string | null;
  readonly erp_invoice: string | null;
  readonly number: string;
  readonly due_date: string;
  readonly outstanding: bigint;
};

const plain = (text: string): string => text.toUpperCase().replace(/[^A-Z0-9]/g, '');
const wordsOf = (text: string): readonly string[] =>
  text
    .toUpperCase()
    .split(/[^A-Z0-9]+/)
    .filter((word) => word !== '');
/** Banks cut and space what was typed: `INV-2026-000042` may stand as three words. */
const longest = 4;

/** All that a number or code in the text may look like without its dashes. */
export function tokensOf(text: string): readonly string[] {
  const words = wordsOf(text);
  return words.flatMap((_, i) =>
    Array.from({ length: Math.min(longest, words.length - i) }, (_each, n) => words.slice(i, i + n + 1).join('')),
  );
}

/** Every word of the name that is one stands in the text. */
function hasName(text: string, name: string): boolean {
  const words = wordsOf(name).filter((word) => word.length > 2);
  const there = new Set(wordsOf(text));
  return words.length > 0 && words.every((word) => there.has(word));
}

/** Open bills that a line may be of: by amount, or by a number or code that stands in its text. */
export async function openBillsFor(tx: Tx, tenantId: string, lines: readonly Payee[]): Promise<readonly OpenBill[]> {
  if (lines.length === 0) return [];
  const tokens = [...new Set(lines.flatMap(({ description }) => tokensOf(description)))].filter(
    (token) => token.length > 3,
  );
  const amounts = [...new Set(lines.map(({ amount }) => String(amount)))];
  const { rows } = await sql<OpenBill>`
    with open as (
      select i.customer_id, i.id as invoice_id, null::text as erp_invoice, i.number, i.due_date, i.outstanding
      from invoices i where i.tenant_id = ${tenantId} and i.kind = 'invoice' and i.cancelled_at is null and i.settled < i.total
      union all
      select c.id, null, d.name, d.name, d.fact ->> 'dueDate', (d.fact ->> 'outstanding')::bigint
      from ledger_documents d join customers c on c.tenant_id = d.tenant_id and c.erp_customer = d.customer
      where d.tenant_id = ${tenantId} and d.doctype = 'Sales Invoice' and not d.gone
        and d.fact ->> 'submitted' = 'true' and (d.fact ->> 'outstanding')::bigint > 0
    )
    select o.*, c.customer_code, c.name from open o
    join customers c on c.tenant_id = ${tenantId} and c.id = o.customer_id and c.deleted_at is null
    where o.outstanding = any(${amounts}::bigint[])
      or upper(regexp_replace(o.number, '[^A-Za-z0-9]', '', 'g')) = any(${tokens}::text[])
      or upper(regexp_replace(c.customer_code, '[^A-Za-z0-9]', '', 'g')) = any(${tokens}::text[])
    order by o.due_date, o.number limit 20000`.execute(tx);
  return rows;
}

/** How much a reason says. */
const weight: Readonly<Record<Proposal['why'][number], number>> = {
  invoice_number: 16,
  customer_code: 8,
  name: 4,
  amount: 2,
  only_such_amount: 1,
};
const shownProposals = 3;

/**
 * Whose money a line may be, the likeliest first: by the invoice's number or the customer's code in its text, by amount
 * and name, or since no other open bill is of that amount. An amount that several bills have says nothing alone. A
 * proposal books nothing.
 */
export function proposalsFor({ description, amount }: Payee, bills: readonly OpenBill[]): readonly Proposal[] {
  const tokens = new Set(tokensOf(description));
  const sameAmount = bills.filter(({ outstanding }) => outstanding === amount);
  const judged = bills.flatMap((bill) => {
    const isAmount = bill.outstanding === amount;
    const why: Proposal['why'] = [
      ...(tokens.has(plain(bill.number)) ? ['invoice_number' as const] : []),
      ...(tokens.has(plain(bill.customer_code)) ? ['customer_code' as const] : []),
      ...(hasName(description, bill.name) ? ['name' as const] : []),
      ...(isAmount ? ['amount' as const] : []),
      ...(isAmount && sameAmount.length === 1 ? ['only_such_amount' as const] : []),
    ];
    const score = why.reduce((sum, one) => sum + weight[one], 0);
    return score > weight.amount && score !== weight.name ? [{ bill, why, score }] : [];
  });
  return judged
    .sort((a, b) => b.score - a.score)
    .slice(0, shownProposals)
    .map(({ bill, why }) => ({
      customer: { id: bill.customer_id, code: bill.customer_code, name: bill.name },
      invoice_id: bill.invoice_id,
      erp_invoice: bill.erp_invoice,
      number: bill.number,
      outstanding: Number(bill.outstanding),
      why,
    }));
}
