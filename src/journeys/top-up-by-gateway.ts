import { chargeMethods } from '#domain/charge.ts';
import { type Opening, openTopUp } from '#features/charges/verbs.ts';
import type { Who } from '#platform/caller.ts';
import { Refusal } from '#platform/refusal.ts';

type Asked = { readonly id: string; readonly reseller_id: string; readonly amount: bigint; readonly method: string };

/**
 * Has a payment gateway collect a top-up that was asked for. Where none takes the method, or it refuses, the request ends:
 * the next one is another.
 */
export const createTopUpByGateway =
  (opening: Opening) =>
  async (who: Who, { id, reseller_id: resellerId, amount, method: named }: Asked): Promise<void> => {
    const { tenantId, correlationId, caller } = who;
    const method = chargeMethods.find((one) => one === named);
    if (method === undefined) throw new Error('No gateway collects cash.');
    const opener = { tenantId, correlationId, openedBy: caller.userId };
    try {
      await openTopUp(opening, opener, { topUpId: id, resellerId, amount, method });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { message } = error;
      await opening.db.worker(tenantId, (tx) =>
        tx
          .updateTable('deposit_top_ups')
          .set({ state: 'rejected', reason: message, decided_at: new Date(opening.clock()) })
          .where('tenant_id', '=', tenantId)
          .where('id', '=', id)
          .where('state', '=', 'requested')
          .execute(),
      );
      throw error;
    }
  };
