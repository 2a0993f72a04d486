import { createHmac, randomBytes } from 'node:crypto';
import { keyById, type MasterKeys, soleKey } from '#platform/master-keys.ts';
import { keyIdIn, open, type Place, seal } from '#platform/sealing.ts';

export type { Place };

/** Seals and opens one tenant's secrets with its own data key. */
export type TenantVault = {
  seal(plain: string, place: Omit<Place, 'tenantId'>): string;
  open(sealed: string, place: Omit<Place, 'tenantId'>): string;
  /** 32 bytes that equal values of one `column` share, by which a sealed value is found again and nobody reads it. */
  blindIndex(plain: string, column: string): Buffer;
};

/** The installation's master keys: they wrap tenants' data keys. What is derived must be the same in every process. */
export type Vault = {
  newDataKey(tenantId: string): string;
  tenant(tenantId: string, wrappedDataKey: string): TenantVault;
  /** The same data key under the current master key. */
  rewrap(tenantId: string, wrappedDataKey: string): string;
  /** Seals what belongs to the installation and to no tenant: signing keys, a platform owner's second factor. */
  readonly installation: TenantVault;
  /** 32 bytes for `purpose`, the same in every process, and after the master key was changed. */
  derive(purpose: string): Buffer;
};

/** In the place of an id, which it cannot be taken for. */
const noTenant = 'installation';

const dataKeyPlace = (tenantId: string): Place => ({ tenantId, table: 'tenants', column: 'data_key', row: tenantId });

/** Under a key of its own, made from the one that seals. */
const blindIndex = (key: Buffer, plain: string, column: string): Buffer => {
  const indexKey = createHmac('sha256', key).update('blind index').digest();
  return createHmac('sha256', indexKey).update(`${column}\u0000${plain}`).digest();
};

const vaultUnder = (key: Buffer, tenantId: string): TenantVault => ({
  seal: (plain, place) => seal(key, Buffer.from(plain), { ...place, tenantId }),
  open: (sealed, place) => open(key, sealed, { ...place, tenantId }).toString(),
  blindIndex: (plain, column) => blindIndex(key, plain, column),
});

/**
 * `master` is the sole key, or all of them. `reread` answers what the key file holds now: asked before the master key seals,
 * which is rare, and when a value was sealed with a key that is not known here (another process has changed the keys).
 */
export function createVault(master: Buffer | MasterKeys, reread: () => MasterKeys | null = () => null): Vault {
  let keys = Buffer.isBuffer(master) ? soleKey(master) : master;

  /** The master key that sealed a value; the current one where none is known, so that opening it says what is wrong. */
  function keyOf(sealed: string): Buffer {
    const id = keyIdIn(sealed) ?? '';
    const known = keyById(keys, id);
    if (known) return known;
    keys = reread() ?? keys;
    return keyById(keys, id) ?? keys.current;
  }
  /** A value is sealed with a key that is in the file: a hub that has not heard of a rotation must not use a lost one. */
  function currentKey(): Buffer {
    keys = reread() ?? keys;
    return keys.current;
  }
  const openDataKey = (tenantId: string, wrapped: string): Buffer =>
    open(keyOf(wrapped), wrapped, dataKeyPlace(tenantId));
  const derive = (purpose: string): Buffer => createHmac('sha256', keys.derivation).update(purpose).digest();

  return {
    newDataKey: (tenantId) => seal(currentKey(), randomBytes(32), dataKeyPlace(tenantId)),
    tenant: (tenantId, wrapped) => vaultUnder(openDataKey(tenantId, wrapped), tenantId),
    rewrap: (tenantId, wrapped) => seal(currentKey(), openDataKey(tenantId, wrapped), dataKeyPlace(tenantId)),
    installation: {
      seal: (plain, place) => vaultUnder(currentKey(), noTenant).seal(plain, place),
      open: (sealed, place) => vaultUnder(keyOf(sealed), noTenant).open(sealed, place),
      blindIndex: (plain, column) => blindIndex(derive('blind index'), plain, column),
    },
    derive,
  };
}
