import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { link, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { formatMasterKeys, type MasterKeys, parseMasterKeys } from '#platform/master-keys.ts';

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

/** Puts `text` on the disk under a name of its own beside `file`, for its owner alone, before anybody relies on it. */
async function writeDraft(file: string, text: string): Promise<string> {
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return draft;
}

async function syncFolder(file: string): Promise<void> {
  const folder = await open(dirname(file));
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Reads the master keys, and makes the first where there is none; of two processes that make it at once, one wins. */
export async function readMasterKeys(file: string): Promise<MasterKeys> {
  try {
    return parseMasterKeys(await readFile(file, 'utf8'), file);
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
  await mkdir(dirname(file), { recursive: true });
  const draft = await writeDraft(file, `${randomBytes(32).toString('base64')}\n`);
  try {
    await link(draft, file);
    await syncFolder(file);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    await rm(draft, { force: true });
  }
  return readMasterKeys(file);
}

/** For a process that meets a value under a key that it has not read yet; waiting is fine, it happens once a rotation. */
export const rereadMasterKeys = (file: string): MasterKeys => parseMasterKeys(readFileSync(file, 'utf8'), file);

/**
 * Replaces what the file holds by what `change` makes of it; a reader sees the old or the new. Two changes at once would
 * lose a key, so the second is refused while `<file>.lock` is there (which a killed one leaves behind).
 */
export async function changeMasterKeys(file: string, change: (keys: MasterKeys) => MasterKeys): Promise<MasterKeys> {
  const lock = `${file}.lock`;
  try {
    await (await open(lock, 'wx', 0o600)).close();
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
    throw new Error(`Somebody else is changing the keys. If nobody is, remove ${lock}.`);
  }
  try {
    const keys = change(parseMasterKeys(await readFile(file, 'utf8'), file));
    await rename(await writeDraft(file, formatMasterKeys(keys)), file);
    await syncFolder(file);
    return keys;
  } finally {
    await rm(lock, { force: true });
  }
}
