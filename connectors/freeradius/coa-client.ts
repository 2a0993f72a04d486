import { randomBytes } from 'node:crypto';
import { isIPv4 } from 'node:net';
import type { CoaTarget, LiveChange, NasAnswer } from '#ports/enforcer/port.ts';
import { type Exchange, type RunningExchange, startExchange } from './coa/exchange.ts';
import { rfc5080Timers, type Timers } from './coa/retransmission.ts';
import { createSourcePorts, type Line } from './coa/source-ports.ts';
import type { Attribute } from './packet/attributes.ts';
import { codes } from './packet/codes.ts';
import { errorCause } from './packet/error-cause.ts';
import { buildCoaRequest, buildDisconnectRequest } from './packet/hashed-request.ts';

/** Names one session to its NAS: all three, because RouterOS found it by the address only and others by the id. */
export type SessionAttributes = {
  /** As the NAS spelt it in its accounting. */
  readonly username: string;
  /** Exactly as in the accounting: its letter case matters. */
  readonly sessionId: string;
  readonly framedAddress: string | null;
  /** When the order was given; unchanged when it is sent again (RFC 5176 §3.3). */
  readonly eventTimestamp: Date;
};

export type CoaClient = {
  /**
   * Tells a NAS to end a session (RFC 5176 Disconnect). `silence` after the last try, at once with `attempts` 0 when
   * nothing could be sent: a host that is no IPv4 address, an unusable port, a name that fits no packet, a closed
   * client. An ACK is no proof that the session is gone (law 8). Never rejects.
   */
  disconnect(session: SessionAttributes, target: CoaTarget): Promise<NasAnswer>;
  /** Tells a NAS to change a session as it runs (RFC 5176 CoA); answers as `disconnect` does. */
  change(session: SessionAttributes, target: CoaTarget, change: LiveChange): Promise<NasAnswer>;
  /** Ends waiting requests with `silence` and frees the ports. */
  close(): Promise<void>;
};

export type CoaClientOptions = {
  /** Only for the first identifier of a port. */
  readonly randomBytes?: (size: number) => Buffer;
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number;
  readonly timers?: Timers;
  /** The address that NASes know as their RADIUS server; they drop Disconnects from any other. */
  readonly bindAddress?: string;
};

function attributesOf(session: SessionAttributes): readonly Attribute[] {
  const address = session.framedAddress;
  return [
    { name: 'User-Name', value: session.username },
    { name: 'Acct-Session-Id', value: session.sessionId },
    // An address that is none would make the packet unbuildable; name and id still tell the session.
    ...(address !== null && isIPv4(address) ? [{ name: 'Framed-IP-Address', value: address } as const] : []),
    { name: 'Event-Timestamp', value: Math.floor(session.eventTimestamp.getTime() / 1000) },
  ];
}

/** What a socket could send to at all; it would throw for a port that is none. */
const isReachable = ({ host, port }: CoaTarget): boolean =>
  isIPv4(host) && Number.isInteger(port) && port > 0 && port < 65_536;

const nothingSent: NasAnswer = { answer: 'silence', attempts: 0 };

/** One packet to a NAS that is known not to answer. */
const briefTimers: Timers = { firstMs: 2_000, capMs: 2_000, tries: 1, totalMs: 2_000 };

const acks: readonly number[] = [codes.disconnectAck, codes.coaAck];

function answerOf({ packet, attempts, roundTripMs, heardFrom }: Exchange): NasAnswer {
  if (packet === null) return { answer: 'silence', attempts, ...(heardFrom === null ? {} : { heardFrom }) };
  if (acks.includes(packet.code)) return { answer: 'ack', roundTripMs, attempts };
  return { answer: 'nak', errorCause: errorCause(packet), roundTripMs, attempts };
}

export function createCoaClient(options: CoaClientOptions = {}): CoaClient {
  const now = options.now ?? (() => performance.now());
  const random = options.randomBytes ?? randomBytes;
  const timers = options.timers ?? rfc5080Timers;
  const ports = createSourcePorts({ bindAddress: options.bindAddress, now, randomByte: () => random(1)[0] ?? 0 });
  const running = new Set<RunningExchange>();
  let closed = false;

  async function exchange(line: Line, request: Buffer, { secret, isBrief }: CoaTarget): Promise<NasAnswer> {
    const patience = isBrief ? briefTimers : timers;
    const started = startExchange({ request, secret, timers: patience, now, send: line.send });
    line.listen(started.hear, started.hearElsewhere);
    running.add(started);
    const result = await started.result;
    running.delete(started);
    return answerOf(result);
  }

  async function order(
    build: typeof buildDisconnectRequest,
    attributes: readonly Attribute[],
    target: CoaTarget,
  ): Promise<NasAnswer> {
    if (closed || !isReachable(target)) return nothingSent;
    const line = ports.take(target.host, target.port);
    try {
      const { secret, signed } = target;
      const { identifier } = line;
      const request = build({ identifier, secret, attributes, signed });
      if (!request.ok || !(await line.ready) || closed) return nothingSent;
      return await exchange(line, request.value, target);
    } finally {
      line.release();
    }
  }

  return {
    disconnect: (session, target) => order(buildDisconnectRequest, attributesOf(session), target),
    change: (session, target, { rateLimit }) => {
      const wish = { name: 'Mikrotik-Rate-Limit', value: rateLimit } as const;
      return order(buildCoaRequest, [...attributesOf(session), wish], target);
    },
    async close() {
      closed = true;
      for (const one of running) one.giveUp();
      await ports.close();
    },
  };
}
