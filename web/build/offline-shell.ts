import { createHash } from 'node:crypto';
import type { Plugin } from 'vite';

/**
 * Tells a page's service worker which files make the page, so that it keeps all of them or none. The list's digest is the
 * name of the cache: a new build is a new cache, and the worker's own bytes change with it.
 */
export function offlineShell(page: string): Plugin {
  return {
    name: 'offline-shell',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const worker = bundle[`${page}/service-worker.js`];
        if (worker?.type !== 'chunk') throw new Error(`${page} has no service worker`);
        const files = Object.values(bundle).filter((file) => file !== worker && !file.fileName.endsWith('.map'));
        const digest = createHash('sha256');
        for (const file of files) digest.update(file.fileName).update(file.type === 'chunk' ? file.code : file.source);
        const names = files.map(({ fileName }) =>
          fileName === `${page}/index.html` ? './' : fileName.replace(/^/, '../').replace(`../${page}/`, './'),
        );
        const shell = { version: digest.digest('hex').slice(0, 16), files: names.sort() };
        worker.code = worker.code.replace(/SHELL_OF_THIS_BUILD/g, JSON.stringify(shell));
      },
    },
  };
}
