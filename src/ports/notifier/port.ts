import type { Result } from '#domain/result.ts';

/** One message to one person. `subject` is one line; `html` says the same as `text`. */
export type Notice = {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
  /** The hub's own id: what was sent twice, after a crash, carries it twice, so that the receiver can tell. */
  readonly messageId: string;
  readonly language: string;
  /** Where the recipient ends further messages with one click (RFC 8058). */
  readonly unsubscribeUrl?: string;
};

/**
 * `unreachable`: not now (away, busy, refuses the login), so it is tried again. `rejected`: refused for good.
 * `no_recipient`: the other side knows nobody of that address. `resting`: it failed so often that it is left alone for
 * `waitMs`; nothing was tried. `detail` names no recipient and no content.
 */
export type NotifierFailure =
  | { readonly reason: 'unreachable' | 'rejected' | 'no_recipient'; readonly detail: string }
  | { readonly reason: 'resting'; readonly detail: string; readonly waitMs: number };

/** Who carries messages to people over one channel. Nothing here throws. */
export interface Notifier {
  /** `providerId` is what the other side calls the message. */
  send(notice: Notice): Promise<Result<{ readonly providerId: string }, NotifierFailure>>;
  /** Whether messages would be taken, in words, without sending one. */
  test(): Promise<Result<string, NotifierFailure>>;
}
