import { record } from '#audit/record.ts';
import type { Tx } from '#db/database.ts';
import { ledgerKind } from '#db/ledger-kind.ts';
import { type MoveMoney, moneyOfMove } from '#domain/bill-moves.ts';
import type { BillPolicy } from '#domain/bill-plan.ts';
import type { LocalDate } from '#domain/facts.ts';
import { localDate } from '#domain/local-time.ts';
import {
  billPolicyOf,
  creditLine,
  daysLine,
  issueInvoice,
  type LineMoney,
  lockLinesCustomer,
  moneyOfLine,
  saveBilledTo,
  settingsOf,
} from '#features/billing/verbs.ts';
import type { Who } from '#platform/caller.ts';
import type { Clock } from '#platform/clock.ts';

type Standing = {
  readonly line: LineMoney;
  readonly policy: BillPolicy;
  readonly zone: string;
  readonly today: LocalDate;
};

/** The line and its customer's lock, taken before the line's own; null: the hub does not bill it. */
async function standingOf(tx: Tx, { tenantId }: Who, lineId: string, now: number): Promise<Standing | null> {
  const settings = await settingsOf(tx, tenantId);
  const policy = billPolicyOf(settings);
  if (policy === null || (await ledgerKind(tx, tenantId)) !== 'builtin') return null;
  if ((await lockLinesCustomer(tx, tenantId, lineId)) === null) return null;
  const zone = settings.time_zone;
  const line = await moneyOfLine(tx, tenantId, lineId, zone);
  return line.isOnVouchers ? null : { line, policy, zone, today: localDate(now, zone) };
}

const wordsOf = (was: LineMoney, is: LineMoney): string =>
  was.plan === is.plan ? was.plan : `${was.plan} → ${is.plan}`;

async function bill(tx: Tx, who: Who, was: LineMoney, is: LineMoney, due: MoveMoney['bill'], today: LocalDate) {
  if (due === null || due.amount <= 0n) return;
  const { tenantId, correlationId } = who;
  const { from, to, amount, dueDate } = due;
  const plan = was.mode === 'prepaid' ? wordsOf(was, is) : was.plan;
  const issued = await issueInvoice(
    tx,
    { tenantId, correlationId, issuedBy: who.caller.userId },
    {
      customerId: was.customerId,
      subscriptionId: was.id,
      reason: is.isEnded ? 'termination' : 'change',
      lines: [daysLine(plan, { from, to }, amount)],
      periodFrom: from,
      periodTo: to,
      issuedOn: today,
      dueDate,
    },
  );
  const after = { number: issued.number, total: issued.total, due_date: dueDate };
  await record(tx, who, { action: 'create', entity: 'invoice', id: issued.invoiceId, after });
}

async function credit(tx: Tx, who: Who, was: LineMoney, is: LineMoney, price: bigint, day: LocalDate) {
  if (price <= 0n) return;
  const by = { tenantId: who.tenantId, issuedBy: who.caller.userId };
  const reason = wordsOf(was, is);
  const notes = await creditLine(tx, by, { customerId: was.customerId, lineId: was.id, price, day, reason });
  for (const { id, number, total } of notes)
    await record(tx, who, { action: 'create', entity: 'credit_note', id, after: { number, total, reason } });
}

/**
 * Moves a line by hand, and bills or gives back in the same transaction what follows from it where the hub makes the bills
 * (spec L2): a change of plan, the end of a hold, the end of the line.
 */
export const createBilledMove =
  (clock: Clock) =>
  async (tx: Tx, who: Who, lineId: string, move: () => Promise<void>): Promise<void> => {
    const before = await standingOf(tx, who, lineId, clock());
    await move();
    if (before === null) return;
    const { line: was, policy, zone, today } = before;
    const is = await moneyOfLine(tx, who.tenantId, lineId, zone);
    const money = moneyOfMove(was, is, today, policy);
    await bill(tx, who, was, is, money.bill, today);
    await credit(tx, who, was, is, money.credit, today);
    if (money.billedTo !== null) await saveBilledTo(tx, who.tenantId, [{ id: lineId, billedTo: money.billedTo }]);
  };
