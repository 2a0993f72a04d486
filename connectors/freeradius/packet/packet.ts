import { err, ok, type Result } from '#domain/result.ts';
import { parseRaw, type RawAttribute } from './raw-attribute.ts';

/** Code, identifier, length (2), authenticator (16): what comes before the attributes (RFC 2865 §3). */
export const headerLength = 20;
const maxPacketLength = 4096;
export const authenticatorAt = 4;
export const authenticatorLength = 16;

/** A packet whose form is right; nothing is said yet about who made it. */
export type Packet = {
  readonly code: number;
  readonly identifier: number;
  readonly authenticator: Buffer;
  readonly attributes: readonly RawAttribute[];
  /** The packet's own bytes, without the padding that a datagram may carry behind them. */
  readonly bytes: Buffer;
};

export type PacketFault = 'truncated' | 'length' | 'attributes';

/** Puts a packet together; the authenticator is whatever the caller has at that moment. */
export function assemble(
  code: number,
  identifier: number,
  authenticator: Uint8Array,
  attributes: Uint8Array,
): Result<Buffer, 'packet_too_long'> {
  const length = headerLength + attributes.length;
  if (length > maxPacketLength) return err('packet_too_long');
  const head = Buffer.from([code, identifier, length >> 8, length & 0xff]);
  return ok(Buffer.concat([head, authenticator, attributes]));
}

/** Reads a datagram: 20 ≤ length ≤ 4096, not beyond what came, attributes used up exactly. Copies the bytes. */
export function parsePacket(datagram: Uint8Array): Result<Packet, PacketFault> {
  if (datagram.length < headerLength) return err('truncated');
  const whole = Buffer.from(datagram);
  const length = whole.readUInt16BE(2);
  if (length < headerLength || length > maxPacketLength) return err('length');
  if (length > whole.length) return err('truncated');
  const bytes = whole.subarray(0, length);
  const attributes = parseRaw(bytes.subarray(headerLength));
  if (!attributes.ok) return attributes;
  const authenticator = bytes.subarray(authenticatorAt, headerLength);
  return ok({
    code: bytes.readUInt8(0),
    identifier: bytes.readUInt8(1),
    authenticator,
    attributes: attributes.value,
    bytes,
  });
}
