import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * A living process as something that a reused pid cannot be mistaken for: pid and start time, in clock ticks since the
 * machine started (field 22 of /proc/<pid>/stat; the name before it may hold blanks, so counting starts after its bracket).
 */
function processIdentity(pid: number): string | null {
  if (!existsSync(`/proc/${pid}/stat`)) return null;
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return `${pid}-${fields[19]}`;
}

const isLiving = (note: string): boolean => {
  const identity = processIdentity(Number.parseInt(note, 10));
  return identity !== null && note.startsWith(`${identity}.`);
};

const notesFolder = (dataDir: string): string => join(dataDir, 'postgres.users');

/** Notes that this process uses the cluster and answers the note's name. The last living user is the one that stops it. */
export async function registerUser(dataDir: string): Promise<string> {
  const note = `${processIdentity(process.pid)}.${randomBytes(4).toString('hex')}`;
  await mkdir(notesFolder(dataDir), { recursive: true, mode: 0o700 });
  await writeFile(join(notesFolder(dataDir), note), '');
  return note;
}

/** Takes the note away, and those of dead processes; answers how many living users are left. */
export async function unregisterUser(dataDir: string, note: string): Promise<number> {
  const notes = await readdir(notesFolder(dataDir));
  const gone = notes.filter((name) => name === note || !isLiving(name));
  await Promise.all(gone.map((name) => rm(join(notesFolder(dataDir), name), { force: true })));
  return notes.length - gone.length;
}
