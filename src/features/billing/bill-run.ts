import { sql } from 'kysely';
import type { Database, Tx } from '#db/database.ts';
import { ledgerKind } from '#db/ledger-kind.ts';
import { type BillPolicy, billsDue, type PlannedBill } from '#domain/bill-plan.ts';
import type { LocalDate } from '#domain/facts.ts';
import { addDays, localDate } from '#domain/local-time.ts';
import { type Period, periodAt } from '#domain/periods.ts';
import { billPolicyOf } from './bill-policy.ts';
import {
  type Billable,
  type BilledUntil,
  customersToBill,
  linesToBill,
  nobodyYet,
  saveBilledTo,
} from './billed-lines.ts';
import { issueInvoices, type NewBill } from './issue-invoice.ts';
import { lockCustomers, settingsOf } from './money-store.ts';

/** What a bill of some days of a line says on it; dates are the same in every language. */
export const daysLine = (plan: string, { from, to }: Period, amount: bigint) => ({
  description: `${plan}, ${from} – ${to}`,
  quantity: 1,
  unitPrice: amount,
});

const newBill = (line: Billable, bill: PlannedBill, issuedOn: LocalDate, isFirst: boolean): NewBill => ({
  customerId: line.customerId,
  subscriptionId: line.id,
  reason: isFirst ? 'first' : 'period',
  lines: [daysLine(line.plan, bill, bill.amount)],
  periodFrom: bill.from,
  periodTo: bill.to,
  issuedOn,
  dueDate: bill.dueDate,
});

/** A line that is billed up to these days has nothing to be billed on `today`. */
const billedUntil = (today: LocalDate, { billDay, leadDays }: BillPolicy): BilledUntil => ({
  prepaid: addDays(today, leadDays),
  postpaid: addDays(periodAt(today, billDay).from, -1),
});

type Run = {
  readonly tenantId: string;
  readonly correlationId: string;
  readonly zone: string;
  readonly now: number;
  /** So many customers are billed in one transaction: what pays or is registered meanwhile waits no longer than that. */
  readonly together?: number;
};

type Batch = { readonly last: string | null; readonly bills: number };
const nobody: Batch = { last: null, bills: 0 };

/**
 * Has the connection plan anew what it keeps planned, checks of foreign keys among it. Those plans are of a time when the
 * tables were small, where any index seems as good as the right one: a hub's first run would read all bills for each.
 */
const planAnew = (tx: Tx) => sql`discard plans`.execute(tx);

async function billSome(tx: Tx, run: Run, after: string): Promise<Batch> {
  await planAnew(tx);
  const { tenantId, correlationId, zone, together = 500 } = run;
  const [kind, settings] = await Promise.all([ledgerKind(tx, tenantId), settingsOf(tx, tenantId)]);
  const policy = billPolicyOf(settings);
  if (kind !== 'builtin' || policy === null) return nobody;
  const today = localDate(run.now, zone);
  const until = billedUntil(today, policy);
  const ids = await customersToBill(tx, tenantId, until, after, together);
  if (ids.length === 0) return nobody;
  const customers = await lockCustomers(tx, tenantId, ids);
  const lines = await linesToBill(tx, tenantId, ids, until, zone);
  const planned = lines.map((line) => ({ line, due: billsDue(line, today, policy) }));
  const bills = planned.flatMap(({ line, due }) =>
    due
      .filter(({ amount }) => amount > 0n)
      .map((bill, i) => newBill(line, bill, today, i === 0 && line.billedTo === null)),
  );
  await issueInvoices(tx, { tenantId, correlationId }, bills, { customers, settings });
  const billed = planned.flatMap(({ line, due }) => {
    const last = due.at(-1);
    return last ? [{ id: line.id, billedTo: last.to }] : [];
  });
  if (billed.length > 0) await saveBilledTo(tx, tenantId, billed);
  return { last: ids.length < together ? null : (ids.at(-1) ?? null), bills: bills.length };
}

/**
 * Bills all that is to be billed of a tenant by its calendar at `now` (ms since 1970; spec L2, R4, R5), some hundred
 * customers a transaction. It may be begun again at any time, and by two at once: a customer is billed under its lock, and
 * the lines say what they are billed up to, so each period is billed once and what was left is done. Credit pays new
 * bills at once. Answers how many bills were made; none where ERPNext makes them, or the tenant wants none.
 */
export async function runBills(db: Database, run: Run): Promise<number> {
  let bills = 0;
  let after: string | null = nobodyYet;
  while (after !== null) {
    const from: string = after;
    const batch: Batch = await db.worker(run.tenantId, (tx) => billSome(tx, run, from));
    bills += batch.bills;
    after = batch.last;
  }
  return bills;
}
