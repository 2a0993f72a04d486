import type { BillPolicy } from '#domain/bill-plan.ts';
import { isolationOf } from '#domain/dunning.ts';
import type { TenantSettings } from '#platform/tenant-settings.ts';

/** By what a tenant's bills are made; null: the hub makes none by itself. */
export function billPolicyOf(settings: TenantSettings): BillPolicy | null {
  if (settings.bills_from === null) return null;
  const isolation = isolationOf(settings.dunning.steps);
  return {
    billDay: settings.bill_day,
    billsFrom: settings.bills_from,
    leadDays: settings.invoice_lead_days,
    isolateAfterIssue: isolation?.from === 'issue' ? isolation.days : null,
  };
}
