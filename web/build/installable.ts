import type { Plugin } from 'vite';
import { icon } from './icon.ts';

const sizes = [192, 512] as const;

export type Installed = { readonly name: string; readonly short_name: string; readonly description: string };

const manifestOf = (page: Installed) => ({
  ...page,
  lang: 'id',
  start_url: './',
  scope: './',
  id: './',
  display: 'standalone',
  orientation: 'portrait',
  background_color: '#ffffff',
  theme_color: '#0b4f8a',
  icons: sizes.map((size) => ({
    src: `icon-${size}.png`,
    sizes: `${size}x${size}`,
    type: 'image/png',
    purpose: 'any maskable',
  })),
});

/** What lets a phone install the pages: the manifest of each, by the page's folder, and its icons. */
export function installable(pages: Readonly<Record<string, Installed>>): Plugin {
  return {
    name: 'installable',
    transformIndexHtml: {
      order: 'post',
      handler: () => [
        { tag: 'link', attrs: { rel: 'manifest', href: './manifest.webmanifest' }, injectTo: 'head' },
        { tag: 'link', attrs: { rel: 'icon', href: './icon-192.png' }, injectTo: 'head' },
      ],
    },
    generateBundle() {
      const icons = sizes.map((size) => [`icon-${size}.png`, icon(size)] as const);
      for (const [page, installed] of Object.entries(pages)) {
        const files = [...icons, ['manifest.webmanifest', JSON.stringify(manifestOf(installed))] as const];
        for (const [name, source] of files) this.emitFile({ type: 'asset', fileName: `${page}/${name}`, source });
      }
    },
  };
}
