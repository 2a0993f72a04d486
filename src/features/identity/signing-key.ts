import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { calculateJwkThumbprint, exportJWK } from 'jose';

/** The pair that signs access tokens; `id` is the thumbprint of its public half (RFC 7638). */
export type SigningKey = { readonly id: string; readonly privateKey: KeyObject; readonly publicKey: KeyObject };

const generate = promisify(generateKeyPair);
const isAbsent = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

async function withId(privateKey: KeyObject): Promise<SigningKey> {
  if (privateKey.asymmetricKeyType !== 'rsa') throw new Error('The signing key is no RSA key.');
  const publicKey = createPublicKey(privateKey);
  return { id: await calculateJwkThumbprint(await exportJWK(publicKey)), privateKey, publicKey };
}

/** RSA of 2048 bits, for RS256. */
export async function makeSigningKey(): Promise<SigningKey> {
  const { privateKey } = await generate('rsa', { modulusLength: 2048 });
  return withId(privateKey);
}

/** From PKCS #8 in PEM. */
export const signingKeyOf = (pem: string): Promise<SigningKey> => withId(createPrivateKey(pem));

export const pemOf = ({ privateKey }: SigningKey): string =>
  privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

/** The key that an earlier version kept in a file; null: there is none. */
export async function readKeyFile(file: string): Promise<SigningKey | null> {
  try {
    return await signingKeyOf(await readFile(file, 'utf8'));
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}
