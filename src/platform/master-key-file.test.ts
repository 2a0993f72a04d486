import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { changeMasterKeys, readMasterKeys, rereadMasterKeys } from '#platform/master-key-file.ts';
import type { MasterKeys } from '#platform/master-keys.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jbk-'));
  file = join(folder, 'deep', 'secret.key');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const addKey = ({ current, former, derivation }: MasterKeys): MasterKeys => ({
  current: randomBytes(32),
  former: [current, ...former],
  derivation,
});

describe('the file of master keys', () => {
  it('is made if missing, for its owner alone, and of many that make it at once all get the same key', async () => {
    const all = await Promise.all(Array.from({ length: 8 }, () => readMasterKeys(file)));
    expect(new Set(all.map(({ current }) => current.toString('hex'))).size).toBe(1);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(folder, 'deep'))).toEqual(['secret.key']);
    expect(await readFile(file, 'utf8')).toMatch(/^[A-Za-z0-9+/]{43}=\n$/);
  });

  it('one key in base64, as others make it, is read as it is', async () => {
    const key = randomBytes(32);
    const own = join(folder, 'own.key');
    await writeFile(own, key.toString('base64'));
    expect(await readMasterKeys(own)).toMatchObject({ current: key, former: [] });
  });

  it.each([
    '',
    '\n',
    'short',
    `${randomBytes(31).toString('base64')}\n`,
    `${`${randomBytes(32).toString('base64')}\n`.repeat(2)}`,
  ])('what holds no sound keys is refused with the file’s name and left as it is: %j', async (text) => {
    const own = join(folder, 'own.key');
    await writeFile(own, text);
    await expect(readMasterKeys(own)).rejects.toThrow(own);
    await expect(changeMasterKeys(own, addKey)).rejects.toThrow();
    expect(await readFile(own, 'utf8')).toBe(text);
  });

  it('SEC-21: a change keeps the former keys and what is derived from, and is read back', async () => {
    const first = await readMasterKeys(file);
    const second = await changeMasterKeys(file, addKey);
    const third = await changeMasterKeys(file, addKey);
    expect(await readMasterKeys(file)).toEqual(third);
    expect(rereadMasterKeys(file)).toEqual(third);
    expect(third.former).toEqual([second.current, first.current]);
    expect(third.derivation).toEqual(first.derivation);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('of many changes at once none loses a key: each is done or refused', async () => {
    await readMasterKeys(file);
    const changes = await Promise.allSettled(Array.from({ length: 20 }, () => changeMasterKeys(file, addKey)));
    const done = changes.flatMap((change) => (change.status === 'fulfilled' ? [change.value.current] : []));
    const { current, former } = await readMasterKeys(file);
    expect(done.length).toBeGreaterThan(0);
    for (const key of done) expect([current, ...former]).toContainEqual(key);
    expect(former).toHaveLength(done.length);
  });

  it('a change that fails leaves the file and no lock', async () => {
    const before = await readMasterKeys(file);
    const fault = () => {
      throw new Error('changed my mind');
    };
    await expect(changeMasterKeys(file, fault)).rejects.toThrow('changed my mind');
    expect(await readMasterKeys(file)).toEqual(before);
    expect(await readdir(join(folder, 'deep'))).toEqual(['secret.key']);
  });

  it('while somebody changes it, another is told so, with what to remove if nobody does', async () => {
    await readMasterKeys(file);
    await writeFile(`${file}.lock`, '');
    await expect(changeMasterKeys(file, addKey)).rejects.toThrow(`${file}.lock`);
  });
});
