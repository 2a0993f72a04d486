import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

/**
 * The decoder of `barcode-detector`, from the very zxing-wasm that it was built with: another version's file breaks it, and
 * by default it would be fetched from somebody else's host. The page knows its address as `SCANNER_WASM`.
 */
export function scannerWasm(): Plugin {
  const detector = createRequire(fileURLToPath(import.meta.resolve('barcode-detector/ponyfill')));
  const source = readFileSync(detector.resolve('zxing-wasm/reader/zxing_reader.wasm'));
  const fileName = `assets/scanner-${createHash('sha256').update(source).digest('hex').slice(0, 8)}.wasm`;
  return {
    name: 'scanner-wasm',
    config: () => ({ define: { SCANNER_WASM: JSON.stringify(`../${fileName}`) } }),
    generateBundle() {
      this.emitFile({ type: 'asset', fileName, source });
    },
  };
}
