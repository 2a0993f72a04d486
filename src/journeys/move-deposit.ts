import { randomUUID } from 'node:crypto';
import type { Tx } from '#db/database.ts';
import type { Account } from '#domain/accounts.ts';
import type { LocalDate } from '#domain/facts.ts';
import { localDate } from '#domain/local-time.ts';
import { type Posting, post, settingsOf } from '#features/billing/verbs.ts';
import {
  creditDeposit,
  type GivingBack,
  type Moved,
  type Mover,
  payOutDeposit,
  returnToDeposit,
  type Spending,
  spendDeposits,
} from '#features/deposits/verbs.ts';

/** What stands against the deposit in the books: its entries sum to the amount, debits above zero. */
type OtherSide = readonly {
  readonly account: Account;
  readonly amount: bigint;
  readonly customerId?: string;
  readonly resellerId?: string;
}[];
type Unposted<T> = Omit<T, 'postingId'> & { readonly other: OtherSide };

type Booked = Unposted<Omit<Spending, 'kind' | 'by' | 'correlationId'>>;

const todayOf = async (tx: Tx, { tenantId, now }: Mover): Promise<LocalDate> =>
  localDate(now, (await settingsOf(tx, tenantId)).time_zone);

/** The deed as the books have it. `onDeposit`: below zero it comes in. */
const postingOf = (kind: string, day: LocalDate, by: string | null, deed: Booked, onDeposit: bigint): Posting => ({
  kind,
  idemKey: deed.idemKey,
  postedOn: day,
  sourceId: deed.sourceId,
  postedBy: by,
  memo: deed.memo,
  entries: [{ account: 'deposits', resellerId: deed.resellerId, amount: onDeposit }, ...deed.other],
});

/** The deed in the books, before the deposit's row is locked. */
async function posted(tx: Tx, mover: Mover, kind: string, deed: Booked, onDeposit: bigint) {
  const posting = postingOf(kind, await todayOf(tx, mover), mover.by, deed, onDeposit);
  const [postingId] = await post(tx, mover.tenantId, [posting]);
  if (postingId === undefined) throw new Error('No posting came back for a deposit.');
  return { postingId };
}

/** Spends, with the posting: Dr deposits, and what is bought on the other side. Called last. */
export async function spendBooked(tx: Tx, mover: Mover, deed: Booked & Pick<Spending, 'kind'>): Promise<Moved> {
  const { tenantId, by, now, correlationId } = mover;
  const today = await todayOf(tx, mover);
  const postingId = randomUUID();
  // Begun together they travel as one message, and run in this order: the deposit's row is locked last.
  const [, [moved]] = await Promise.all([
    post(tx, tenantId, [{ ...postingOf(deed.kind, today, by, deed, deed.amount), id: postingId }]),
    spendDeposits(tx, { tenantId, now, today }, [{ ...deed, by, correlationId, postingId }]),
  ]);
  if (moved === undefined) throw new Error('No move came back for what was spent.');
  return moved;
}

/** `returnToDeposit`, with its posting: Cr deposits. */
export const returnBooked = async (tx: Tx, mover: Mover, deed: Unposted<GivingBack>): Promise<Moved> =>
  returnToDeposit(tx, mover, { ...deed, ...(await posted(tx, mover, deed.kind, deed, -deed.amount)) });

/** `creditDeposit`, with its posting: Cr deposits, and where the money is on the other side. */
export const creditBooked = async (
  tx: Tx,
  mover: Mover,
  deed: Unposted<Parameters<typeof creditDeposit>[2]>,
): Promise<Moved> => creditDeposit(tx, mover, { ...deed, ...(await posted(tx, mover, deed.kind, deed, -deed.amount)) });

/** `payOutDeposit`, with its posting: Dr deposits, and where the money went from on the other side. */
export const payOutBooked = async (tx: Tx, mover: Mover, deed: Booked): Promise<Moved> =>
  payOutDeposit(tx, mover, { ...deed, ...(await posted(tx, mover, 'payout', deed, deed.amount)) });
