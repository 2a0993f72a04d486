import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Files of tenants, each tenant's in a folder of its own: `<data>/files/<tenant id>/<name>`. */
export type TenantFiles = {
  /** Whole or not at all: a reader never sees half a file. */
  write(tenantId: string, name: string, content: Uint8Array): Promise<void>;
  /** Null: there is none. */
  read(tenantId: string, name: string): Promise<Buffer<ArrayBuffer> | null>;
  remove(tenantId: string, name: string): Promise<void>;
  /** All that a tenant has (spec T4). */
  removeAll(tenantId: string): Promise<void>;
};

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const plainName = /^[a-z0-9-]{1,40}$/;
const isAbsent = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** `dataDir`: the hub's own, which several processes of one installation must share. */
export function createTenantFiles(dataDir: string): TenantFiles {
  const folderOf = (tenantId: string): string => {
    if (!uuid.test(tenantId)) throw new Error(`${tenantId} is no tenant's id.`);
    return join(dataDir, 'files', tenantId);
  };
  const pathOf = (tenantId: string, name: string): string => {
    if (!plainName.test(name)) throw new Error(`${name} is no name of a tenant's file.`);
    return join(folderOf(tenantId), name);
  };
  return {
    async write(tenantId, name, content) {
      const path = pathOf(tenantId, name);
      await mkdir(folderOf(tenantId), { recursive: true, mode: 0o700 });
      const draft = `${path}.${randomBytes(4).toString('hex')}`;
      await writeFile(draft, content, { mode: 0o600 });
      await rename(draft, path);
    },
    async read(tenantId, name) {
      try {
        return await readFile(pathOf(tenantId, name));
      } catch (error) {
        if (isAbsent(error)) return null;
        throw error;
      }
    },
    remove: (tenantId, name) => rm(pathOf(tenantId, name), { force: true }),
    removeAll: (tenantId) => rm(folderOf(tenantId), { recursive: true, force: true }),
  };
}
