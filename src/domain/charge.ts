/** Payment gateways that the hub speaks with, in the order in which they are tried where none is named. */
export const gatewayNames = ['midtrans', 'xendit', 'tripay', 'duitku'] as const;
export type GatewayName = (typeof gatewayNames)[number];

/** How a subscriber pays through a gateway. */
export const chargeMethods = ['qris', 'virtual_account', 'e_wallet'] as const;
export type ChargeMethod = (typeof chargeMethods)[number];

/** What a gateway is asked to collect. Gateways here know rupiah only: `amount` is in whole rupiah. */
export type ChargeOrder = {
  /** Unique for ever at the gateway, and not guessable. */
  readonly orderId: string;
  readonly amount: bigint;
  readonly method: ChargeMethod;
  readonly customer: { readonly name: string; readonly phone: string; readonly email: string | null };
  readonly expiresAt: Date;
  readonly description: string;
  /** Where the gateway tells that something happened, for those that are told so with each order. */
  readonly callbackUrl: string;
};

/** What the payer needs: at least one of the three. */
export type OpenedCharge = {
  readonly gatewayRef: string;
  /** Text of the QR picture (EMV, QRIS). */
  readonly qrString?: string;
  readonly virtualAccount?: { readonly bank: string; readonly number: string };
  readonly url?: string;
};

export type ChargeStatus = 'pending' | 'paid' | 'expired' | 'failed' | 'refunded';

/** What the gateway itself says of an order when it is asked. */
export type ChargeFinding = {
  readonly status: ChargeStatus;
  /** The gateway's own name of the money: one ref is one payment. */
  readonly gatewayRef: string;
  /** What was paid; of what is not paid yet, what is to be. Whole rupiah. */
  readonly amount: bigint;
  readonly paidAt: Date | null;
};

/**
 * `unreachable`: no answer, or "not now": to be tried again. `rejected`: refused, a person must act. `nonsense`: an answer
 * that says nothing. `unsupported`: this gateway cannot do it at all.
 */
export type GatewayFailure = {
  readonly reason: 'unreachable' | 'rejected' | 'nonsense' | 'unsupported';
  readonly detail: string;
  readonly retryAfterMs?: number;
};

/** What whoever asked for it is told; of a gateway that is away no address and no error of the network (SEC-26). */
export const failureInWords = (gateway: GatewayName, { reason, detail }: GatewayFailure): string =>
  `${gateway}: ${reason === 'unreachable' ? 'it cannot be reached now; try again in a minute' : detail}`;

/**
 * `created`: the gateway is being asked, or its answer was lost. `held`: money came that is not what was asked for, and
 * waits for a person. `expired` and `failed` are no last word: money that comes all the same is taken.
 */
export const chargeStates = ['created', 'open', 'paid', 'held', 'expired', 'failed', 'refunded'] as const;
export type ChargeState = (typeof chargeStates)[number];

type Told = Exclude<ChargeStatus, 'pending'>;

/** Where a charge goes when its gateway says so; what is not here changes nothing. */
const moves: Readonly<Record<ChargeState, Partial<Record<Told, ChargeState>>>> = {
  created: { paid: 'paid', expired: 'expired', failed: 'failed', refunded: 'refunded' },
  open: { paid: 'paid', expired: 'expired', failed: 'failed', refunded: 'refunded' },
  expired: { paid: 'paid', refunded: 'refunded' },
  failed: { paid: 'paid', refunded: 'refunded' },
  paid: { refunded: 'refunded' },
  held: { refunded: 'refunded' },
  refunded: {},
};

export type ChargeMove =
  | { readonly kind: 'none' }
  | { readonly kind: 'to'; readonly state: Exclude<ChargeState, 'created' | 'open' | 'paid' | 'held'> }
  /** The money is to be booked. */
  | { readonly kind: 'paid' }
  /** It is not the amount that was asked for. */
  | { readonly kind: 'held' };

/** What follows from the gateway's own word about a charge of `amount`. */
export function moveOf(state: ChargeState, amount: bigint, finding: ChargeFinding): ChargeMove {
  if (finding.status === 'pending') return { kind: 'none' };
  const to = moves[state][finding.status];
  if (to === undefined || to === 'created' || to === 'open' || to === 'held') return { kind: 'none' };
  if (to !== 'paid') return { kind: 'to', state: to };
  return finding.amount === amount ? { kind: 'paid' } : { kind: 'held' };
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/**
 * When a charge that no callback spoke of is to be asked about again, in ms from now; null: never. Callbacks get lost, so
 * an open one is asked about every few minutes, then hourly, for two days after its end (the gateway should have said by
 * then that it is over); one that has ended once more, a day after its end.
 */
export function nextLookMs(state: ChargeState, { age, left }: { readonly age: number; readonly left: number }) {
  if (state === 'created' || state === 'open') {
    if (left > -hourMs) return age < hourMs ? 5 * minuteMs : hourMs;
    return left > -48 * hourMs ? 6 * hourMs : null;
  }
  const isEnded = state === 'expired' || state === 'failed';
  return isEnded && left > -24 * hourMs ? 24 * hourMs + left : null;
}
