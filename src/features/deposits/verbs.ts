export {
  creditDeposit,
  expectDeposit,
  type GivingBack,
  type Moved,
  type Mover,
  payOutDeposit,
  returnToDeposit,
  type Spending,
  spendDeposit,
} from './moving.ts';
export type { DepositPayment, DepositPaymentForm } from './payment-schema.ts';
export { tellToppedUp } from './telling.ts';
