import { sql } from 'kysely';
import { isTakenBackThere } from '#db/customer-account/mirrored.ts';
import type { Tx } from '#db/database.ts';
import type { Running } from './reconciling.ts';
import { type Found, recordDrift } from './record-drift.ts';

type Kept = {
  readonly id: string;
  readonly amount: bigint;
  readonly erp_payment: string;
  readonly reseller: string;
  readonly taken_at: Date;
};

/**
 * Payments out of a deposit whose Payment Entry ERPNext has no more, while the deposit was not given back what it paid. One
 * that was amended there stands under another name with the hub's reference: nobody has the money back.
 */
async function notReturned(tx: Tx, tenantId: string): Promise<readonly Kept[]> {
  const { rows } = await sql<Kept>`
    select p.id, p.amount, p.erp_payment, r.name as reseller, p.created_at as taken_at
    from payments p join resellers r on r.tenant_id = p.tenant_id and r.id = p.reseller_id
    where p.tenant_id = ${tenantId} and p.reseller_id is not null and p.posting_id is null and p.status = 'paid'
      and p.erp_payment is not null and ${isTakenBackThere}
      and not exists (select from ledger_documents o where o.tenant_id = p.tenant_id and o.doctype = 'Payment Entry'
        and not o.gone and (o.fact ->> 'submitted')::boolean and o.fact ->> 'ref' = p.id::text)
    order by p.created_at limit 1000`.execute(tx);
  return rows;
}

const foundOf = ({ id, amount, erp_payment: entry, reseller, taken_at: since }: Kept): Found => ({
  kind: 'deposit_not_returned',
  subject: `payment ${id}`,
  subscriptionId: null,
  was: `Payment Entry ${entry} is cancelled in ERPNext, and ${amount} is still taken from the deposit of ${reseller}`,
  shouldBe: `the deposit has its ${amount} again, or ERPNext has the payment again (amend ${entry})`,
  why: `Only a person knows whether the money goes back or the entry is amended. To give it back: POST payments/${id}/reverse.`,
  since,
  action: 'reported',
});

/** Tells of deposits that wait for what ERPNext has cancelled; once it is given back here, or amended there, it is resolved. */
export async function sweepDeposits(r: Running): Promise<void> {
  const { tenantId } = r.run;
  const kept = await r.db.look(tenantId, (tx) => notReturned(tx, tenantId));
  if (kept.length === 0) return;
  r.count(
    0,
    kept.map(() => 'deposit_not_returned' as const),
  );
  await r.db.worker(tenantId, (tx) => recordDrift(tx, r.run, kept.map(foundOf)));
}
