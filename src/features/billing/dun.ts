import type { Database, Tx } from '#db/database.ts';
import type { LedgerKind } from '#db/ledger-kind.ts';
import { appendTimeline } from '#db/timeline.ts';
import { nextDueDate } from '#domain/billing-period.ts';
import { type DueSteps, dueSteps, type Fee, type Reminder } from '#domain/dunning-steps.ts';
import type { LocalDate } from '#domain/facts.ts';
import { addDays, localDate, localMinute } from '#domain/local-time.ts';
import { toDecimal } from '#domain/money.ts';
import type { AppendMessage } from '#outbox/append-message.ts';
import type { TenantSettings } from '#platform/tenant-settings.ts';
import { billsToDun, type Dunned, type Place, stillOpen } from './dunned-bills.ts';
import { noteStep, takeStep } from './dunning-record.ts';
import { issueInvoice } from './issue-invoice.ts';
import { livingLines, lockCustomers, settingsOf } from './money-store.ts';

export type Dunning = {
  readonly tenantId: string;
  readonly correlationId: string;
  readonly zone: string;
  readonly now: number;
  readonly appendMessage: AppendMessage;
  /**
   * What is open on the bills of these lines' customers, by the bill's name, once money that they have paid in was
   * counted; of bills that it does not know what the ledger says is open.
   */
  readonly openElsewhere: (
    tx: Tx,
    tenantId: string,
    lineIds: readonly string[],
  ) => Promise<ReadonlyMap<string, bigint>>;
};

type Day = { readonly run: Dunning; readonly settings: TenantSettings; readonly today: LocalDate };

/** Nobody is written to at night, by the clocks of the tenant. */
const firstMinute = 8 * 60;
const lastMinute = 20 * 60;
const mayWrite = ({ now, zone }: Dunning): boolean => {
  const minute = localMinute(now, zone);
  return minute >= firstMinute && minute < lastMinute;
};

const daysBetween = (from: LocalDate, to: LocalDate): number => (Date.parse(to) - Date.parse(from)) / 86_400_000;

async function tell(tx: Tx, { run }: Day, bill: Dunned, text: string): Promise<void> {
  const { subscriptionId } = bill;
  if (subscriptionId === null) return;
  const { tenantId, correlationId } = run;
  const told = { subscriptionId, kind: 'dunning', text, correlationId, data: { invoice: bill.invoice } };
  await appendTimeline(tx, tenantId, [told]);
}

async function remind(tx: Tx, day: Day, bill: Dunned, email: string, step: Reminder): Promise<void> {
  const { run, settings, today } = day;
  if (!(await takeStep(tx, run.tenantId, bill, step, 'sent', run.now))) return;
  const { currency, language } = settings;
  const values = {
    name: bill.name,
    invoice: bill.invoice,
    amount: `${currency} ${toDecimal(bill.outstanding, currency)}`,
    due_date: bill.dueDate,
  };
  const to = { email, customerId: bill.customerId };
  const { correlationId } = run;
  const days = daysBetween(today, bill.dueDate);
  const message_id =
    days < 0
      ? await run.appendMessage(tx, run.tenantId, { event: 'payment_overdue', to, language, values, correlationId })
      : await run.appendMessage(tx, run.tenantId, {
          event: 'reminder',
          to,
          language,
          values: { ...values, days: String(days) },
          correlationId,
        });
  await noteStep(tx, run.tenantId, bill, step, { message_id });
  await tell(tx, day, bill, `Reminded of ${bill.invoice}, due on ${bill.dueDate}.`);
}

const feeWords = { id: 'Denda keterlambatan', en: 'Late fee' } as const;

