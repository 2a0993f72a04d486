import { type BarcodeDetector, BarcodeDetector as Detector, prepareZXingModule } from 'barcode-detector/ponyfill';

/** What labels of modems carry. */
const formats = ['qr_code', 'data_matrix', 'code_128', 'code_39', 'ean_13'] as const;

export type Decoder = Pick<BarcodeDetector, 'detect'>;

/**
 * Our own decoder on every phone, also where the browser has one: which codes those read differs from phone to phone. The
 * wasm is asked of the hub itself (stack: the package would ask somebody else's host).
 */
export function openDecoder(): Decoder {
  const wasm = new URL(SCANNER_WASM, document.baseURI).href;
  prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true });
  return new Detector({ formats: [...formats] });
}
