import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

/** Where a sealed value lies: a value moved to another row, column or tenant does not open (SEC-21). */
export type Place = {
  readonly tenantId: string;
  readonly table: string;
  readonly column: string;
  readonly row: string;
};

const version = 'v1';
const aad = (place: Place, keyId: string): Buffer =>
  Buffer.from([place.tenantId, place.table, place.column, place.row, keyId].join('\u0000'));

const keyIds = new WeakMap<Buffer, string>();

/** Eight hex digits that tell keys apart, and nothing about them; a sweep opens a hundred thousand values under one key. */
export function keyIdOf(key: Buffer): string {
  const known = keyIds.get(key);
  if (known !== undefined) return known;
  const id = createHash('sha256').update(key).digest('hex').slice(0, 8);
  keyIds.set(key, id);
  return id;
}

/** The id of the key that a value was sealed with; null: it is no sealed value. */
export function keyIdIn(sealed: string): string | null {
  const [v, keyId] = sealed.split(':');
  return v === version && keyId ? keyId : null;
}

/** AES-256-GCM under a 96-bit random nonce, as `v1:key id:nonce:ciphertext:tag`, base64url. */
export function seal(key: Buffer, plain: Buffer, place: Place): string {
  const keyId = keyIdOf(key);
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(aad(place, keyId));
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
  return [version, keyId, ...[nonce, sealed, cipher.getAuthTag()].map((part) => part.toString('base64url'))].join(':');
}

/** Throws where the value is damaged, lies in another place, or was sealed with another key. */
export function open(key: Buffer, sealed: string, place: Place): Buffer {
  const [, keyId, nonce, text, tag] = sealed.split(':');
  if (keyIdIn(sealed) === null || !keyId || nonce === undefined || text === undefined || tag === undefined) {
    throw new Error(`The sealed value in ${place.table}.${place.column} is damaged.`);
  }
  if (keyId !== keyIdOf(key)) {
    throw new Error(
      `The value in ${place.table}.${place.column} was sealed with another key (${keyId}). Is this the right secret key file?`,
    );
  }
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64url'), { authTagLength: 16 });
  decipher.setAAD(aad(place, keyId));
  decipher.setAuthTag(Buffer.from(tag, 'base64url'));
  return Buffer.concat([decipher.update(Buffer.from(text, 'base64url')), decipher.final()]);
}
