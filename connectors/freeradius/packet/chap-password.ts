import { createHash } from 'node:crypto';

/** CHAP-Password: its identifier, then MD5(identifier, password, challenge) (RFC 2865 §5.3, RFC 1994 §4.1). */
export function chapPassword(identifier: number, password: string, challenge: Uint8Array): Buffer {
  const id = Buffer.from([identifier]);
  const hash = createHash('md5').update(id).update(password, 'utf8').update(challenge).digest();
  return Buffer.concat([id, hash]);
}
