import { createHash } from 'node:crypto';
import { basename } from 'node:path/posix';
import type { Plugin } from 'vite';

type Bundle = Parameters<Extract<NonNullable<Plugin['generateBundle']>, (...given: never) => unknown>>[1];

const contentOf = (file: Bundle[string]): string | Uint8Array => (file.type === 'chunk' ? file.code : file.source);

/** A page's own folder, and whatever a file of it names: a script names the scripts, styles and decoders that it loads. */
function filesOf(page: string, bundle: Bundle): readonly string[] {
  const names = Object.keys(bundle).filter((name) => !name.endsWith('.map'));
  const found = names.filter((name) => name.startsWith(`${page}/`));
  for (const name of found) {
    const file = bundle[name];
    const text = file === undefined ? '' : String(contentOf(file));
    const named = names.filter((one) => one.startsWith('assets/') && text.includes(basename(one)));
    found.push(...named.filter((one) => !found.includes(one)));
  }
  return found;
}

/**
 * Gives each page its service worker, which is told the files that make the page, so that it keeps all of them or none. The
 * list's digest is the name of the cache: a new build is a new cache, and the worker's own bytes change with it.
 */
export function offlineShell(pages: readonly string[]): Plugin {
  return {
    name: 'offline-shell',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const worker = bundle['service-worker.js'];
        if (worker?.type !== 'chunk') throw new Error('no service worker was built');
        delete bundle[worker.fileName];
        for (const page of pages) {
          const files = filesOf(page, bundle);
          const digest = createHash('sha256');
          for (const name of files) {
            const file = bundle[name];
            if (file) digest.update(name).update(contentOf(file));
          }
          const names = files.map((name) =>
            name === `${page}/index.html` ? './' : name.replace(/^/, '../').replace(`../${page}/`, './'),
          );
          const shell = { version: digest.digest('hex').slice(0, 16), files: names.sort() };
          const source = worker.code.replace(/SHELL_OF_THIS_BUILD/g, JSON.stringify(shell));
          this.emitFile({ type: 'asset', fileName: `${page}/service-worker.js`, source });
        }
      },
    },
  };
}
