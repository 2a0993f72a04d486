import { tellToppedUp } from '#features/deposits/verbs.ts';
import type { AppendMessage } from '#outbox/append-message.ts';
import { creditBooked, payOutBooked } from './move-deposit.ts';

/** Top-ups and what is given back, with their postings; the reseller is written to when money came in. */
export const createDepositBooks = (appendMessage: AppendMessage) => ({
  topUp: async (
    tx: Parameters<typeof creditBooked>[0],
    mover: Parameters<typeof creditBooked>[1],
    deed: Omit<Parameters<typeof creditBooked>[2], 'kind'>,
  ) => {
    const moved = await creditBooked(tx, mover, { ...deed, kind: 'top_up' });
    const { resellerId, amount } = deed;
    const told = { resellerId, amount, balance: moved.balance, correlationId: mover.correlationId };
    await tellToppedUp(tx, mover.tenantId, told, appendMessage);
    return moved;
  },
  payOut: payOutBooked,
});
