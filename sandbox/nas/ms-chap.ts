import { createCipheriv, createHash } from 'node:crypto';
import { md4 } from './md4.ts';

const sha1 = (...parts: readonly Uint8Array[]): Buffer => {
  const hash = createHash('sha1');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** Seven key bytes spread over eight; DES ignores the lowest bit of each. */
function desKey(seven: Buffer): Buffer {
  const bits = seven.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return Buffer.from(Array.from({ length: 8 }, (_, at) => Number((bits >> BigInt(49 - at * 7)) & 0x7fn) << 1));
}

/** One DES block. OpenSSL 3 has no plain DES, but encrypt, decrypt, encrypt with one key is just that. */
function des(block: Buffer, seven: Buffer): Buffer {
  const key = desKey(seven);
  const cipher = createCipheriv('des-ede3-ecb', Buffer.concat([key, key, key]), null).setAutoPadding(false);
  return Buffer.concat([cipher.update(block), cipher.final()]);
}

const passwordHash = (password: string): Buffer => md4(Buffer.from(password, 'utf16le'));

function challengeHash(peerChallenge: Uint8Array, challenge: Uint8Array, username: string): Buffer {
  return sha1(peerChallenge, challenge, Buffer.from(username, 'utf8')).subarray(0, 8);
}

export type MsChapInput = {
  readonly username: string;
  readonly password: string;
  /** 16 bytes, the NAS's. */
  readonly challenge: Uint8Array;
  /** 16 bytes, the modem's. */
  readonly peerChallenge: Uint8Array;
};

/** The 24 bytes that prove the password (RFC 2759 §8.1). */
export function ntResponse(input: MsChapInput): Buffer {
  const hash = Buffer.concat([passwordHash(input.password), Buffer.alloc(5)]);
  const block = challengeHash(input.peerChallenge, input.challenge, input.username);
  return Buffer.concat([0, 7, 14].map((at) => des(block, hash.subarray(at, at + 7))));
}

const clientMagic = Buffer.from('Magic server to client signing constant');
const padMagic = Buffer.from('Pad to make it do more than one iteration');

/** `S=` and 40 hex digits: with it the server proves that it knows the password too (RFC 2759 §8.7). */
export function authenticatorResponse(input: MsChapInput): string {
  const hashHash = md4(passwordHash(input.password));
  const inner = sha1(hashHash, ntResponse(input), clientMagic);
  const outer = sha1(inner, challengeHash(input.peerChallenge, input.challenge, input.username), padMagic);
  return `S=${outer.toString('hex').toUpperCase()}`;
}

/** The value of MS-CHAP2-Response: identifier, flags, peer challenge, 8 reserved bytes, NT-Response (RFC 2548 §2.3.2). */
export function msChap2Response(identifier: number, input: MsChapInput): Buffer {
  return Buffer.concat([Buffer.from([identifier, 0]), input.peerChallenge, Buffer.alloc(8), ntResponse(input)]);
}
