import { record } from '#audit/record.ts';
import type { Database, Tx } from '#db/database.ts';
import { instantAt } from '#domain/local-time.ts';
import {
  type Confirmation,
  decideLine,
  type Line,
  type LineRow,
  lineViews,
  lockLines,
} from '#features/bank-statements/verbs.ts';
import { takePayment } from '#features/billing/verbs.ts';
import { demand, type Who } from '#platform/caller.ts';
import type { Clock } from '#platform/clock.ts';
import { invalid, notFound, Refusal } from '#platform/refusal.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';
import { decideMarked } from './decide-marked.ts';

export type Confirming = { readonly db: Database; readonly clock: Clock };

type Booking = { readonly zone: string; readonly now: number };

/** The bank says the day: its noon, or now where that is still to come. */
const paidAt = (bookedOn: string, { zone, now }: Booking): Date =>
  new Date(Math.min(now, instantAt(bookedOn, 12, 0, zone)));

function checkOpen({ id, state, direction, payment_id }: LineRow): void {
  if (direction !== 'credit') throw new Refusal('CONFLICT', 'Money that went out is no payment.', { line_id: id });
  if (state !== 'open') throw new Refusal('CONFLICT', `A line is ${state} already.`, { line_id: id, payment_id });
}

async function book(
  tx: Tx,
  who: Who,
  line: LineRow,
  confirmed: Confirmation,
  booking: Booking,
): Promise<readonly string[]> {
  const { tenantId, correlationId, caller } = who;
  checkOpen(line);
  const { paymentId, lines } = await takePayment(
    tx,
    { tenantId, correlationId, takenBy: caller.userId },
    {
      customerId: confirmed.customer_id,
      amount: line.amount,
      method: 'transfer',
      paidAt: paidAt(line.booked_on, booking),
      idemKey: `bank:${line.id}`,
      reference: `bank ${line.booked_on}`,
      invoiceId: confirmed.invoice_id,
      erpInvoice: confirmed.erp_invoice,
    },
  );
  const decided = { payment_id: paymentId, decided_by: caller.userId, decided_at: new Date(booking.now) };
  await decideLine(tx, tenantId, line.id, { state: 'booked', ...decided });
  const states = { before: { state: 'open' }, after: { state: 'booked', payment_id: paymentId } };
  await record(tx, who, { action: 'update', entity: 'bank_line', id: line.id, ...states });
  return lines;
}

/**
 * Books bank lines as the payments that a person says they are, all of them or none; each line once. Throws NOT_FOUND for
 * a line or customer that is not there, CONFLICT for a line that is decided about already.
 */
export const confirmBankLines = (
  { db, clock }: Confirming,
  who: Who,
  confirmations: readonly Confirmation[],
): Promise<Line[]> =>
  db.tenant(who.tenantId, async (tx) => {
    demand(who.caller, 'payments:write');
    const { tenantId } = who;
    const wanted = new Map(confirmations.map((one) => [one.line_id, one]));
    if (wanted.size < confirmations.length) throw invalid('lines', 'names a line twice');
    const tenant = await tx.selectFrom('tenants').where('id', '=', tenantId).select('settings').executeTakeFirst();
    const booking = { zone: readTenantSettings(tenant?.settings).time_zone, now: clock() };
    const rows = await lockLines(tx, tenantId, [...wanted.keys()]);
    if (rows.length < wanted.size) throw notFound('bank line');
    const marked: string[] = [];
    for (const row of rows) {
      const confirmed = wanted.get(row.id);
      if (confirmed) marked.push(...(await book(tx, who, row, confirmed, booking)));
    }
    await decideMarked(tx, tenantId, [...new Set(marked)], booking.now);
    return lineViews(tx, tenantId, await lockLines(tx, tenantId, [...wanted.keys()]));
  });
