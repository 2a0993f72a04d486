/** What the build puts in the place of this name: the page's files, and a digest of them all. */
declare const SHELL_OF_THIS_BUILD: { readonly version: string; readonly files: readonly string[] };

type Waiting = Event & { waitUntil(work: Promise<unknown>): void };
type Asked = Waiting & { readonly request: Request; respondWith(answer: Promise<Response>): void };
type Scope = {
  readonly registration: { readonly scope: string };
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(name: 'install' | 'activate', listener: (event: Waiting) => void): void;
  addEventListener(name: 'fetch', listener: (event: Asked) => void): void;
  addEventListener(name: 'message', listener: (event: Waiting & { readonly data: unknown }) => void): void;
};
// The DOM's types know pages only.
const scope = globalThis as unknown as Scope;

const { version, files } = SHELL_OF_THIS_BUILD;
/** The page's name, the last folder of where it lies: pages of one hub keep their files side by side. */
const prefix = `${new URL(scope.registration.scope).pathname.split('/').at(-2)}-`;
const cacheName = prefix + version;
const addresses = new Set(files.map((file) => new URL(file, scope.registration.scope).href));

/** What is named by its content has just been loaded by the page: it need not travel twice. */
const freshness = (address: string): RequestCache => (address.includes('/assets/') ? 'default' : 'no-cache');

/** All files or none: a page of one build with a script of another is broken. */
async function keepShell(): Promise<void> {
  const cache = await caches.open(cacheName);
  await cache.addAll([...addresses].map((address) => new Request(address, { cache: freshness(address) })));
}

async function dropOthers(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name.startsWith(prefix) && name !== cacheName).map((name) => caches.delete(name)),
  );
  await scope.clients.claim();
}

/** What this build does not have is the network's, and the API always is. */
async function fromShell(request: Request): Promise<Response> {
  const isPage = request.mode === 'navigate';
  const kept = await caches.match(isPage ? scope.registration.scope : request.url, { cacheName });
  return kept ?? fetch(request);
}

scope.addEventListener('install', (event) => event.waitUntil(keepShell()));
scope.addEventListener('activate', (event) => event.waitUntil(dropOthers()));
scope.addEventListener('message', (event) => {
  if (event.data === 'take over') event.waitUntil(scope.skipWaiting());
});
scope.addEventListener('fetch', (event) => {
  const { method, mode, url } = event.request;
  if (method !== 'GET') return;
  if (mode === 'navigate' || addresses.has(url)) event.respondWith(fromShell(event.request));
});
