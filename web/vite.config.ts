import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { installable } from './build/installable.ts';
import { offlineShell } from './build/offline-shell.ts';
import { scannerWasm } from './build/scanner-wasm.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The pages by their folder, as a phone lists them once they are installed. */
const pages = {
  technician: {
    name: 'Jembatan Teknisi',
    short_name: 'Teknisi',
    description: 'Tugas, scan modem, foto dan absen teknisi',
  },
  reseller: {
    name: 'Jembatan Mitra',
    short_name: 'Mitra',
    description: 'Pelanggan, pembayaran, voucher, deposit dan komisi mitra',
  },
};

export default defineConfig({
  root: here('.'),
  // A hub may stand behind a path of a proxy.
  base: './',
  publicDir: false,
  plugins: [react(), tailwindcss(), scannerWasm(), installable(pages), offlineShell(Object.keys(pages))],
  build: {
    // Phones in the field are not renewed each year: Chrome 100, Safari 15.4.
    target: ['chrome100', 'safari15.4'],
    // An inlined file would need a wider policy than 'self'.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: {
        technician: here('technician/index.html'),
        reseller: here('reseller/index.html'),
        'service-worker': here('app/service-worker.ts'),
      },
      output: {
        // The worker gets its place and its page's files later, in build/offline-shell.ts; all else is named by its content.
        entryFileNames: ({ name }) => (name === 'service-worker' ? '[name].js' : 'assets/[name]-[hash].js'),
      },
    },
  },
});
