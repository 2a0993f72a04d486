import type { Result } from '#domain/result.ts';
import { type Attribute, encodeAttributes } from './attributes.ts';
import { digest, withAuthenticator, zeroAuthenticator } from './authenticator.ts';
import { codes } from './codes.ts';
import { emptyMessageAuthenticator, signMessage } from './message-authenticator.ts';
import { assemble } from './packet.ts';
import type { ValueFault } from './value.ts';

export type BuildFault = ValueFault | 'packet_too_long';

export type RequestInput = {
  /** 0–255; the sender tells answers apart by it. */
  readonly identifier: number;
  readonly secret: string;
  readonly attributes: readonly Attribute[];
  /** With a Message-Authenticator, first of the attributes. */
  readonly signed: boolean;
};

/**
 * A request whose authenticator is a hash of the packet: Accounting, Disconnect and CoA (RFC 2866 §3, RFC 5176 §2.3).
 * The Message-Authenticator is computed first, over a zeroed authenticator; the hash then covers it. The other way
 * round FreeRADIUS drops the packet.
 */
function buildHashedRequest(code: number, input: RequestInput): Result<Buffer, BuildFault> {
  const attributes = encodeAttributes(input.attributes);
  if (!attributes.ok) return attributes;
  const region = input.signed ? Buffer.concat([emptyMessageAuthenticator, attributes.value]) : attributes.value;
  const plain = assemble(code, input.identifier, zeroAuthenticator, region);
  if (!plain.ok) return plain;
  const message = input.signed ? signMessage(plain.value, input.secret) : plain.value;
  return { ok: true, value: withAuthenticator(message, digest(message, zeroAuthenticator, input.secret)) };
}

/** Disconnect-Request (RFC 5176 §2.1), ready to be sent, and to be sent again unchanged. */
export const buildDisconnectRequest = (input: RequestInput): Result<Buffer, BuildFault> =>
  buildHashedRequest(codes.disconnectRequest, input);

/** CoA-Request (RFC 5176 §2.2). */
export const buildCoaRequest = (input: RequestInput): Result<Buffer, BuildFault> =>
  buildHashedRequest(codes.coaRequest, input);

/** Accounting-Request (RFC 2866 §4.1). */
export const buildAccountingRequest = (input: RequestInput): Result<Buffer, BuildFault> =>
  buildHashedRequest(codes.accountingRequest, input);
