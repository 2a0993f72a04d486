import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type VerifiedResponse, verifyResponse } from '#connectors/freeradius/packet/response.ts';
import type { NasOptions } from './nas.ts';

export type Service = 'auth' | 'acct';
type Waiting = { readonly port: number; readonly hear: (datagram: Buffer) => void; readonly giveUp: () => void };

export type RadiusClient = {
  /** Sends a request until it is answered; null: no answer that proves right. `build` gets the request's identifier. */
  ask(service: Service, build: (identifier: number) => Buffer): Promise<VerifiedResponse | null>;
  close(): Promise<void>;
};

const identifiers = 256;
/** Fewer than there are identifiers: a burst of 256 packets overflows a receiver's default buffer on Linux. */
const maxInFlight = 128;

/** The RADIUS client's half of a NAS: one source port at the NAS's address, at most 128 requests in flight. */
export async function openRadiusClient(options: NasOptions): Promise<RadiusClient> {
  const { radius, secret } = options;
  const { timeoutMs = 1_000, tries = 3 } = radius;
  const socket = createSocket('udp4');
  const inFlight = new Map<number, Waiting>();
  const taken = new Set<number>();
  const queue: (() => void)[] = [];
  let next = 0;
  let closed = false;

  socket.on('message', (datagram, from) => {
    const waiting = inFlight.get(datagram[1] ?? 0);
    if (waiting?.port === from.port && from.address === radius.host) waiting.hear(datagram);
  });
  socket.bind(0, options.address);
  await once(socket, 'listening');

  async function takeIdentifier(): Promise<number> {
    while (taken.size >= maxInFlight) await new Promise<void>((resolve) => queue.push(resolve));
    while (taken.has(next)) next = (next + 1) % identifiers;
    const identifier = next;
    taken.add(identifier);
    next = (next + 1) % identifiers;
    return identifier;
  }

  function exchange(identifier: number, port: number, request: Buffer): Promise<VerifiedResponse | null> {
    return new Promise((resolve) => {
      let left = tries;
      let alarm: NodeJS.Timeout | undefined;
      const end = (answer: VerifiedResponse | null): void => {
        clearTimeout(alarm);
        resolve(answer);
      };
      const attempt = (): void => {
        if (left === 0) {
          end(null);
          return;
        }
        left -= 1;
        alarm = setTimeout(attempt, timeoutMs);
        // A sending that fails is a lost packet: the next try or the end of the tries deals with it.
        socket.send(request, port, radius.host, () => undefined);
      };
      const hear = (datagram: Buffer): void => {
        const answer = verifyResponse(datagram, request, secret);
        if (answer.ok) end(answer.value);
      };
      inFlight.set(identifier, { port, hear, giveUp: () => end(null) });
      attempt();
    });
  }

  return {
    async ask(service, build) {
      const identifier = await takeIdentifier();
      const port = service === 'auth' ? radius.authPort : radius.acctPort;
      try {
        return closed ? null : await exchange(identifier, port, build(identifier));
      } finally {
        inFlight.delete(identifier);
        taken.delete(identifier);
        queue.shift()?.();
      }
    },
    close() {
      closed = true;
      for (const { giveUp } of inFlight.values()) giveUp();
      return new Promise((resolve) => socket.close(() => resolve()));
    },
  };
}
