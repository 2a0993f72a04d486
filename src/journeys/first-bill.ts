import type { Tx } from '#db/database.ts';
import { ledgerKind } from '#db/ledger-kind.ts';
import { firstPrepaidDays, priceOfDays } from '#domain/bill-plan.ts';
import { billPolicyOf, daysLine, issueInvoice, saveBilledTo } from '#features/billing/verbs.ts';
import type { TenantContext } from './tenant-context.ts';

/** A line as it was just written. */
export type NewPrepaid = {
  readonly id: string;
  readonly customerId: string;
  readonly plan: string;
  readonly fee: bigint;
  readonly dueDay: number;
};

/**
 * The first bill of a new prepaid line (spec C7, R4), due at once: it waits for the payment of it. From the day on until
 * the month that the bill run will bill. None where another ledger makes the bills, or the tenant wants none.
 */
export async function billFirst(
  tx: Tx,
  context: TenantContext,
  line: NewPrepaid,
  correlationId: string,
): Promise<void> {
  const { tenantId, settings, today } = context;
  const policy = billPolicyOf(settings);
  if (policy === null || line.fee <= 0n || (await ledgerKind(tx, tenantId)) !== 'builtin') return;
  const days = firstPrepaidDays(today, line.dueDay, policy.leadDays);
  const amount = priceOfDays(line.fee, days, line.dueDay);
  if (amount > 0n) {
    await issueInvoice(
      tx,
      { tenantId, correlationId },
      {
        customerId: line.customerId,
        subscriptionId: line.id,
        reason: 'first',
        lines: [daysLine(line.plan, days, amount)],
        periodFrom: days.from,
        periodTo: days.to,
        issuedOn: today,
        dueDate: today,
      },
    );
  }
  await saveBilledTo(tx, tenantId, [{ id: line.id, billedTo: days.to }]);
}
