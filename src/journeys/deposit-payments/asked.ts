import type { Claim } from '#db/idempotency.ts';
import type { DepositPayment, DepositPaymentForm } from '#features/deposits/verbs.ts';
import type { Who } from '#platform/caller.ts';
import type { Refusal } from '#platform/refusal.ts';

/** A payment that a reseller asks for. `claim`: what its request's Idempotency-Key stands by, marked with the effect. */
export type Asked = {
  readonly who: Who;
  readonly resellerId: string;
  readonly form: DepositPaymentForm;
  readonly idemKey: string;
  readonly claim: Claim | null;
};

/** What was paid; `at` ms since 1970. */
export type Paid = Pick<DepositPayment, 'id' | 'amount' | 'customer_id' | 'balance'> & { readonly at: number };

/** What became of one of several that were asked together. */
export type Outcome<T> =
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'before'; readonly paid: Paid }
  | ({ readonly kind: 'pays' } & T);
