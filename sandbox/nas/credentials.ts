import { randomBytes } from 'node:crypto';
import { type Attribute, bytesOf } from '#connectors/freeradius/packet/attributes.ts';
import { chapPassword } from '#connectors/freeradius/packet/chap-password.ts';
import type { Packet } from '#connectors/freeradius/packet/packet.ts';
import { hidePassword } from '#connectors/freeradius/packet/user-password.ts';
import { expectBuilt } from './expect-built.ts';
import { authenticatorResponse, msChap2Response } from './ms-chap.ts';
import type { Dial } from './nas.ts';

export type Credentials = {
  readonly attributes: readonly Attribute[];
  /** Whether an Access-Accept shows that the server knows the password, where the method asks for that. */
  readonly provedBy: (accept: Packet) => boolean;
};

const nothingToProve = (): boolean => true;

function pap(dial: Dial, secret: string, authenticator: Buffer): Credentials {
  const hidden = expectBuilt(hidePassword(dial.password, secret, authenticator));
  return { attributes: [{ name: 'User-Password', value: hidden }], provedBy: nothingToProve };
}

function chap(dial: Dial): Credentials {
  const challenge = randomBytes(16);
  return {
    attributes: [
      { name: 'CHAP-Challenge', value: challenge },
      { name: 'CHAP-Password', value: chapPassword(randomBytes(1)[0] ?? 0, dial.password, challenge) },
    ],
    provedBy: nothingToProve,
  };
}

function msChapV2(dial: Dial): Credentials {
  const input = { ...dial, challenge: randomBytes(16), peerChallenge: randomBytes(16) };
  const identifier = randomBytes(1)[0] ?? 0;
  const proof = Buffer.concat([Buffer.from([identifier]), Buffer.from(authenticatorResponse(input))]);
  return {
    attributes: [
      { name: 'MS-CHAP-Challenge', value: input.challenge },
      { name: 'MS-CHAP2-Response', value: msChap2Response(identifier, input) },
    ],
    provedBy: (accept) => bytesOf(accept.attributes, 'MS-CHAP2-Success').some((success) => success.equals(proof)),
  };
}

/** What a request carries for the modem's password. `authenticator` is the request's own: PAP is hidden with it. */
export function credentialsOf(dial: Dial, secret: string, authenticator: Buffer): Credentials {
  if (dial.method === 'pap') return pap(dial, secret, authenticator);
  return dial.method === 'chap' ? chap(dial) : msChapV2(dial);
}
