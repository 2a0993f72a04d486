import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject, randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { calculateJwkThumbprint, exportJWK } from 'jose';

/** The pair that signs access tokens; `id` is the thumbprint of its public half (RFC 7638). */
export type SigningKey = { readonly id: string; readonly privateKey: KeyObject; readonly publicKey: KeyObject };

const generate = promisify(generateKeyPair);
const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

async function keyOf(pem: string): Promise<SigningKey> {
  const privateKey = createPrivateKey(pem);
  if (privateKey.asymmetricKeyType !== 'rsa') throw new Error('The signing key is no RSA key.');
  const publicKey = createPublicKey(privateKey);
  return { id: await calculateJwkThumbprint(await exportJWK(publicKey)), privateKey, publicKey };
}

/** Of two processes that make it at once, one wins, and both read what it wrote. */
async function make(file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const { privateKey } = await generate('rsa', { modulusLength: 2048 });
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  await writeFile(draft, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  try {
    await link(draft, file);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Reads the RSA key in `file` (PKCS #8, PEM), and makes it where there is none. Every process of the hub needs the same. */
export async function readSigningKey(file: string): Promise<SigningKey> {
  try {
    return await keyOf(await readFile(file, 'utf8'));
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error;
  }
  await make(file);
  return keyOf(await readFile(file, 'utf8'));
}
