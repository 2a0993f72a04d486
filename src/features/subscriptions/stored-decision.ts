import { z } from 'zod';
import { accessStates, type DesiredAccess } from '#domain/access.ts';
import { type Language, type Reason, reasonText } from '#domain/reason.ts';

const invoices = z.array(z.string());
/** A code that `Reason` has and this has not does not compile: it could be stored, and not be read back. */
const shapes: { readonly [Code in Reason['code']]: z.ZodType<Extract<Reason, { code: Code }>> } = {
  terminated: z.object({ code: z.literal('terminated') }),
  held: z.object({ code: z.literal('held'), reason: z.string() }),
  awaiting_installation: z.object({ code: z.literal('awaiting_installation') }),
  awaiting_first_payment: z.object({ code: z.literal('awaiting_first_payment') }),
  nothing_due: z.object({ code: z.literal('nothing_due') }),
  debt: z.object({ code: z.literal('debt'), amount: z.string(), invoices, since: z.string() }),
  debt_unproved: z.object({ code: z.literal('debt_unproved'), amount: z.string(), invoices }),
  debt_settling: z.object({ code: z.literal('debt_settling'), amount: z.string(), until: z.string() }),
  ambiguous_invoice: z.object({ code: z.literal('ambiguous_invoice'), invoices }),
  quota_used_up: z.object({ code: z.literal('quota_used_up'), quota: z.string(), until: z.string() }),
  quota_throttled: z.object({ code: z.literal('quota_throttled'), quota: z.string(), until: z.string() }),
  validity_over: z.object({ code: z.literal('validity_over'), until: z.string() }),
  held_by_brake: z.object({ code: z.literal('held_by_brake'), amount: z.string(), invoices }),
  cuts_stopped: z.object({ code: z.literal('cuts_stopped'), amount: z.string(), invoices, reason: z.string() }),
  promised: z.object({ code: z.literal('promised'), amount: z.string(), invoices, until: z.string() }),
  no_cut_time: z.object({
    code: z.literal('no_cut_time'),
    amount: z.string(),
    invoices,
    until: z.string(),
    day: z.string(),
  }),
  awaiting_notice: z.object({
    code: z.literal('awaiting_notice'),
    amount: z.string(),
    invoices,
    hours: z.number(),
    because: z.enum(['recent', 'sending', 'no_address', 'undeliverable']),
  }),
};
const codes = Object.keys(shapes) as Reason['code'][];
const Coded = z.object({ code: z.enum(codes) });

const readReason = (stored: unknown): Reason => shapes[Coded.parse(stored).code].parse(stored);

const StoredDesired: z.ZodType<DesiredAccess> = z.object({
  state: z.enum(accessStates),
  group: z.string(),
  mac: z.string().nullable(),
  reply: z.array(z.object({ attribute: z.string(), op: z.string(), value: z.string() })),
});

const StoredEvidence = z.object({ needed: z.boolean(), readAt: z.number().nullable() });

/** The stored reason in words; null where nothing has been decided yet. */
export function toldReason(
  stored: unknown,
  language: Language,
): { readonly code: string; readonly text: string } | null {
  if (stored === null) return null;
  const reason = readReason(stored);
  return { code: reason.code, text: reasonText(reason, language) };
}

/** The invoices that the stored reason rests on. */
export function invoicesOf(stored: unknown): readonly string[] {
  const reason = stored === null ? null : readReason(stored);
  return reason && 'invoices' in reason ? reason.invoices : [];
}

export const readDesired = (stored: unknown): DesiredAccess | null =>
  stored === null ? null : StoredDesired.parse(stored);

/** When the ledger was last read for the decision, ms since 1970, and whether it must be read again before a cut. */
export const readEvidence = (stored: unknown): z.infer<typeof StoredEvidence> | null =>
  stored === null ? null : StoredEvidence.parse(stored);
