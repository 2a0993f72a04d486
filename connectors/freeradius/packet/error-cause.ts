import { bytesOf } from './attributes.ts';
import type { Packet } from './packet.ts';

/** Values of Error-Cause that the hub tells apart (RFC 5176 §3.5). */
export const errorCauses = {
  residualSessionContextRemoved: 201,
  unsupportedAttribute: 401,
  missingAttribute: 402,
  nasIdentificationMismatch: 403,
  sessionContextNotFound: 503,
  multipleSessionSelectionUnsupported: 508,
} as const;

/** Why a NAK was given; null where the NAS does not say, or says it in other than four bytes. */
export function errorCause(packet: Packet): number | null {
  const [bytes] = bytesOf(packet.attributes, 'Error-Cause');
  return bytes?.length === 4 ? bytes.readUInt32BE(0) : null;
}
