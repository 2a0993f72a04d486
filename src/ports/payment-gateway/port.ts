import type {
  ChargeFinding,
  ChargeMethod,
  ChargeOrder,
  ChargeStatus,
  GatewayFailure,
  OpenedCharge,
} from '#domain/charge.ts';
import type { Result } from '#domain/result.ts';

/** Looks a header up, whatever the case of its name; null: it is not there. */
export type CallbackHeaders = { get(name: string): string | null };

/** What a signed callback says. It is a hint: the gateway is asked before anything is believed. */
export type Callback = {
  readonly orderId: string;
  readonly gatewayRef: string;
  readonly status: ChargeStatus;
  /** The same for a repetition of the same news, another for other news. At most 200 characters. */
  readonly dedup: string;
};

export type ChargeName = { readonly orderId: string; readonly gatewayRef: string | null };

export type RefundOrder = ChargeName & {
  readonly amount: bigint;
  readonly reason: string;
  /** The same on every try: one key is one refund. */
  readonly key: string;
};

/** One tenant's account at a payment gateway. Nothing here throws. */
export interface PaymentGateway {
  /** What this account takes. */
  readonly methods: readonly ChargeMethod[];
  /** Asks for a charge. After `unreachable` nobody knows whether there is one: ask `status`, or use a new order id. */
  createCharge(order: ChargeOrder): Promise<Result<OpenedCharge, GatewayFailure>>;
  /**
   * Checks a callback over its raw bytes in the gateway's own scheme, in constant time. `unsigned`: it is not of the
   * gateway. `malformed`: it is, and says nothing of a charge.
   */
  readCallback(raw: Uint8Array, headers: CallbackHeaders): Result<Callback, 'unsigned' | 'malformed'>;
  /** Asks the gateway itself; null: it knows no such order. */
  status(name: ChargeName): Promise<Result<ChargeFinding | null, GatewayFailure>>;
  /** Gives the whole amount back; `pending`: begun, `status` will tell. */
  refund(order: RefundOrder): Promise<Result<'refunded' | 'pending', GatewayFailure>>;
  /** Whether the account's keys are taken, in words. */
  test(): Promise<Result<string, GatewayFailure>>;
  close(): void;
}
