import type { Debt, DueBill } from '#decide/debt.ts';
import type { LineFacts, LinePolicy, Notice } from '#domain/line.ts';
import type { NoticeLack } from '#domain/reason.ts';

const hourMs = 3_600_000;

/** A reminder is written so long before it must have been delivered: mail servers rest, and try again. */
export const noticeLeadMs = 2 * hourMs;

/** When the reminder of a cut at `cutAt` is written (both in ms since 1970). */
export const noticeTime = (cutAt: number, { noticeHours }: LinePolicy): number =>
  cutAt - noticeHours * hourMs - noticeLeadMs;

/** Bills about which nobody has yet been asked to tell the debtor. */
export const untold = (bills: readonly DueBill[], { notices }: LineFacts): readonly DueBill[] =>
  bills.filter(({ invoice }) => !notices.has(invoice));

/** Why a debtor may not be cut yet, and when it may; `until` null: something must happen first. */
export type Lack = { readonly because: NoticeLack; readonly until: number | null };

const lackOf = (notices: readonly (Notice | undefined)[], isReachable: boolean): NoticeLack => {
  if (notices.every((notice) => notice?.state === 'undeliverable')) return isReachable ? 'undeliverable' : 'no_address';
  return isReachable ? 'sending' : 'no_address';
};

/**
 * Whether the debtor was told of a due bill early enough (spec X7); null: it was. One such bill is enough: were each
 * needed, then paying the bill of which nobody was told would cut the line off for the other (P-g).
 */
export function missingNotice(facts: LineFacts, debt: Debt, { noticeHours }: LinePolicy, now: number): Lack | null {
  if (noticeHours === 0) return null;
  const notices = debt.invoices.map((invoice) => facts.notices.get(invoice));
  const ends = notices.flatMap((notice) => {
    if (notice?.state === 'overridden') return [now];
    return notice?.state === 'delivered' ? [notice.at + noticeHours * hourMs] : [];
  });
  if (ends.length === 0) return { because: lackOf(notices, facts.isReachable), until: null };
  const until = Math.min(...ends);
  return until <= now ? null : { because: 'recent', until };
}
