import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import {
  type Attribute,
  bytesOf,
  type DecodedAttributes,
  decodeAttributes,
} from '#connectors/freeradius/packet/attributes.ts';
import { chapPassword } from '#connectors/freeradius/packet/chap-password.ts';
import { codes } from '#connectors/freeradius/packet/codes.ts';
import { messageState } from '#connectors/freeradius/packet/message-authenticator.ts';
import { type Packet, parsePacket } from '#connectors/freeradius/packet/packet.ts';
import { verifyRequest } from '#connectors/freeradius/packet/request.ts';
import { buildResponse } from '#connectors/freeradius/packet/response.ts';
import { revealPassword } from '#connectors/freeradius/packet/user-password.ts';
import { expectBuilt } from './expect-built.ts';
import { authenticatorResponse, ntResponse } from './ms-chap.ts';

export type Responder = {
  readonly authPort: number;
  readonly acctPort: number;
  /** Accounting records whose hash is right, in the order they came. */
  readonly records: DecodedAttributes[];
  /** Access-Requests whose Message-Authenticator is right. */
  readonly requests: DecodedAttributes[];
  /** Changes its manners. */
  set(change: Partial<Manners>): void;
  close(): Promise<void>;
};

type Manners = {
  readonly signed: boolean;
  readonly answerSecret: string;
  readonly mute: boolean;
  readonly reply: readonly Attribute[];
  /** Sends a proof of the password that is none. */
  readonly falseProof: boolean;
};

async function open(onPacket: (datagram: Buffer) => Buffer | null): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.on('message', (datagram, from) => {
    const answer = onPacket(datagram);
    if (answer) socket.send(answer, from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}

type Proof = { readonly accept: boolean; readonly attributes: readonly Attribute[] };

function checkMsChap(packet: Packet, value: Buffer, username: string, password: string, falseProof: boolean): Proof {
  const challenge = bytesOf(packet.attributes, 'MS-CHAP-Challenge')[0] ?? Buffer.alloc(0);
  const input = { username, password, challenge, peerChallenge: value.subarray(2, 18) };
  const proof = falseProof ? `S=${'0'.repeat(40)}` : authenticatorResponse(input);
  return {
    accept: ntResponse(input).equals(value.subarray(26)),
    attributes: [{ name: 'MS-CHAP2-Success', value: Buffer.concat([value.subarray(0, 1), Buffer.from(proof)]) }],
  };
}

function check(packet: Packet, password: string, secret: string, falseProof: boolean): Proof {
  const [pap] = bytesOf(packet.attributes, 'User-Password');
  if (pap) return { accept: revealPassword(pap, secret, packet.authenticator) === password, attributes: [] };
  const [chap] = bytesOf(packet.attributes, 'CHAP-Password');
  if (chap) {
    const challenge = bytesOf(packet.attributes, 'CHAP-Challenge')[0] ?? packet.authenticator;
    return { accept: chapPassword(chap[0] ?? 0, password, challenge).equals(chap), attributes: [] };
  }
  const [msChap] = bytesOf(packet.attributes, 'MS-CHAP2-Response');
  const username = bytesOf(packet.attributes, 'User-Name')[0]?.toString() ?? '';
  return msChap ? checkMsChap(packet, msChap, username, password, falseProof) : { accept: false, attributes: [] };
}

/** A RADIUS server of one password, for tests of the stand-in NAS alone. */
export async function openResponder(secret: string, password: string): Promise<Responder> {
  let manners: Manners = { signed: true, answerSecret: secret, mute: false, reply: [], falseProof: false };
  const records: DecodedAttributes[] = [];
  const requests: DecodedAttributes[] = [];

  const auth = await open((datagram) => {
    const parsed = parsePacket(datagram);
    if (!parsed.ok || manners.mute) return null;
    const packet = parsed.value;
    if (messageState(packet, packet.authenticator, secret) !== 'valid') return null;
    requests.push(decodeAttributes(packet.attributes));
    const proof = check(packet, password, secret, manners.falseProof);
    return expectBuilt(
      buildResponse({
        code: proof.accept ? codes.accessAccept : codes.accessReject,
        request: datagram,
        secret: manners.answerSecret,
        attributes: proof.accept ? [...proof.attributes, ...manners.reply] : [{ name: 'Reply-Message', value: 'no' }],
        signed: manners.signed,
      }),
    );
  });
  const acct = await open((datagram) => {
    const verified = verifyRequest(datagram, secret);
    if (!verified.ok || manners.mute) return null;
    records.push(decodeAttributes(verified.value.packet.attributes));
    const code = codes.accountingResponse;
    return expectBuilt(buildResponse({ code, request: datagram, secret, attributes: [], signed: false }));
  });

  return {
    authPort: auth.address().port,
    acctPort: acct.address().port,
    records,
    requests,
    set(change) {
      manners = { ...manners, ...change };
    },
    async close() {
      await Promise.all([auth, acct].map((socket) => new Promise<void>((resolve) => socket.close(() => resolve()))));
    },
  };
}
