import { err, ok, type Result } from '#domain/result.ts';
import { type Attribute, encodeAttributes } from './attributes.ts';
import { digest, hasDigest, withAuthenticator } from './authenticator.ts';
import { answersTo } from './codes.ts';
import type { BuildFault } from './hashed-request.ts';
import { emptyMessageAuthenticator, type MessageState, messageState, signMessage } from './message-authenticator.ts';
import { assemble, authenticatorAt, headerLength, type Packet, type PacketFault, parsePacket } from './packet.ts';

export type ResponseInput = {
  readonly code: number;
  /** The request that is answered, as it came. */
  readonly request: Uint8Array;
  readonly secret: string;
  readonly attributes: readonly Attribute[];
  readonly signed: boolean;
};

const identifierOf = (packet: Uint8Array): number => packet[1] ?? 0;
const authenticatorOf = (packet: Uint8Array): Uint8Array => packet.subarray(authenticatorAt, headerLength);

/** An answer: MD5(code, id, length, request's authenticator, attributes, secret) is its authenticator (RFC 2865 §3). */
export function buildResponse(input: ResponseInput): Result<Buffer, BuildFault> {
  const attributes = encodeAttributes(input.attributes);
  if (!attributes.ok) return attributes;
  const region = input.signed ? Buffer.concat([emptyMessageAuthenticator, attributes.value]) : attributes.value;
  const seed = authenticatorOf(input.request);
  const plain = assemble(input.code, identifierOf(input.request), seed, region);
  if (!plain.ok) return plain;
  const message = input.signed ? signMessage(plain.value, input.secret) : plain.value;
  return ok(withAuthenticator(message, digest(message, seed, input.secret)));
}

export type ResponseFault = PacketFault | 'identifier' | 'code' | 'message_authenticator' | 'authenticator';

export type VerifiedResponse = { readonly packet: Packet; readonly message: Exclude<MessageState, 'invalid'> };

/**
 * Whether a datagram answers `request` and was made by a holder of the secret. Works on the bytes as they came: a
 * digest that was ever turned into text compares equal to others (SEC-7). An answer without Message-Authenticator is
 * accepted, because FreeRADIUS signs no CoA answer; a wrong one is not. Whoever gets a fault goes on waiting.
 */
export function verifyResponse(
  datagram: Uint8Array,
  request: Uint8Array,
  secret: string,
): Result<VerifiedResponse, ResponseFault> {
  const parsed = parsePacket(datagram);
  if (!parsed.ok) return parsed;
  const packet = parsed.value;
  if (packet.identifier !== identifierOf(request)) return err('identifier');
  if (!answersTo(request[0] ?? 0, packet.code)) return err('code');
  const seed = authenticatorOf(request);
  if (!hasDigest(packet.bytes, seed, secret)) return err('authenticator');
  const message = messageState(packet, seed, secret);
  return message === 'invalid' ? err('message_authenticator') : ok({ packet, message });
}
