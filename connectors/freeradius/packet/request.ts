import { err, ok, type Result } from '#domain/result.ts';
import { hasDigest, zeroAuthenticator } from './authenticator.ts';
import { codes } from './codes.ts';
import { type MessageState, messageState } from './message-authenticator.ts';
import { type Packet, type PacketFault, parsePacket } from './packet.ts';

export type RequestFault = PacketFault | 'code' | 'authenticator' | 'message_authenticator';

export type VerifiedRequest = { readonly packet: Packet; readonly message: Exclude<MessageState, 'invalid'> };

const hashedCodes: readonly number[] = [codes.accountingRequest, codes.disconnectRequest, codes.coaRequest];

/** What a receiver of Accounting, Disconnect or CoA requests checks before it reads them (RFC 2866 §3, RFC 5176 §2.3). */
export function verifyRequest(datagram: Uint8Array, secret: string): Result<VerifiedRequest, RequestFault> {
  const parsed = parsePacket(datagram);
  if (!parsed.ok) return parsed;
  const packet = parsed.value;
  if (!hashedCodes.includes(packet.code)) return err('code');
  if (!hasDigest(packet.bytes, zeroAuthenticator, secret)) return err('authenticator');
  const message = messageState(packet, zeroAuthenticator, secret);
  return message === 'invalid' ? err('message_authenticator') : ok({ packet, message });
}
