import { record } from '#audit/record.ts';
import type { Tx } from '#db/database.ts';
import { ledgerKind } from '#db/ledger-kind.ts';
import { settingsOf } from '#db/settings-of.ts';
import type { Account } from '#domain/accounts.ts';
import { localDate } from '#domain/local-time.ts';
import { appendLedgerPush } from '#outbox/append-ledger-invoice.ts';
import { demand, type Who } from '#platform/caller.ts';
import { invalid, Refusal } from '#platform/refusal.ts';
import { updatePayout } from './payout-store.ts';
import { lockToChange, notIn, showPayout } from './payouts.ts';
import type { Paying, Payout } from './schema.ts';
import type { Books } from './settle.ts';

/** Adds to a reseller's deposit what a posting has put there (features/deposits). */
type CreditDeposit = (
  tx: Tx,
  mover: { readonly tenantId: string; readonly correlationId: string; readonly by: string; readonly now: number },
  deed: {
    readonly kind: 'commission';
    readonly resellerId: string;
    readonly amount: bigint;
    readonly postingId: string;
    readonly sourceId: string;
    readonly idemKey: string;
    readonly memo: string;
  },
) => Promise<unknown>;

export type PayingDeps = Books & { readonly creditDeposit: CreditDeposit };

/** Where what was owed went. By the payroll it is paid in ERPNext's books, of which the hub's say no more. */
const paidFrom: Readonly<Record<Paying['method'], Account>> = {
  transfer: 'bank',
  cash: 'cash',
  deposit: 'deposits',
  salary: 'erpnext',
};

/** A reseller who is an employee in ERPNext is paid by its payroll, and nobody else is (spec S3). */
async function checkMethod(
  tx: Tx,
  tenantId: string,
  resellerId: string,
  method: Paying['method'],
  isElsewhere: boolean,
) {
  const { erp_employee: employee } = await tx
    .selectFrom('resellers')
    .where('tenant_id', '=', tenantId)
    .where('id', '=', resellerId)
    .select('erp_employee')
    .executeTakeFirstOrThrow();
  const isOfPayroll = isElsewhere && employee !== null;
  if (method === 'salary' && !isOfPayroll) {
    throw invalid('method', '`salary` is for a reseller with an `erp_employee`, where ERPNext is connected');
  }
  if (method !== 'salary' && isOfPayroll) {
    throw invalid('method', 'must be `salary`: this reseller is an employee, whom the payroll of ERPNext pays');
  }
}

/**
 * Pays an approved payout: into the books, into the deposit where that is the way, and on to ERPNext, all by one commit.
 * Asked again in the same way it answers what was done. `now` in ms since 1970.
 */
export async function payPayout(
  tx: Tx,
  who: Who,
  id: string,
  { method, reference }: Paying,
  now: number,
  deps: PayingDeps,
): Promise<Payout> {
  demand(who.caller, 'commissions:write');
  const { tenantId, correlationId, caller } = who;
  const payout = await lockToChange(tx, who, id);
  const { state, amount, reseller_id: resellerId, until } = payout;
  if (state === 'paid' && payout.method === method) return showPayout(tx, tenantId, id);
  if (state !== 'approved') throw notIn(state, 'approved');
  const isElsewhere = (await ledgerKind(tx, tenantId)) === 'erpnext';
  await checkMethod(tx, tenantId, resellerId, method, isElsewhere);
  const { time_zone: zone } = await settingsOf(tx, tenantId);
  const account = paidFrom[method];
  const owner = method === 'deposit' ? { resellerId } : {};
  const [postingId] = await deps.post(tx, tenantId, [
    {
      kind: 'commission_payout',
      idemKey: `commission payout ${id}`,
      postedOn: localDate(now, zone),
      sourceId: id,
      postedBy: caller.userId,
      entries: [
        { account: 'commissions_payable', resellerId, amount },
        { account, ...owner, amount: -amount },
      ],
    },
  ]);
  if (postingId === undefined) throw new Refusal('CONFLICT', 'This payout was paid meanwhile.');
  const paid = { state: 'paid', paid_by: caller.userId, paid_at: new Date(now), method, reference } as const;
  await updatePayout(tx, tenantId, id, { ...paid, posting_id: postingId });
  if (isElsewhere)
    await appendLedgerPush(tx, { tenantId, correlationId }, { kind: 'ledger.payout', payoutId: id }, null);
  const states = { before: { state }, after: { state: 'paid', method, reference, amount: Number(amount) } };
  await record(tx, who, { action: 'update', entity: 'commission_payout', id, ...states });
  if (method === 'deposit') {
    const mover = { tenantId, correlationId, by: caller.userId, now };
    const deed = { resellerId, amount, postingId, sourceId: id, idemKey: `commission payout ${id}`, memo: until };
    // Last, so that its row is held for no longer than the commit.
    await deps.creditDeposit(tx, mover, { kind: 'commission', ...deed });
  }
  return showPayout(tx, tenantId, id);
}
