import { z } from '@hono/zod-openapi';
import { Amount, PageQuery, pageOf } from '#platform/routing.ts';
import { filledText, storedText } from '#platform/stored-text.ts';

const at = z.iso.datetime();
const money = z.number().int();
const aReseller = '1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed';

const moveKinds = ['top_up', 'payment', 'vouchers', 'reversal', 'refund', 'payout', 'commission'] as const;
/** How money may come in, or be given back, by hand. */
const handMethods = ['cash', 'transfer', 'qris', 'e_wallet', 'virtual_account', 'other'] as const;
const states = ['requested', 'approved_once', 'done', 'rejected', 'expired'] as const;

export const Deposit = z
  .object({
    reseller_id: z.uuid(),
    balance: money,
    low_mark: money.nullable().openapi({ description: 'Below this it is told, once until it is back above' }),
    daily_limit: money.nullable().openapi({ description: 'What may be spent on one day of the tenant’s calendar' }),
    spent_today: money,
    ways: z.array(z.enum(handMethods)).openapi({
      description: 'How a top-up can be asked for now; `qris`, `virtual_account`, `e_wallet`: by a connected gateway',
    }),
  })
  .openapi('Deposit', {
    example: {
      reseller_id: aReseller,
      balance: 1_250_000,
      low_mark: 200_000,
      daily_limit: 5_000_000,
      spent_today: 450_000,
      ways: ['transfer', 'cash', 'qris'],
    },
  });
export type Deposit = z.infer<typeof Deposit>;

const bound = z.number().int().max(Number.MAX_SAFE_INTEGER);
export const DepositChange = z
  .strictObject({
    low_mark: bound.positive().nullable().optional(),
    daily_limit: bound.min(0).nullable().optional().openapi({ description: '0: nothing may be spent; null: no limit' }),
  })
  .openapi('DepositChange', { example: { low_mark: 200_000, daily_limit: 5_000_000 } });
export type DepositChange = z.infer<typeof DepositChange>;

export const DepositMove = z
  .object({
    id: z.uuid(),
    no: z.number().int(),
    at,
    kind: z.enum(moveKinds),
    amount: money.openapi({ description: 'Above zero: it came in' }),
    balance: money.openapi({ description: 'What the deposit held afterwards' }),
    memo: z.string(),
    source_id: z.uuid().openapi({ description: 'The payment, sale of vouchers, request or payout that it is of' }),
    reverses: z.uuid().nullable(),
  })
  .openapi('DepositMove', {
    example: {
      id: '6ec0bd7f-11c0-43da-975e-2a8ad9ebae0b',
      no: 17,
      at: '2026-11-20T03:10:00.000Z',
      kind: 'payment',
      amount: -150_000,
      balance: 1_250_000,
      memo: 'Budi KCB-CKP010225-001',
      source_id: 'b5a5f1d6-7a07-4b8a-9a59-2f0a0c5b6f21',
      reverses: null,
    },
  });
export type DepositMove = z.infer<typeof DepositMove>;
export const DepositMovePage = pageOf(DepositMove).openapi('DepositMovePage');

const range = {
  from: z.iso.date().optional().openapi({ description: 'On this day of the tenant’s calendar or later' }),
  to: z.iso.date().optional().openapi({ description: 'On this day or before' }),
  kind: z.enum(moveKinds).optional(),
};
export const MoveQuery = PageQuery.omit({ search: true }).extend(range);
export type MoveQuery = z.infer<typeof MoveQuery>;
export const StatementQuery = z.object(range);
export type MoveRange = z.infer<typeof StatementQuery>;

export const TopUp = z
  .object({
    id: z.uuid(),
    kind: z.enum(['top_up', 'refund']).openapi({ description: '`refund`: it is given back to the reseller' }),
    reseller: z.object({ id: z.uuid(), name: z.string() }),
    amount: money,
    method: z.enum(handMethods),
    reference: z.string().nullable(),
    notes: z.string(),
    state: z.enum(states).openapi({
      description: '`approved_once`: from `settings.deposit_two_people_from` on another person has to say yes as well',
    }),
    requested_by: z.uuid().nullable(),
    requested_at: at,
    expires_at: at,
    first_by: z.uuid().nullable(),
    decided_by: z.uuid().nullable(),
    decided_at: at.nullable(),
    reason: z.string().nullable().openapi({ description: 'Why it was rejected' }),
    charge: z
      .object({
        id: z.uuid(),
        gateway: z.string(),
        state: z.string(),
        qr_string: z.string().nullable(),
        virtual_account: z.string().nullable(),
        bank: z.string().nullable(),
        url: z.string().nullable(),
        expires_at: at,
      })
      .nullable()
      .openapi({ description: 'What the payer needs, where a gateway collects it' }),
  })
  .openapi('DepositTopUp', {
    example: {
      id: '9b2d6f9a-44ef-4a4e-9d53-1c1f4f9f6c11',
      kind: 'top_up',
      reseller: { id: aReseller, name: 'Toko Berkah' },
      amount: 1_000_000,
      method: 'transfer',
      reference: 'BCA 881',
      notes: '',
      state: 'requested',
      requested_by: '16fd2706-8baf-433b-82eb-8c7fada847da',
      requested_at: '2026-11-20T03:10:00.000Z',
      expires_at: '2026-12-04T03:10:00.000Z',
      first_by: null,
      decided_by: null,
      decided_at: null,
      reason: null,
      charge: null,
    },
  });
export type TopUp = z.infer<typeof TopUp>;
export const TopUpPage = pageOf(TopUp).openapi('DepositTopUpPage');
export const TopUpQuery = PageQuery.omit({ search: true }).extend({
  state: z.enum(states).optional(),
  kind: z.enum(['top_up', 'refund']).optional(),
  reseller_id: z.uuid().optional(),
});
export type TopUpQuery = z.infer<typeof TopUpQuery>;
export const OwnTopUpQuery = TopUpQuery.omit({ reseller_id: true });

const asked = {
  amount: Amount,
  reference: filledText(200).nullable().default(null).openapi({ description: 'Number of the transfer or receipt' }),
  notes: storedText(500).default(''),
};
/** By the reseller: what is paid to a gateway comes in by itself, the rest is approved by whoever looks after money. */
export const OwnTopUp = z
  .strictObject({ ...asked, method: z.enum(['transfer', 'cash', 'qris', 'virtual_account', 'e_wallet']) })
  .openapi('NewDepositTopUp', { example: { amount: 1_000_000, method: 'transfer', reference: 'BCA 881' } });
export type OwnTopUp = z.infer<typeof OwnTopUp>;

/** By whoever looks after money: what has come in already, or is given back. */
export const HandTopUp = z
  .strictObject({ ...asked, method: z.enum(handMethods) })
  .openapi('DepositByHand', { example: { amount: 1_000_000, method: 'cash' } });
export type HandTopUp = z.infer<typeof HandTopUp>;

export const Rejection = z
  .strictObject({ reason: filledText(500) })
  .openapi('DepositRejection', { example: { reason: 'No such transfer has come in' } });
export type Rejection = z.infer<typeof Rejection>;
