import type { Plugin } from 'vite';
import { icon } from './icon.ts';

const sizes = [192, 512] as const;

const manifest = {
  name: 'Jembatan Teknisi',
  short_name: 'Teknisi',
  description: 'Tugas, scan modem, foto dan absen teknisi',
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
};

/** What lets a phone install the technician's page: its manifest and its icons. */
export function installable(): Plugin {
  return {
    name: 'installable',
    generateBundle() {
      const files = [
        ...sizes.map((size) => [`icon-${size}.png`, icon(size)] as const),
        ['manifest.webmanifest', JSON.stringify(manifest)] as const,
      ];
      for (const [name, source] of files) this.emitFile({ type: 'asset', fileName: `technician/${name}`, source });
    },
  };
}
