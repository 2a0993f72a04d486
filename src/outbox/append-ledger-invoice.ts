import { randomUUID } from 'node:crypto';
import type { Tx } from '#db/database.ts';
import type { LocalDate } from '#domain/facts.ts';
import type { Intent } from '#domain/intents.ts';
import { appendIntents, intentKey, urgency } from '#outbox/append.ts';

/** A bill, or credit note, that ERPNext does not make itself: of a first or last part of a period, of a change of plan. */
export type NewLedgerInvoice = {
  /** What it bills, once, such as `first:<line's id>`: asked for again, it is the same bill. */
  readonly ref: string;
  readonly kind: 'invoice' | 'credit_note';
  readonly customerId: string;
  readonly subscriptionId: string;
  /** At least one; prices above zero in the minor unit, of a credit note too. The item is that of the line's plan. */
  readonly lines: readonly {
    readonly description: string;
    readonly quantity: number;
    readonly unitPrice: bigint;
  }[];
  readonly periodFrom?: LocalDate;
  readonly periodTo?: LocalDate;
  readonly issuedOn: LocalDate;
  readonly dueDate: LocalDate;
  readonly notes?: string;
};

/** The reference of the bill of a change of plan; each change has one of its own. */
export const changeRef = (subscriptionId: string): string => `change:${subscriptionId}:${randomUUID()}`;
export const isOfChange = (ref: string): boolean => ref.startsWith('change:');

type On = { readonly tenantId: string; readonly correlationId: string };

/** Has one intent of the ledger's lane go out: each is of an object of its own, so no generation orders them. */
export const appendLedgerPush = (
  tx: Tx,
  { tenantId, correlationId }: On,
  intent: Intent,
  subscriptionId: string | null,
) =>
  appendIntents(tx, tenantId, [
    { intent, key: intentKey(intent), subscriptionId, generation: 0n, urgency: urgency.other, correlationId },
  ]);

/**
 * Writes a bill that ERPNext, the tenant's ledger, is to get (spec L1), with the intent that brings it there, in the
 * caller's transaction. Under one `ref` it is written once; `isNew` tells whether this was the time.
 */
export async function appendLedgerInvoice(
  tx: Tx,
  on: On,
  {
    ref,
    kind,
    customerId,
    subscriptionId,
    lines,
    periodFrom,
    periodTo,
    issuedOn,
    dueDate,
    notes = '',
  }: NewLedgerInvoice,
): Promise<{ readonly id: string; readonly isNew: boolean }> {
  const { tenantId } = on;
  const written = await tx
    .insertInto('ledger_invoices')
    .values({
      tenant_id: tenantId,
      ref,
      kind,
      customer_id: customerId,
      subscription_id: subscriptionId,
      lines: JSON.stringify(
        lines.map(({ description, quantity, unitPrice }) => ({ description, quantity, unit_price: String(unitPrice) })),
      ),
      period_from: periodFrom ?? null,
      period_to: periodTo ?? null,
      issued_on: issuedOn,
      due_date: dueDate,
      notes,
    })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'ref']).doNothing())
    .returning('id')
    .executeTakeFirst();
  if (written) {
    await appendLedgerPush(tx, on, { kind: 'ledger.invoice', invoiceId: written.id }, subscriptionId);
    return { id: written.id, isNew: true };
  }
  const { id } = await tx
    .selectFrom('ledger_invoices')
    .where('tenant_id', '=', tenantId)
    .where('ref', '=', ref)
    .select('id')
    .executeTakeFirstOrThrow();
  return { id, isNew: false };
}
