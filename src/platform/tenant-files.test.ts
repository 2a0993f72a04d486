import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTenantFiles } from '#platform/tenant-files.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'jbf-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

describe('files of tenants', () => {
  it('T4: are each tenant’s own, replaced whole, and gone with the tenant alone', async () => {
    const files = createTenantFiles(dir);
    const [one, other] = [randomUUID(), randomUUID()];
    await files.write(one, 'logo', Buffer.from('first'));
    await files.write(one, 'logo', Buffer.from('second'));
    await files.write(other, 'logo', Buffer.from('theirs'));
    expect(String(await files.read(one, 'logo'))).toBe('second');
    expect(await readdir(join(dir, 'files', one))).toEqual(['logo']);
    await files.removeAll(one);
    expect(await files.read(one, 'logo')).toBeNull();
    expect(String(await files.read(other, 'logo'))).toBe('theirs');
    await files.remove(other, 'logo');
    expect(await files.read(other, 'logo')).toBeNull();
    await files.removeAll(randomUUID());
  });

  it.each([
    ['..', 'logo'],
    ['../../etc', 'passwd'],
    ['', 'logo'],
    [randomUUID(), '../logo'],
    [randomUUID(), ''],
    [randomUUID(), 'a/b'],
  ])('no name leads out of the folder: %j, %j', async (tenantId, name) => {
    await expect(createTenantFiles(dir).read(tenantId, name)).rejects.toThrow(/is no/);
  });
});
