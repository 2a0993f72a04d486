import type { Tx } from '#db/database.ts';
import type { Intent } from '#domain/intents.ts';
import { localDate } from '#domain/local-time.ts';
import type { Claimed } from '#outbox/claim.ts';
import { dispatchPush, type Pushing } from '#outbox/dispatch-push.ts';
import type { Dispatching } from '#outbox/dispatching.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';
import type { LedgerPush, NewLedgerJournal, NewLedgerSalary } from '#ports/ledger/push/port.ts';

type PayoutIntent = Extract<Intent, { kind: 'ledger.payout' }>;
type Row = { readonly salary: NewLedgerSalary } | { readonly journal: NewLedgerJournal };

async function read(tx: Tx, { tenantId }: Claimed, id: string): ReturnType<Pushing<Row>['read']> {
  const row = await tx
    .selectFrom('commission_payouts as o')
    .innerJoin('resellers as r', (join) =>
      join.onRef('r.tenant_id', '=', 'o.tenant_id').onRef('r.id', '=', 'o.reseller_id'),
    )
    .innerJoin('tenants as t', 't.id', 'o.tenant_id')
    .where('o.tenant_id', '=', tenantId)
    .where('o.id', '=', id)
    .select(['o.state', 'o.amount', 'o.method', 'o.paid_at', 'o.until', 'o.reference', 'o.erp_document'])
    .select(['r.name', 'r.erp_supplier', 'r.erp_employee', 't.settings'])
    .executeTakeFirst();
  if (row?.state !== 'paid' || row.paid_at === null || row.method === null || row.erp_document !== null) {
    return { verdict: { state: 'superseded' } };
  }
  const { time_zone: zone, commissions } = readTenantSettings(row.settings);
  const { amount, method, name, until, reference } = row;
  const paidOn = localDate(row.paid_at.getTime(), zone);
  if (method !== 'salary') {
    const remark = [`Commission ${name}`, until, reference].filter((part) => part !== null).join(', ');
    const { erp_supplier: supplier } = row;
    return {
      row: { journal: { hubRef: id, supplier, account: commissions.erp_account, amount, method, paidOn, remark } },
    };
  }
  if (row.erp_employee === null) {
    return { verdict: { state: 'dead', error: `${name} has no erp_employee any more: name it, then try again` } };
  }
  const component = commissions.salary_component;
  return { row: { salary: { hubRef: id, employee: row.erp_employee, component, amount, payrollDate: paidOn } } };
}

const pushRow = (push: LedgerPush, row: Row) =>
  'salary' in row ? push.createSalary(row.salary) : push.createJournal(row.journal);

const note = (tx: Tx, tenantId: string, id: string, values: { erp_document?: string; erp_error: string | null }) =>
  tx.updateTable('commission_payouts').set(values).where('tenant_id', '=', tenantId).where('id', '=', id).execute();

/** Has the ledger get a payout of commission, as one Journal Entry or Additional Salary, and keeps its name there. */
export const dispatchPayout = (d: Dispatching, claimed: Claimed, { payoutId }: PayoutIntent): Promise<void> =>
  dispatchPush<Row>(d, claimed, {
    read: (tx) => read(tx, claimed, payoutId),
    push: pushRow,
    keep: (tx, name) => note(tx, claimed.tenantId, payoutId, { erp_document: name, erp_error: null }),
    died: (tx, error) => note(tx, claimed.tenantId, payoutId, { erp_error: error }),
    words: `payout of commission ${payoutId}`,
  });
