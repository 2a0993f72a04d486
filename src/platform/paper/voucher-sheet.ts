import PDFDocument from 'pdfkit';
import { qrSquares } from '#platform/qr.ts';
import type { VoucherSheetPaper } from './papers.ts';
import { plainText } from './plain-text.ts';
import { drawQr } from './qr-picture.ts';
import { bytesOf } from './sheet.ts';
import { voucherLines } from './voucher-lines.ts';
import { word } from './words.ts';

/** Cards on an A4 page, in points. */
const grid = { columns: 3, rows: 8, left: 28, top: 28, width: 179.7, height: 98, picture: 62 } as const;
const onAPage = grid.columns * grid.rows;

type Card = {
  readonly no: string;
  readonly lines: readonly string[];
  readonly company: string;
  readonly colour: string;
};

function drawCard(
  doc: PDFKit.PDFDocument,
  card: Card,
  { no, code }: { no: number; code: string },
  x: number,
  y: number,
) {
  doc.rect(x, y, grid.width, grid.height).dash(2, { space: 2 }).lineWidth(0.4).strokeColor('#9ca3af').stroke().undash();
  drawQr(doc, qrSquares(code), x + 8, y + 8, grid.picture);
  const beside = x + grid.picture + 18;
  const line = { lineBreak: false } as const;
  doc
    .font('Helvetica-Bold')
    .fontSize(8)
    .fillColor(card.colour)
    .text(card.company, beside, y + 9, line);
  doc
    .font('Helvetica-Bold')
    .fontSize(11)
    .fillColor('#000000')
    .text(card.lines[0] ?? '', beside, y + 20, line);
  doc.font('Helvetica').fontSize(7.5);
  card.lines.slice(1).forEach((text, i) => {
    doc.text(text, beside, y + 34 + i * 10, line);
  });
  doc.text(`${card.no} ${no}`, beside, y + 64, line);
  doc
    .font('Courier-Bold')
    .fontSize(9.5)
    .text(code, x + 8, y + grid.height - 19, line);
}

/** Cut to what fits a card in its font; measured once for a batch. */
function fitting(doc: PDFKit.PDFDocument, text: string, font: string, size: number): string {
  const plain = plainText(text);
  doc.font(font).fontSize(size);
  const room = grid.width - grid.picture - 22;
  let cut = plain;
  while (cut.length > 1 && doc.widthOfString(cut) > room) cut = cut.slice(0, -1);
  return cut;
}

/** Cards to cut out, each with its code, the code as QR, and what it is worth (spec R4). */
export function voucherSheetPdf(paper: VoucherSheetPaper): Promise<Uint8Array> {
  const { head, vouchers } = paper;
  const { language } = head;
  const doc = new PDFDocument({
    size: 'A4',
    margin: 0,
    lang: language,
    info: { Title: 'Voucher', Creator: 'Jembatan' },
  });
  const [days = '', ...texts] = voucherLines(paper);
  const card: Card = {
    no: word(language, 'voucherNo'),
    company: fitting(doc, head.company, 'Helvetica-Bold', 8),
    colour: head.colour ?? '#1f2937',
    lines: [fitting(doc, days, 'Helvetica-Bold', 11), ...texts.map((text) => fitting(doc, text, 'Helvetica', 7.5))],
  };
  vouchers.forEach((voucher, n) => {
    if (n > 0 && n % onAPage === 0) doc.addPage();
    const place = n % onAPage;
    const x = grid.left + (place % grid.columns) * grid.width;
    drawCard(doc, card, voucher, x, grid.top + Math.floor(place / grid.columns) * grid.height);
  });
  return bytesOf(doc);
}