/** The fee falls due with the next bill: nobody is cut for it on the day that it is charged. */
async function charge(tx: Tx, day: Day, bill: Dunned, step: Fee): Promise<void> {
  const { run, settings, today } = day;
  const { tenantId, correlationId } = run;
  if (!(await takeStep(tx, tenantId, bill, step, 'charged', run.now))) return;
  const amount = BigInt(step.amount);
  const issued = await issueInvoice(
    tx,
    { tenantId, correlationId },
    {
      customerId: bill.customerId,
      subscriptionId: bill.subscriptionId,
      reason: 'fee',
      lines: [{ description: `${feeWords[settings.language]}: ${bill.invoice}`, quantity: 1, unitPrice: amount }],
      issuedOn: today,
      dueDate: nextDueDate(addDays(today, 1), bill.dueDay ?? settings.postpaid_due_day),
    },
  );
  await noteStep(tx, tenantId, bill, step, { fee_id: issued.invoiceId });
  await tell(tx, day, bill, `Charged a late fee for ${bill.invoice}: ${issued.number}.`);
}

/** What of the due steps may be done about this bill: a ledger elsewhere charges its own fees, and no fee bears one. */
async function dunOne(tx: Tx, day: Day, bill: Dunned, due: DueSteps, writes: boolean): Promise<void> {
  const { tenantId, now } = day.run;
  const bearsFees = bill.ledger === 'builtin' && !bill.isFee;
  for (const step of due.skip) {
    if (step.kind === 'message' || bearsFees) await takeStep(tx, tenantId, bill, step, 'skipped', now);
  }
  if (bearsFees) for (const step of due.charge) await charge(tx, day, bill, step);
  if (due.remind && writes && bill.email !== null) await remind(tx, day, bill, bill.email, due.remind);
}

type Open = (bill: Dunned) => bigint;

/** What is open on each of the bills. Own ones are locked: whoever pays or credits one does it before this, or after it. */
async function openNow(tx: Tx, { tenantId, openElsewhere }: Dunning, bills: readonly Dunned[]): Promise<Open> {
  const of = (kind: LedgerKind): readonly Dunned[] => bills.filter(({ ledger }) => ledger === kind);
  const [builtin, erpnext] = [of('builtin'), of('erpnext')];
  const customers = (some: readonly Dunned[]): readonly string[] => some.map(({ customerId }) => customerId);
  await lockCustomers(tx, tenantId, customers(builtin));
  const numbers = builtin.map(({ invoice }) => invoice);
  const lines = erpnext.length === 0 ? [] : await livingLines(tx, tenantId, customers(erpnext));
  const lineIds = lines.map(({ id }) => id);
  const [own, elsewhere] = [await stillOpen(tx, tenantId, numbers), await openElsewhere(tx, tenantId, lineIds)];
  return ({ ledger, invoice, outstanding }) =>
    ledger === 'builtin' ? (own.get(invoice) ?? 0n) : (elsewhere.get(invoice) ?? outstanding);
}

const together = 100;

async function dunSome(tx: Tx, run: Dunning, after: Place | null): Promise<Place | null> {
  const { tenantId, zone, now } = run;
  const settings = await settingsOf(tx, tenantId);
  const day = { run, settings, today: localDate(now, zone) };
  const writes = mayWrite(run);
  const steps = settings.dunning.steps.filter(({ kind }) => kind === 'fee' || (kind === 'message' && writes));
  if (steps.length === 0) return null;
  const bills = await billsToDun(tx, tenantId, { steps, today: day.today, after, limit: together });
  const open = await openNow(tx, run, bills);
  for (const bill of bills) {
    const outstanding = open(bill);
    if (outstanding <= 0n) continue;
    await dunOne(tx, day, { ...bill, outstanding }, dueSteps(steps, bill, day.today), writes);
  }
  const last = bills.at(-1);
  return last && bills.length === together ? last : null;
}

/**
 * Does what the tenant's dunning policy says about each unpaid bill by its calendar at `now` (ms since 1970; spec L4): the
 * reminder whose day came last, and late fees in the hub's own ledger. Each step once for a bill, however often and by
 * however many this is run; what a downtime passed over is not made up for by a heap of messages. Isolation is not done
 * here: it follows from the policy when the line is decided about.
 */
export async function dun(db: Database, run: Dunning): Promise<void> {
  let after: Place | null = null;
  do {
    const from: Place | null = after;
    after = await db.worker(run.tenantId, (tx) => dunSome(tx, run, from));
  } while (after !== null);
}
