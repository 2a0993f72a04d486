import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';

const Kept = z.object({
  port: z.int().min(0).max(65_535),
  passwords: z.object({ postgres: z.string().min(20), hub: z.string().min(20), freeradius: z.string().min(20) }),
});

/** What the data folder keeps of its cluster: the logins' passwords, and the port (0: none yet) so that it stays the same. */
export type KeptSettings = z.infer<typeof Kept>;

const fileIn = (dataDir: string): string => join(dataDir, 'postgres.json');

/** Letters and digits only: it stands in URLs, in FreeRADIUS's configuration and in SQL without quoting trouble. */
const newPassword = (): string => randomBytes(24).toString('hex');

export const hasKeptSettings = (dataDir: string): boolean => existsSync(fileIn(dataDir));

/** @param clusterExists then the passwords must be there: without them nobody gets in */
export async function readKeptSettings(dataDir: string, clusterExists: boolean): Promise<KeptSettings> {
  const file = fileIn(dataDir);
  if (hasKeptSettings(dataDir)) return Kept.parse(JSON.parse(await readFile(file, 'utf8')));
  if (!clusterExists) {
    return { port: 0, passwords: { postgres: newPassword(), hub: newPassword(), freeradius: newPassword() } };
  }
  throw new EmbeddedPostgresError(
    'lost_passwords',
    `The database's passwords were kept in ${file}, which is gone. Bring the file back from a backup.`,
  );
}

/** Replaces the file whole: a crash leaves the old one or the new one. */
export async function keepSettings(dataDir: string, settings: KeptSettings): Promise<void> {
  const draft = `${fileIn(dataDir)}.${process.pid}.new`;
  await writeFile(draft, `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600 });
  await chmod(draft, 0o600);
  await rename(draft, fileIn(dataDir));
}
