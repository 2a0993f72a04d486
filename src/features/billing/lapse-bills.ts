import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import type { LocalDate } from '#domain/facts.ts';
import { postBack } from './posting.ts';

/** A prepaid line that is paid for in another way now. */
export type OtherwisePaid = {
  readonly subscriptionId: string;
  /** Whether it was ever online. */
  readonly wasServed: boolean;
  readonly today: LocalDate;
  readonly by: string | null;
};
type Lapsed = { readonly id: string; readonly number: string; readonly posting_id: string };

/**
 * Cancels what was billed of a line in advance, of which nothing was paid and for which nothing was given: the bill of a
 * period that has not begun, and any of a line that was never online. Answers the bills' numbers. Debt for what was given
 * stays.
 */
export async function lapseBills(
  tx: Tx,
  tenantId: string,
  { subscriptionId, wasServed, today, by }: OtherwisePaid,
  reason: string,
): Promise<readonly string[]> {
  const { rows } = await sql<Lapsed>`
    update invoices i set cancelled_at = now(), cancel_reason = ${reason}, updated_at = now()
    where i.tenant_id = ${tenantId} and i.subscription_id = ${subscriptionId} and i.kind = 'invoice'
      and i.reason in ('first', 'period') and i.cancelled_at is null and i.settled = 0
      and (${!wasServed} or i.period_from > ${today})
      and not exists (select from invoices c where c.tenant_id = i.tenant_id and c.against = i.id
        and c.cancelled_at is null)
    returning i.id, i.number, i.posting_id`.execute(tx);
  for (const { id, posting_id } of rows) {
    await postBack(tx, tenantId, posting_id, {
      kind: 'cancellation',
      idemKey: `cancellation ${id}`,
      postedOn: today,
      sourceId: id,
      postedBy: by,
    });
  }
  const ids = rows.map(({ id }) => id);
  if (ids.length === 0) return [];
  await sql`
    update payments set status = 'cancelled', updated_at = now()
    where tenant_id = ${tenantId} and invoice_id = any(${ids}::uuid[]) and status = 'pending'`.execute(tx);
  // What those bills covered is not billed any more, should the line renew by invoice again.
  await sql`
    update subscriptions s set billed_to = (select max(i.period_to) from invoices i
      where i.tenant_id = s.tenant_id and i.subscription_id = s.id and i.kind = 'invoice' and i.cancelled_at is null)
    where s.tenant_id = ${tenantId} and s.id = ${subscriptionId}`.execute(tx);
  return rows.map(({ number }) => number);
}
