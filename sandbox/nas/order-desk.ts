import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeAttributes } from '#connectors/freeradius/packet/attributes.ts';
import { zeroAuthenticator } from '#connectors/freeradius/packet/authenticator.ts';
import { codes } from '#connectors/freeradius/packet/codes.ts';
import { messageState } from '#connectors/freeradius/packet/message-authenticator.ts';
import { type Packet, parsePacket } from '#connectors/freeradius/packet/packet.ts';
import { verifyRequest } from '#connectors/freeradius/packet/request.ts';
import { buildResponse } from '#connectors/freeradius/packet/response.ts';
import { expectBuilt } from './expect-built.ts';
import type { Behaviour, NasOptions, OrderAnswer, ReceivedOrder } from './nas.ts';

/** Decides about an order whose signature is right, and brings its effect about once the answer has left. */
export type Decide = (packet: Packet) => {
  readonly answer: Exclude<OrderAnswer, 'silence'>;
  readonly effect?: () => void;
};

export type OrderDesk = { readonly port: number; close(): Promise<void> };

export type OrderDeskInput = {
  readonly options: NasOptions;
  readonly behaviour: () => Behaviour;
  readonly decide: Decide;
  readonly onOrder: (order: ReceivedOrder) => void;
};

const kinds: ReadonlyMap<number, 'disconnect' | 'coa'> = new Map([
  [codes.disconnectRequest, 'disconnect'],
  [codes.coaRequest, 'coa'],
] as const);

function describe(datagram: Buffer, from: RemoteInfo, secret: string): Omit<ReceivedOrder, 'answer'> {
  const parsed = parsePacket(datagram);
  const packet = parsed.ok ? parsed.value : null;
  return {
    kind: (packet && kinds.get(packet.code)) ?? 'nonsense',
    at: new Date(),
    from: { address: from.address, port: from.port },
    bytes: datagram,
    attributes: packet ? decodeAttributes(packet.attributes) : {},
    messageAuthenticator: packet ? messageState(packet, zeroAuthenticator, secret) : 'absent',
  };
}

const answerCodes = {
  disconnect: { ack: codes.disconnectAck, nak: codes.disconnectNak },
  coa: { ack: codes.coaAck, nak: codes.coaNak },
} as const;

/** Unsigned, as FreeRADIUS and the routers seen so far answer; the response authenticator is proof enough. */
function responseTo(
  packet: Packet,
  kind: 'disconnect' | 'coa',
  answer: Exclude<OrderAnswer, 'silence'>,
  secret: string,
): Buffer {
  const code = answerCodes[kind][answer === 'ack' ? 'ack' : 'nak'];
  const attributes = answer === 'ack' ? [] : [{ name: 'Error-Cause', value: answer.nak } as const];
  return expectBuilt(buildResponse({ code, request: packet.bytes, secret, attributes, signed: false }));
}

/** The door for Disconnect and CoA: what is not signed rightly is dropped without a word, as RouterOS does. */
export async function openOrderDesk({ options, behaviour, decide, onOrder }: OrderDeskInput): Promise<OrderDesk> {
  const socket = createSocket('udp4');
  let open = true;

  async function take(datagram: Buffer, from: RemoteInfo): Promise<void> {
    const secret = behaviour().wrongSecret ? `${options.secret}, but another` : options.secret;
    const order = describe(datagram, from, secret);
    if (behaviour().delayMs > 0) await sleep(behaviour().delayMs);
    const verified = verifyRequest(datagram, secret);
    if (!open || behaviour().deaf || order.kind === 'nonsense' || !verified.ok) {
      onOrder({ ...order, answer: 'silence' });
      return;
    }
    const { packet } = verified.value;
    const { answer, effect } = decide(packet);
    // An answer that cannot be sent is a lost answer: the hub asks again.
    socket.send(responseTo(packet, order.kind, answer, secret), from.port, from.address, () => undefined);
    onOrder({ ...order, answer });
    effect?.();
  }

  socket.on('message', (datagram, from) => void take(datagram, from));
  socket.bind(options.coaPort, options.address);
  await once(socket, 'listening');
  return {
    port: socket.address().port,
    close() {
      open = false;
      return new Promise((resolve) => socket.close(() => resolve()));
    },
  };
}
