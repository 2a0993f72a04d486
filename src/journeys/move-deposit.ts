import type { Tx } from '#db/database.ts';
import type { Account } from '#domain/accounts.ts';
import { localDate } from '#domain/local-time.ts';
import { post, settingsOf } from '#features/billing/verbs.ts';
import {
  creditDeposit,
  type GivingBack,
  type Moved,
  type Mover,
  payOutDeposit,
  returnToDeposit,
  type Spending,
  spendDeposit,
} from '#features/deposits/verbs.ts';

/** What stands against the deposit in the books: its entries sum to the amount, debits above zero. */
type OtherSide = readonly {
  readonly account: Account;
  readonly amount: bigint;
  readonly customerId?: string;
  readonly resellerId?: string;
}[];
type Unposted<T> = Omit<T, 'postingId'> & { readonly other: OtherSide };

/** The deed in the books, before the deposit's row is locked. `onDeposit`: below zero it comes in. */
async function posted(
  tx: Tx,
  { tenantId, by, now }: Mover,
  kind: string,
  deed: Unposted<Omit<Spending, 'kind'>>,
  onDeposit: bigint,
): Promise<{ readonly postingId: string; readonly day: string }> {
  const { resellerId, sourceId, idemKey, memo, other } = deed;
  const day = localDate(now, (await settingsOf(tx, tenantId)).time_zone);
  const [postingId] = await post(tx, tenantId, [
    {
      kind,
      idemKey,
      postedOn: day,
      sourceId,
      postedBy: by,
      memo,
      entries: [{ account: 'deposits', resellerId, amount: onDeposit }, ...other],
    },
  ]);
  if (postingId === undefined) throw new Error('No posting came back for a deposit.');
  return { postingId, day };
}

/** `spendDeposit`, with its posting: Dr deposits, and what is bought on the other side. Called last. */
export const spendBooked = async (tx: Tx, mover: Mover, deed: Unposted<Spending>): Promise<Moved> =>
  spendDeposit(tx, mover, { ...deed, ...(await posted(tx, mover, deed.kind, deed, deed.amount)) });

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
export const payOutBooked = async (tx: Tx, mover: Mover, deed: Unposted<Omit<Spending, 'kind'>>): Promise<Moved> =>
  payOutDeposit(tx, mover, { ...deed, ...(await posted(tx, mover, 'payout', deed, deed.amount)) });
