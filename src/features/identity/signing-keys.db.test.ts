import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { createVault } from '#platform/secrets.ts';
import { type BridgeRoom, createBridgeRoom } from '#test/features/bridge-room.ts';
import { makeSigningKey, pemOf, readKeyFile } from './signing-key.ts';
import { ensureSigningKey, readSigningKeys, rotateSigningKey, rotateSigningKeyWhenDue } from './signing-keys.ts';

const day = 86_400_000;
const start = Date.parse('2026-11-20T05:00:00Z');
let bridge: BridgeRoom;
let folder: string;
let now = start;
const deps = () => ({ db: bridge.db, vault: bridge.vault, clock: () => now });
const ids = async () => (await readSigningKeys(deps())).map(({ key }) => key.id);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jbt-key-'));
  bridge = await createBridgeRoom(inject('postgresUrl'));
});
afterAll(async () => {
  await bridge.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  now = start;
  await bridge.look('delete from signing_keys');
});

describe('signing keys in the bridge', () => {
  it('of processes that start at once one makes the key, and all read the same', async () => {
    await Promise.all(Array.from({ length: 4 }, () => ensureSigningKey(deps(), null)));
    expect(await ids()).toHaveLength(1);
    await ensureSigningKey(deps(), null);
    expect(await ids()).toHaveLength(1);
  });

  it('the key file of an earlier version becomes the first key, and is not looked at afterwards', async () => {
    const [earlier, later] = await Promise.all([makeSigningKey(), makeSigningKey()]);
    const file = join(folder, 'signing.key');
    expect(await readKeyFile(file)).toBeNull();
    await writeFile(file, pemOf(earlier));
    await ensureSigningKey(deps(), await readKeyFile(file));
    expect(await ids()).toEqual([earlier.id]);
    await ensureSigningKey(deps(), later);
    expect(await ids()).toEqual([earlier.id]);
  });

  it('SEC-21: the private half is sealed, and opens under the installation’s key alone', async () => {
    await ensureSigningKey(deps(), null);
    const rows = await bridge.look<{ row: string }>('select k::text as row from signing_keys k');
    expect(rows.map(({ row }) => row).join()).not.toContain('PRIVATE');
    const stranger = { ...deps(), vault: createVault(Buffer.alloc(32, 9)) };
    await expect(readSigningKeys(stranger)).rejects.toThrow(/another key/);
    await bridge.look(`update signing_keys set id = 'swapped'`);
    await expect(readSigningKeys(deps())).rejects.toThrow();
  });

  it('I1: a new key signs; the previous one verifies until what it signed has expired, then it goes', async () => {
    await ensureSigningKey(deps(), null);
    const [first] = await ids();
    now += 1_000;
    const second = await rotateSigningKey(deps());
    expect(await ids()).toEqual([second, first]);
    expect((await readSigningKeys(deps())).filter(({ retiredAt }) => retiredAt === null)).toHaveLength(1);
    now += 16 * 60_000;
    expect(await ids()).toEqual([second, first]);
    now += 5 * 60_000;
    expect(await ids()).toEqual([second]);
    await rotateSigningKey(deps());
    expect(await bridge.look('select id from signing_keys')).toHaveLength(2);
  });

  it('I1: the scheduler replaces a key after 90 days, once, however many ask', async () => {
    await ensureSigningKey(deps(), null);
    now += 89 * day;
    expect(await rotateSigningKeyWhenDue(deps())).toBeNull();
    now += 2 * day;
    const made = await Promise.all(Array.from({ length: 3 }, () => rotateSigningKeyWhenDue(deps())));
    expect(made.filter((id) => id !== null)).toHaveLength(1);
  });
});
