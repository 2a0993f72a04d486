import type { Tx } from '#db/database.ts';
import { err, ok, type Result } from '#domain/result.ts';
import type { DepositPayment } from '#features/deposits/verbs.ts';
import type { Refusal } from '#platform/refusal.ts';
import type { Asked, Paid } from './asked.ts';
import { book, type ToBook } from './book.ts';
import { type Lines, linesOf } from './lines.ts';
import { type Weighed, weigh } from './look.ts';

type Before = Extract<Weighed, { readonly kind: 'before' }>;

const shown = ({ at, ...paid }: Paid, lines: Lines): DepositPayment => ({
  ...paid,
  paid_at: new Date(at).toISOString(),
  lines,
});

/**
 * Takes payments of one tenant's resellers that arrived together in one transaction, as the hub's own work: what each may
 * pay for is asked of its own customers alone (`weigh`), and the database refuses a deposit's payment for anybody else's.
 * Different customers, different keys. Who is refused is so alone; the others are paid. Answers in the order of asking;
 * throws where a deposit was spent by others meanwhile: then each is to be tried by itself.
 */
export async function payTogether(
  tx: Tx,
  tenantId: string,
  now: number,
  all: readonly Asked[],
): Promise<readonly Result<DepositPayment, Refusal>[]> {
  const { at, weighed, found } = await weigh(tx, tenantId, now, all);
  const answers = new Map<Asked, Result<DepositPayment, Refusal>>();
  for (const one of weighed) if (one.kind === 'refused') answers.set(one.asked, err(one.refusal));
  const before = weighed.filter((one): one is Before => one.kind === 'before');
  const lines = await linesOf(
    tx,
    tenantId,
    before.map(({ paid }) => paid.customer_id),
  );
  for (const { asked, paid } of before) answers.set(asked, ok(shown(paid, lines.get(paid.customer_id) ?? [])));
  const paying = weighed.filter((one): one is ToBook => one.kind === 'pays');
  const booked = paying.length > 0 ? await book(tx, at, paying, found) : [];
  for (const { asked, lines: own, ...paid } of booked) answers.set(asked, ok(shown({ ...paid, at: now }, own)));
  return all.map((asked) => {
    const answer = answers.get(asked);
    if (!answer) throw new Error('A payment was left out of its own transaction.');
    return answer;
  });
}
