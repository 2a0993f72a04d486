import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

type Loaded = { readonly contents: string; readonly loader: 'ts' };
type Resolved = { readonly path: string; readonly external: true };
type Building = {
  onResolve(which: { readonly filter: RegExp }, resolve: (asked: { readonly path: string }) => Resolved): void;
  onLoad(which: { readonly filter: RegExp }, load: (file: { readonly path: string }) => Promise<Loaded>): void;
};
type Esbuild = { build(options: Readonly<Record<string, unknown>>): Promise<unknown> };

/** What tsx runs TypeScript by, found through it. */
const beside = createRequire(createRequire(import.meta.url).resolve('tsx'));

/** Files that a module reads beside itself stay where they are, although its code moves. */
const sources = {
  name: 'sources',
  setup: (building: Building) =>
    building.onLoad({ filter: /\.ts$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)),
      loader: 'ts',
    })),
};

/** Packages with compiled parts stay where they are. */
const compiled = {
  name: 'compiled',
  setup: (building: Building) =>
    building.onResolve({ filter: /^@node-rs\/bcrypt$/ }, ({ path }) => ({
      path: createRequire(import.meta.url).resolve(path),
      external: true,
    })),
};

/** Some packages are CommonJS and ask for Node's modules by `require`. */
const withRequire = `import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);`;

/** Makes one file, `into`, of a program and all that it imports: a module (`.mjs`), or a script (`.cjs`) that awaits nothing. */
export async function bundle(program: URL, into: string): Promise<void> {
  const { build } = beside('esbuild') as Esbuild;
  const isModule = into.endsWith('.mjs');
  await build({
    entryPoints: [fileURLToPath(program)],
    outfile: into,
    bundle: true,
    platform: 'node',
    format: isModule ? 'esm' : 'cjs',
    external: ['pg-native'],
    banner: { js: isModule ? withRequire : '' },
    plugins: [sources, compiled],
    logLevel: 'error',
  });
}
