import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from './planted-tree.ts';

export type SourceFile = { readonly path: string; readonly text: string };

const isCode = (name: string): boolean => /\.(ts|mts|mjs|tsx)$/.test(name);

/** The project's own code in a folder, with paths from the project's root. */
export function sourceFiles(folder: string): readonly SourceFile[] {
  const entries = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && isCode(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes('/node_modules/'))
    .map((path) => ({ path: relative(root, path), text: readFileSync(path, 'utf8') }));
}
