import { randomUUID } from 'node:crypto';
import { refundPayment, reversePayment } from '#features/billing/take-back.ts';
import type { DepositPaymentForm } from '#features/deposits/payment-schema.ts';
import { enterByHand, type Requesting } from '#features/deposits/requests.ts';
import { createDepositBooks } from '#journeys/deposit-books.ts';
import { giveBack } from '#journeys/give-back.ts';
import { spendBooked } from '#journeys/move-deposit.ts';
import { createPayFromDeposit } from '#journeys/pay-from-deposit.ts';
import { Refusal } from '#platform/refusal.ts';
import { underReseller } from '#platform/reseller-scope.ts';
import type { Who } from '#platform/routing.ts';
import type { TestBridge } from '#test/setup/bridge.ts';
import type { Payer, Till } from './till.ts';

/** The deposit's deeds as their routes begin them, past the doors, over a tenant's till. */
export function openDeposits({ db, look }: TestBridge, till: Till) {
  const tenantId = till.tenant.id;
  const clock = (): number => till.time.now;
  const requesting: Requesting = {
    db,
    clock,
    books: createDepositBooks(till.registering.appendMessage),
    collect: async () => undefined,
  };
  const pays = createPayFromDeposit({ db, clock });
  const as = (role: string, userId: string): Who => ({
    ...{ tenantId, caller: { userId, tenantId, role }, correlationId: randomUUID(), address: '192.0.2.1' },
  });
  const finance = as('finance', randomUUID());
  const reseller = async (): Promise<string> => {
    const made = 'insert into resellers (tenant_id, name) values ($1, $2) returning id';
    return (await look<{ id: string }>(made, [tenantId, randomUUID()]))[0]?.id ?? '';
  };
  const byHand = (kind: 'top_up' | 'refund', resellerId: string, amount: number, key: string) =>
    enterByHand(
      requesting,
      finance,
      { kind, resellerId, amount, method: 'cash', reference: null, notes: '' },
      `${kind} ${key}`,
    );
  const balanceOf = async (id: string): Promise<number> =>
    Number(
      (await look<{ balance: string }>('select balance from deposits where reseller_id = $1', [id]))[0]?.balance ?? 0,
    );
  return {
    ...{ requesting, finance, as, reseller, balanceOf },
    topUp: (id: string, amount: number, key: string = randomUUID()) => byHand('top_up', id, amount, key),
    payOut: (id: string, amount: number, key: string = randomUUID()) => byHand('refund', id, amount, key),
    /** A customer that is this reseller's. */
    customerOf: async (resellerId: string): Promise<Payer> => {
      const payer = await till.payer();
      await look('update customers set reseller_id = $1 where id = $2', [resellerId, payer.id]);
      return payer;
    },
    pay: (id: string, form: DepositPaymentForm, key: string = randomUUID()) =>
      underReseller(id, () => pays(as('reseller', id), form, `${id} ${key}`)),
    reverse: (paymentId: string) =>
      db.tenant(tenantId, async (tx) => {
        const { toDeposit } = await reversePayment(tx, finance, paymentId, { reason: 'uji' }, clock());
        if (toDeposit) await giveBack(tx, finance, toDeposit, clock());
      }),
    refund: (paymentId: string, amount: number, method: 'deposit' | 'cash', key: string = randomUUID()) =>
      db.tenant(tenantId, async (tx) => {
        const wish = { amount, payment_method: method, reason: 'uji', idemKey: key };
        const { toDeposit } = await refundPayment(tx, finance, paymentId, wish, clock());
        if (toDeposit) await giveBack(tx, finance, toDeposit, clock());
      }),
    /** Something else that is bought; `dies`: the process does, before the commit. */
    buy: (resellerId: string, amount: bigint, dies = false) =>
      db.tenant(tenantId, async (tx) => {
        const id = randomUUID();
        const moved = await spendBooked(
          tx,
          { tenantId, correlationId: id, by: null, now: clock() },
          {
            ...{ resellerId, amount, kind: 'vouchers', sourceId: id, idemKey: id, memo: '' },
            other: [{ account: 'unearned', resellerId, amount: -amount }],
          },
        );
        if (dies) throw new Refusal('UNAVAILABLE', 'it died');
        return moved;
      }),
  };
}
export type Deposits = ReturnType<typeof openDeposits>;
