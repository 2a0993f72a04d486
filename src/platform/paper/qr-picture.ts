import type { QrSquares } from '#platform/qr.ts';

/**
 * A QR code as one inline picture of a bit for each square (PDF 32000 §8.9.7), light where it is 1: ten thousand of them
 * drawn as rectangles would be millions of operators. Its quiet zone is the white around it.
 */
export function drawQr(doc: PDFKit.PDFDocument, { size, isDark }: QrSquares, x: number, y: number, side: number): void {
  const bytesARow = Math.ceil(size / 8);
  const bits = Buffer.alloc(bytesARow * size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      if (isDark(column, row)) continue;
      const at = row * bytesARow + (column >> 3);
      bits.writeUInt8(bits.readUInt8(at) | (128 >> (column & 7)), at);
    }
  }
  doc.fillColor('#000000');
  doc.addContent(
    `q ${side} 0 0 ${-side} ${x.toFixed(2)} ${(y + side).toFixed(2)} cm\n` +
      `BI /W ${size} /H ${size} /IM true /BPC 1 /F /AHx ID\n${bits.toString('hex')}>\nEI Q`,
  );
}
