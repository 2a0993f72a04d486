import QRCode from 'qrcode';

/** A QR code as squares: `isDark(x, y)` for 0 <= x, y < size, without the quiet zone around it. */
export type QrSquares = { readonly size: number; readonly isDark: (x: number, y: number) => boolean };

/** The squares of a text, with enough repair for a screen or a printed sheet (level M); throws where it is too long. */
export function qrSquares(text: string): QrSquares {
  const { modules } = QRCode.create(text, { errorCorrectionLevel: 'M' });
  return { size: modules.size, isDark: (x, y) => modules.get(y, x) === 1 };
}

/** Four squares of light around the code: what scanners need (ISO/IEC 18004). */
const quiet = 4;

/** The same as SVG that fills what it stands in; it holds nothing of the text but squares. */
export function qrSvg(text: string): string {
  const { size, isDark } = qrSquares(text);
  const rows: string[] = [];
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      if (!isDark(x, y)) continue;
      let width = 1;
      while (x + width < size && isDark(x + width, y)) width += 1;
      rows.push(`M${x + quiet} ${y + quiet}h${width}v1h-${width}z`);
      x += width;
    }
  }
  const side = size + 2 * quiet;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${side} ${side}" role="img" aria-label="QR">`;
  return `${svg}<rect width="${side}" height="${side}" fill="#fff"/><path d="${rows.join('')}" fill="#000" shape-rendering="crispEdges"/></svg>`;
}
