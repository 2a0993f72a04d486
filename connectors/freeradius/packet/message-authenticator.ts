import { createHmac, timingSafeEqual } from 'node:crypto';
import { withAuthenticator } from './authenticator.ts';
import { headerLength, type Packet } from './packet.ts';
import { encodeRaw } from './raw-attribute.ts';

const type = 80;
const valueLength = 16;
const valueAt = headerLength + 2;

/**
 * The attribute before it is filled in. It goes first: whoever forges a packet by an MD5 collision cannot put bytes
 * before it then (BlastRADIUS, CVE-2024-3596).
 */
export const emptyMessageAuthenticator = encodeRaw(type, Buffer.alloc(valueLength));

const hmac = (packet: Uint8Array, secret: string): Buffer =>
  createHmac('md5', Buffer.from(secret, 'utf8')).update(packet).digest();

/** Fills in the Message-Authenticator that stands first. The packet's authenticator must be the one it is computed with. */
export function signMessage(packet: Uint8Array, secret: string): Buffer {
  const signed = Buffer.from(packet);
  signed.set(hmac(packet, secret), valueAt);
  return signed;
}

export type MessageState = 'valid' | 'absent' | 'invalid';

/**
 * Whether the packet's Message-Authenticator, wherever it stands, is right: HMAC-MD5 over the packet with the value
 * zeroed and `seed` as authenticator (RFC 3579 §3.2). Two of them, or one of another length, are invalid.
 */
export function messageState(packet: Packet, seed: Uint8Array, secret: string): MessageState {
  const found = packet.attributes.filter((attribute) => attribute.type === type);
  const only = found[0];
  if (!only) return 'absent';
  if (found.length > 1 || only.value.length !== valueLength) return 'invalid';
  // The value is a view into the packet's bytes, so the distance of the two is where it stands.
  const at = only.value.byteOffset - packet.bytes.byteOffset;
  const zeroed = withAuthenticator(packet.bytes, seed).fill(0, at, at + valueLength);
  return timingSafeEqual(only.value, hmac(zeroed, secret)) ? 'valid' : 'invalid';
}
