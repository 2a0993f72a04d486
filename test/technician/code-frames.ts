import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** As a label maker would print them. */
export type Label = { readonly format: 'QRCode' | 'Code128' | 'DataMatrix'; readonly text: string };

type Symbol = { readonly data: Uint8ClampedArray; readonly width: number; readonly height: number };
type Writer = {
  prepareZXingModule(options: { readonly overrides: { readonly wasmBinary: ArrayBuffer } }): void;
  writeBarcode(text: string, options: { readonly format: string }): Promise<{ error: string; symbol: Symbol }>;
};

// The package of the scanner stands on this one; it is none of the project's own, and its types are not seen from here.
const near = createRequire(createRequire(import.meta.url).resolve('barcode-detector/ponyfill'));

function openWriter(): Writer {
  const writer: Writer = near('zxing-wasm/writer');
  const wasm = readFileSync(near.resolve('zxing-wasm/writer/zxing_writer.wasm'));
  writer.prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(wasm).buffer } });
  return writer;
}

const width = 640;
const height = 480;
const light = 235;
const dark = 20;

/** The symbol in the middle of a grey wall, as large as fits; what is no square is drawn as tall as it says. */
function frame({ data, width: columns, height: rows }: Symbol): Buffer {
  const scale = Math.floor(Math.min((width * 0.8) / columns, (height * 0.8) / rows));
  const luma = Buffer.alloc(width * height, light);
  const [left, top] = [(width - columns * scale) >> 1, (height - rows * scale) >> 1];
  for (let y = 0; y < rows * scale; y++) {
    for (let x = 0; x < columns; x++) {
      const isDark = data[Math.floor(y / scale) * columns + x] === 0;
      const at = (top + y) * width + left + x * scale;
      if (isDark) luma.fill(dark, at, at + scale);
    }
  }
  return Buffer.concat([Buffer.from('FRAME\n'), luma, Buffer.alloc((width * height) / 2, 128)]);
}

/** A film for Chromium's fake camera: the label before a wall, for ever. */
export async function filmOf({ format, text }: Label, file: string): Promise<void> {
  const { error, symbol } = await openWriter().writeBarcode(text, { format });
  if (error !== '') throw new Error(`${format}: ${error}`);
  const head = Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\n`);
  writeFileSync(file, Buffer.concat([head, frame(symbol)]));
}
