export {
  creditDeposit,
  type GivingBack,
  type Moved,
  type Mover,
  payOutDeposit,
  returnToDeposit,
} from './moving.ts';
export type { DepositPayment, DepositPaymentForm } from './payment-schema.ts';
export { type Purse, purseAfter, readPurses, spendRefusal } from './purse.ts';
export { NotCovered, type Spending, spendDeposits } from './spending.ts';
export { tellToppedUp } from './telling.ts';
