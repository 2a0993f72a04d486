/** One HTTP attempt: a status, or why there was none. */
export type Try = {
  readonly at: Date;
  readonly status: number | null;
  readonly error: 'timeout' | 'refused' | 'too_many_redirects' | null;
};

export type DeliveryStatus =
  /** Waiting for its turn, or between two tries. */
  | 'pending'
  /** A try ended with 2xx. */
  | 'delivered'
  /** Three tries failed, or the site stopped: lost for ever. */
  | 'failed'
  /** A fault swallowed it before the first try. */
  | 'dropped';

/** What was, or is to be, sent; `body` is exactly the text whose bytes are signed. */
export type Delivery = {
  readonly id: number;
  readonly event: string;
  readonly doctype: string;
  readonly name: string;
  readonly url: string;
  readonly body: string;
  readonly signature: string | null;
  readonly queuedAt: Date;
  readonly tries: readonly Try[];
  readonly status: DeliveryStatus;
  /** The delivery whose stored body this one repeats. */
  readonly replayOf: number | null;
};

/** What is sent to whom, before it has an id. */
export type Outgoing = Pick<Delivery, 'event' | 'doctype' | 'name' | 'url' | 'body' | 'signature'> & {
  readonly headers: Readonly<Record<string, string>>;
  readonly method: string;
};

/** How long a sender waits, in milliseconds. */
export type Delays = {
  /** From the save to the first try. */
  readonly send: number;
  /** After the first failed try, and after the second. */
  readonly retry1: number;
  readonly retry2: number;
  /** How long a receiver may take; the next try follows at once. */
  readonly timeout: number;
};

export const realDelays: Delays = { send: 1000, retry1: 1200, retry2: 4000, timeout: 5000 };
