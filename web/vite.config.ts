import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { installable } from './build/installable.ts';
import { offlineShell } from './build/offline-shell.ts';
import { scannerWasm } from './build/scanner-wasm.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The name under which a browser asks for its service worker must stay; whatever else is named by its content. */
const isWorker = (name: string): boolean => name.endsWith('/service-worker');

export default defineConfig({
  root: here('.'),
  // A hub may stand behind a path of a proxy.
  base: './',
  publicDir: false,
  plugins: [react(), tailwindcss(), scannerWasm(), installable(), offlineShell('technician')],
  build: {
    // Phones in the field are not renewed each year: Chrome 100, Safari 15.4.
    target: ['chrome100', 'safari15.4'],
    // An inlined file would need a wider policy than 'self'.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: {
        technician: here('technician/index.html'),
        'technician/service-worker': here('technician/service-worker.ts'),
      },
      output: {
        entryFileNames: ({ name }) => (isWorker(name) ? '[name].js' : 'assets/[name]-[hash].js'),
      },
    },
  },
});
