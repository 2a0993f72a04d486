import type { Packet } from '../packet/packet.ts';
import { verifyResponse } from '../packet/response.ts';
import { sendTimes, type Timers } from './retransmission.ts';

export type Exchange = {
  /** The first answer that proved right; null: none came in time. */
  readonly packet: Packet | null;
  readonly attempts: number;
  /** From the first try to the answer: which of the tries was answered nobody can tell. */
  readonly roundTripMs: number;
  /** Where else a right answer came from, `address:port`; it does not count (SEC-7). Null: from nowhere else. */
  readonly heardFrom: string | null;
};

export type ExchangeInput = {
  readonly request: Buffer;
  readonly secret: string;
  readonly timers: Timers;
  readonly now: () => number;
  /** Sends the request's bytes once more. */
  readonly send: (request: Buffer) => void;
};

export type RunningExchange = {
  readonly result: Promise<Exchange>;
  /** What came from the NAS under the request's identifier; anything but a right answer is dropped, waiting goes on. */
  hear(datagram: Buffer): void;
  /** What came under the identifier from another address or port. */
  hearElsewhere(datagram: Buffer, from: string): void;
  giveUp(): void;
};

/** Sends a request, again and unchanged until it is answered or time is up. */
export function startExchange({ request, secret, timers, now, send }: ExchangeInput): RunningExchange {
  const { promise: result, resolve } = deferred<Exchange>();
  const startedAt = now();
  let attempts = 0;
  let heardFrom: string | null = null;

  function attempt(): void {
    attempts += 1;
    send(request);
  }
  const [, ...later] = sendTimes(timers);
  attempt();
  const alarms = [...later.map((at) => setTimeout(attempt, at)), setTimeout(() => end(null), timers.totalMs)];

  function end(packet: Packet | null): void {
    for (const alarm of alarms) clearTimeout(alarm);
    resolve({ packet, attempts, roundTripMs: now() - startedAt, heardFrom });
  }

  return {
    result,
    hear(datagram) {
      const answer = verifyResponse(datagram, request, secret);
      if (answer.ok) end(answer.value.packet);
    },
    hearElsewhere(datagram, from) {
      if (verifyResponse(datagram, request, secret).ok) heardFrom = from;
    },
    giveUp: () => end(null),
  };
}

function deferred<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let settle: (value: T) => void = () => undefined;
  const promise = new Promise<T>((resolve) => {
    settle = resolve;
  });
  return { promise, resolve: (value) => settle(value) };
}
