import { ok, type Result } from '#domain/result.ts';
import { encodeAttributes } from './attributes.ts';
import { codes } from './codes.ts';
import type { BuildFault, RequestInput } from './hashed-request.ts';
import { emptyMessageAuthenticator, signMessage } from './message-authenticator.ts';
import { assemble } from './packet.ts';

export type AccessRequestInput = RequestInput & {
  /** 16 random bytes; a PAP password is hidden with them, so they are made before the attributes. */
  readonly authenticator: Uint8Array;
};

/** Access-Request (RFC 2865 §4.1). Its authenticator is random; only the Message-Authenticator proves who sent it. */
export function buildAccessRequest(input: AccessRequestInput): Result<Buffer, BuildFault> {
  const attributes = encodeAttributes(input.attributes);
  if (!attributes.ok) return attributes;
  const region = input.signed ? Buffer.concat([emptyMessageAuthenticator, attributes.value]) : attributes.value;
  const packet = assemble(codes.accessRequest, input.identifier, input.authenticator, region);
  if (!packet.ok) return packet;
  return input.signed ? ok(signMessage(packet.value, input.secret)) : packet;
}
