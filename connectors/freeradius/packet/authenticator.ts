import { createHash, timingSafeEqual } from 'node:crypto';
import { authenticatorAt, authenticatorLength, headerLength } from './packet.ts';

/** What stands in the authenticator's place while a request other than Access-Request is being signed. */
export const zeroAuthenticator = Buffer.alloc(authenticatorLength);

/** The packet with other bytes in its authenticator's place; the original stays as it is. */
export function withAuthenticator(packet: Uint8Array, authenticator: Uint8Array): Buffer {
  const copy = Buffer.from(packet);
  copy.set(authenticator, authenticatorAt);
  return copy;
}

/** MD5 of the packet, with `seed` in its authenticator's place, followed by the secret (RFC 2865 §3, RFC 5176 §2.3). */
export function digest(packet: Uint8Array, seed: Uint8Array, secret: string): Buffer {
  return createHash('md5').update(withAuthenticator(packet, seed)).update(secret, 'utf8').digest();
}

/** Whether the authenticator in the packet is the one that the secret gives; bytes, in constant time. */
export function hasDigest(packet: Uint8Array, seed: Uint8Array, secret: string): boolean {
  return timingSafeEqual(packet.subarray(authenticatorAt, headerLength), digest(packet, seed, secret));
}
