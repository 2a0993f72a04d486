import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Context, Hono } from 'hono';
import { notFound } from '#platform/refusal.ts';
import type { RouteEnv } from '#platform/routing.ts';

/** Nothing inline and nothing from elsewhere; the scanner's decoder is WebAssembly, photos are shown from memory. */
const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "font-src 'self'",
  "connect-src 'self'",
  "media-src 'self' blob:",
  "manifest-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const pageHeaders = {
  'Content-Security-Policy': policy,
  'Permissions-Policy': 'camera=(self), geolocation=(self), microphone=(), payment=(), usb=()',
};

const kinds: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.wasm': 'application/wasm',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
};

/** How a browser may say that it takes a file compressed, best first. */
const codings = { br: '.br', gzip: '.gz' } as const;
type Coding = keyof typeof codings;
type Served = {
  readonly kind: string;
  readonly plain: Uint8Array<ArrayBuffer>;
  readonly packed: Map<Coding, Uint8Array<ArrayBuffer>>;
};

/** `build.json` is what tools/web.mjs leaves in a finished build; the sources, which have none, are never served. */
const isBuilt = (folder: string): boolean => existsSync(join(folder, 'build.json'));

/** In a clone the build lies in dist/web, in an image beside src; undefined: nobody has built the pages. */
const usualFolder = (): string | undefined =>
  ['../../dist/web/', '../../web/'].map((path) => fileURLToPath(new URL(path, import.meta.url))).find(isBuilt);

const bytesOf = (path: string): Uint8Array<ArrayBuffer> => new Uint8Array(readFileSync(path));

/** Every file of a build in memory, 2 MB, by its name: a path that is none of them leads nowhere, whatever it says. */
function readBuild(folder: string): ReadonlyMap<string, Served> {
  const files = new Map<string, Served>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const kind = kinds[extname(entry.name)];
    if (!entry.isFile() || kind === undefined) continue;
    const path = join(entry.parentPath, entry.name);
    const packed = new Map<Coding, Uint8Array<ArrayBuffer>>();
    for (const coding of Object.keys(codings) as Coding[]) {
      const file = path + codings[coding];
      if (existsSync(file)) packed.set(coding, bytesOf(file));
    }
    files.set(relative(folder, path).replaceAll('\\', '/'), { kind, plain: bytesOf(path), packed });
  }
  return files;
}

/** Named by their content, and so the same for ever; all else is asked for anew each time. */
const isForever = (name: string): boolean => name.startsWith('assets/');

function answer(c: Context<RouteEnv>, name: string, { kind, plain, packed }: Served): Response {
  const taken = (c.req.header('Accept-Encoding') ?? '').split(',').map((one) => one.replace(/;.*/, '').trim());
  const coding = [...packed.keys()].find((one) => taken.includes(one));
  c.header('Vary', 'Accept-Encoding');
  if (coding !== undefined) c.header('Content-Encoding', coding);
  return c.body((coding !== undefined && packed.get(coding)) || plain, 200, {
    ...pageHeaders,
    'Content-Type': kind,
    'Cache-Control': isForever(name) ? 'public, max-age=31536000, immutable' : 'no-cache',
  });
}

const unbuilt = 'The pages have not been built. In a clone, `npm start` and `npm run build` do it.';

/**
 * `/app/…`: the browser's pages, built from web/ (spec A5). A page's own address ends with a slash; what lies under it and is
 * no file leads back to it, so that a bookmark of an earlier version opens the page.
 */
export function webPages(folder: string | undefined = usualFolder()): Hono<RouteEnv> {
  const routes = new Hono<RouteEnv>();
  let files: ReadonlyMap<string, Served> | undefined;
  routes.get('/app/*', (c) => {
    if (folder === undefined || !isBuilt(folder)) return c.text(unbuilt, 503, pageHeaders);
    files ??= readBuild(folder);
    const name = c.req.path.slice('/app/'.length);
    const page = name.split('/', 1)[0] ?? '';
    const file = files.get(name.endsWith('/') ? `${name}index.html` : name);
    if (file) return answer(c, name, file);
    const isPage = files.has(`${page}/index.html`) && extname(name) === '';
    if (!isPage) throw notFound('path');
    // Relative, for the hub may stand behind a proxy's path: `technician` and `technician/a/b` lead to `technician/`.
    const up = name.split('/').length - 1;
    return c.redirect(up === 0 ? `./${page}/` : `./${'../'.repeat(up - 1)}`, 302);
  });
  return routes;
}
