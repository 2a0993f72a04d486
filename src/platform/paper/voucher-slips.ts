import PDFDocument from 'pdfkit';
import { qrSquares } from '#platform/qr.ts';
import type { VoucherSheetPaper } from './papers.ts';
import { plainText } from './plain-text.ts';
import { drawQr } from './qr-picture.ts';
import { bytesOf } from './sheet.ts';
import { voucherLines } from './voucher-lines.ts';
import { word } from './words.ts';

/** Paper of 58 mm, of which a receipt printer marks 48 in the middle; in points. */
const slip = { width: 164.4, height: 224, margin: 14.2, picture: 104 } as const;
const room = slip.width - 2 * slip.margin;

/** The largest size up to `most` at which a text stands on one line. */
function sizeFor(doc: PDFKit.PDFDocument, text: string, font: string, most: number): number {
  const width = doc.font(font).fontSize(most).widthOfString(text);
  return width <= room ? most : Math.max(5, (most * room) / width);
}

function centred(doc: PDFKit.PDFDocument, text: string, font: string, most: number, y: number): void {
  const plain = plainText(text);
  doc.fontSize(sizeFor(doc, plain, font, most)).font(font);
  const options = { width: room, align: 'center', height: most + 3, ellipsis: true } as const;
  doc.fillColor('#000000').text(plain, slip.margin, y, options);
}

/** A page of its own for each, black on white: a shop's printer cuts, or the shopkeeper tears (spec S1). */
export function voucherSlipsPdf(paper: VoucherSheetPaper): Promise<Uint8Array> {
  const { head, vouchers } = paper;
  const doc = new PDFDocument({
    size: [slip.width, slip.height],
    margin: 0,
    autoFirstPage: false,
    lang: head.language,
    info: { Title: 'Voucher', Creator: 'Jembatan' },
  });
  const [days = '', ...lines] = voucherLines(paper);
  for (const { no, code } of vouchers) {
    doc.addPage();
    centred(doc, head.company, 'Helvetica-Bold', 9, 8);
    centred(doc, days, 'Helvetica-Bold', 14, 20);
    drawQr(doc, qrSquares(code), (slip.width - slip.picture) / 2, 40, slip.picture);
    centred(doc, code, 'Courier-Bold', 11, 150);
    lines.forEach((text, n) => {
      centred(doc, text, 'Helvetica', 8, 167 + n * 11);
    });
    centred(doc, `${word(head.language, 'voucherNo')} ${no}`, 'Helvetica', 7, 204);
  }
  return bytesOf(doc);
}
