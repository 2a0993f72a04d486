import type { Result } from '#domain/result.ts';

/** One try of one delivery to another system's endpoint. */
export type WebhookPost = {
  readonly url: string;
  /** The same on every try, so that the receiver can tell a repetition. */
  readonly id: string;
  /** JSON; these very characters are signed and sent. */
  readonly body: string;
  /** `whsec_…`; all of them sign, the newest first. */
  readonly secrets: readonly string[];
  /** Whether the tenant's admin let its systems stand in private networks. */
  readonly allowPrivate: boolean;
};

/** An answer of the endpoint, whatever it says; a redirect is an answer and is not followed. */
export type WebhookAnswer = { readonly status: number; readonly latencyMs: number };

/**
 * `unreachable`: no answer came. `refused`: the hub may not connect there. `resting`: the endpoint failed so often that it
 * is left alone for `waitMs`; nothing was tried.
 */
export type WebhookFailure =
  | { readonly reason: 'unreachable' | 'refused'; readonly detail: string }
  | { readonly reason: 'resting'; readonly detail: string; readonly waitMs: number };

/** Sends signed webhooks (Standard Webhooks). Nothing here throws. */
export interface WebhookSender {
  post(post: WebhookPost): Promise<Result<WebhookAnswer, WebhookFailure>>;
  /** Whether an endpoint may be there at all; the error says in words why not. Connects nowhere. */
  check(url: string, allowPrivate: boolean): Promise<Result<null, string>>;
}
