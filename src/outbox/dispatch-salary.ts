import type { Tx } from '#db/database.ts';
import type { Intent } from '#domain/intents.ts';
import { addDays } from '#domain/local-time.ts';
import type { Claimed } from '#outbox/claim.ts';
import { dispatchPush, type Pushing } from '#outbox/dispatch-push.ts';
import type { Dispatching } from '#outbox/dispatching.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';
import type { NewLedgerSalary } from '#ports/ledger/push/port.ts';

type SalaryIntent = Extract<Intent, { kind: 'ledger.salary' }>;

/** The last day of a month such as `2026-11`: on which the salary of it is paid. */
function lastDayOf(month: string): string {
  const inTheNext = addDays(`${month}-01`, 31);
  return addDays(`${inTheNext.slice(0, 7)}-01`, -1);
}

async function read(tx: Tx, { tenantId }: Claimed, id: string): ReturnType<Pushing<NewLedgerSalary>['read']> {
  const row = await tx
    .selectFrom('incentives as i')
    .innerJoin('tenants as t', 't.id', 'i.tenant_id')
    .where('i.tenant_id', '=', tenantId)
    .where('i.id', '=', id)
    .select(['i.month', 'i.amount', 'i.state', 'i.erp_employee', 't.settings'])
    .executeTakeFirst();
  if (row?.state !== 'waiting' || row.erp_employee === null) return { verdict: { state: 'superseded' } };
  const { month, amount, erp_employee: employee } = row;
  const component = readTenantSettings(row.settings).field_work.incentive_component;
  return { row: { hubRef: id, employee, component, amount, payrollDate: lastDayOf(month) } };
}

type Outcome = { readonly state: 'pushed' | 'refused'; readonly erp_salary?: string; readonly error: string | null };
const note = (tx: Tx, tenantId: string, id: string, outcome: Outcome) =>
  tx.updateTable('incentives').set(outcome).where('tenant_id', '=', tenantId).where('id', '=', id).execute();

/** Has the ledger's payroll get a technician's incentive, as one Additional Salary, and keeps its name there. */
export const dispatchSalary = (d: Dispatching, claimed: Claimed, { incentiveId }: SalaryIntent): Promise<void> =>
  dispatchPush<NewLedgerSalary>(d, claimed, {
    read: (tx) => read(tx, claimed, incentiveId),
    push: (push, salary) => push.createSalary(salary),
    keep: (tx, name) => note(tx, claimed.tenantId, incentiveId, { state: 'pushed', erp_salary: name, error: null }),
    died: (tx, error) => note(tx, claimed.tenantId, incentiveId, { state: 'refused', error }),
    words: `incentive ${incentiveId}`,
  });
