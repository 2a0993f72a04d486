import type { Result } from '#domain/result.ts';

/** What a delivery says of itself. It is a hint: where to look, never what is true (law 1). */
export type Delivery = {
  readonly doctype: string;
  readonly name: string;
  readonly event: string;
  readonly modified: string;
  /** False: the hub has no use for this doctype; stored, acknowledged, shown as ignored. */
  readonly known: boolean;
  /** Of a bill that says it is open: whose it says it is. */
  readonly debtor?: string;
};

/** What is asked of a delivery's headers. */
export type DeliveryHeaders = Pick<Headers, 'get'>;

/** A system that sends signed webhooks. Both methods work on the raw bytes and never throw. */
export interface WebhookSource {
  /** Which of the secrets signed the body, `null` when none did; compared in constant time. */
  verify(body: Uint8Array, headers: DeliveryHeaders, secrets: readonly string[]): number | null;
  parse(body: Uint8Array): Result<Delivery, string>;
}
