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
