import { accessSync, constants, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A program that a service needs, and the Debian package that brings it. */
export type Binary = {
  readonly name: string;
  readonly debianPackage: string;
  /** Folders that are not on the PATH; the first that holds the program wins over the PATH. */
  readonly folders?: readonly string[];
};

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // Absent or not ours to run: either way the next folder is tried.
    return false;
  }
}

/** Where servers lie although an ordinary user's PATH does not name them. */
const serverFolders = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** The program's full path; throws an error that names the Debian package when it is not installed. */
export function findBinary({ name, debianPackage, folders = [] }: Binary): string {
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const found = [...folders, ...path, ...serverFolders].map((folder) => join(folder, name)).find(isExecutable);
  if (found === undefined) {
    throw new Error(`'${name}' is not installed: apt-get install --no-install-recommends ${debianPackage}`);
  }
  return found;
}

/** Debian keeps each PostgreSQL major version in a folder of its own, off the PATH; newest first. */
export function postgresFolders(root = '/usr/lib/postgresql'): readonly string[] {
  try {
    return readdirSync(root)
      .sort((a, b) => Number(b) - Number(a))
      .map((version) => join(root, version, 'bin'));
  } catch {
    // No such folder: PostgreSQL, if there is one, is on the PATH.
    return [];
  }
}
