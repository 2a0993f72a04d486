import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import { chmod, link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

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

const keyIdOf = (key: Buffer): string => createHash('sha256').update(key).digest('hex').slice(0, 8);

/** AES-256-GCM under a 96-bit random nonce, as `v1:key id:nonce:ciphertext:tag`, base64url. */
function seal(key: Buffer, plain: Buffer, place: Place): string {
  const keyId = keyIdOf(key);
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(aad(place, keyId));
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
  return [version, keyId, ...[nonce, sealed, cipher.getAuthTag()].map((part) => part.toString('base64url'))].join(':');
}

function open(key: Buffer, sealed: string, place: Place): Buffer {
  const [v, keyId, nonce, text, tag] = sealed.split(':');
  if (v !== version || !keyId || nonce === undefined || text === undefined || tag === undefined) {
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

/** Seals and opens one tenant's secrets with its own data key. */
export type TenantVault = {
  seal(plain: string, place: Omit<Place, 'tenantId'>): string;
  open(sealed: string, place: Omit<Place, 'tenantId'>): string;
};

/** The installation's master key: wraps tenants' data keys, and derives what must be the same in every process. */
export type Vault = {
  newDataKey(tenantId: string): string;
  tenant(tenantId: string, wrappedDataKey: string): TenantVault;
  /** 32 bytes for `purpose`, the same in every process that has the master key. */
  derive(purpose: string): Buffer;
};

const dataKeyPlace = (tenantId: string): Place => ({ tenantId, table: 'tenants', column: 'data_key', row: tenantId });

export function createVault(masterKey: Buffer): Vault {
  return {
    newDataKey: (tenantId) => seal(masterKey, randomBytes(32), dataKeyPlace(tenantId)),
    tenant: (tenantId, wrapped) => {
      const key = open(masterKey, wrapped, dataKeyPlace(tenantId));
      return {
        seal: (plain, place) => seal(key, Buffer.from(plain), { ...place, tenantId }),
        open: (sealed, place) => open(key, sealed, { ...place, tenantId }).toString(),
      };
    },
    derive: (purpose) => createHmac('sha256', masterKey).update(purpose).digest(),
  };
}

const absent = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';
const present = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'EEXIST';

/** Reads the master key, and makes it where there is none; of two processes that make it at once, one wins. */
export async function readMasterKey(file: string): Promise<Buffer> {
  try {
    const key = Buffer.from((await readFile(file, 'utf8')).trim(), 'base64');
    if (key.length !== 32) throw new Error(`${file} must hold 32 bytes in base64; it holds ${key.length}.`);
    return key;
  } catch (error) {
    if (!absent(error)) throw error;
  }
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  await writeFile(draft, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600 });
  await chmod(draft, 0o600);
  try {
    await link(draft, file);
  } catch (error) {
    if (!present(error)) throw error;
  } finally {
    await rm(draft, { force: true });
  }
  return readMasterKey(file);
}
