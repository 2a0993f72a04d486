import { createHash } from 'node:crypto';
import { err, ok, type Result } from '#domain/result.ts';

const blockLength = 16;
const maxPasswordLength = 128;

function pad(secret: string, previous: Uint8Array): Buffer {
  return createHash('md5').update(secret, 'utf8').update(previous).digest();
}

const xor = (left: Buffer, right: Buffer): Buffer => Buffer.from(left.map((byte, at) => byte ^ (right[at] ?? 0)));

/** A PAP password hidden for the wire: blocks of 16 bytes, each XORed with MD5(secret, block before) (RFC 2865 §5.2). */
export function hidePassword(
  password: string,
  secret: string,
  authenticator: Uint8Array,
): Result<Buffer, 'value_too_long'> {
  const bytes = Buffer.from(password, 'utf8');
  if (bytes.length > maxPasswordLength) return err('value_too_long');
  const padded = Buffer.alloc(Math.max(1, Math.ceil(bytes.length / blockLength)) * blockLength);
  bytes.copy(padded);
  const hidden: Buffer[] = [];
  for (let at = 0; at < padded.length; at += blockLength) {
    hidden.push(xor(padded.subarray(at, at + blockLength), pad(secret, hidden.at(-1) ?? authenticator)));
  }
  return ok(Buffer.concat(hidden));
}

/** The password behind `hidePassword`; the zeros that fill the last block are cut off. */
export function revealPassword(hidden: Buffer, secret: string, authenticator: Uint8Array): string {
  const shown: Buffer[] = [];
  for (let at = 0; at < hidden.length; at += blockLength) {
    const before = at === 0 ? authenticator : hidden.subarray(at - blockLength, at);
    shown.push(xor(hidden.subarray(at, at + blockLength), pad(secret, before)));
  }
  return Buffer.concat(shown).toString('utf8').replace(/\0+$/, '');
}
