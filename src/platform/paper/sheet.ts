import PDFDocument from 'pdfkit';
import { moneyText } from '#domain/money-text.ts';
import { printableLogo } from './logo.ts';
import type { Addressee, Letterhead, Stamp } from './papers.ts';
import { plainText } from './plain-text.ts';
import { dateText, stampText, type Word, word } from './words.ts';

/** A4 in points. */
const page = { width: 595.28, height: 841.89, margin: 50, foot: 70 } as const;
const left = page.margin;
export const right = page.width - page.margin;
const bottom = page.height - page.foot;

const dark = '#1f2937';
const pale = '#6b7280';
const stampColours: Readonly<Record<Stamp, string>> = {
  paid: '#15803d',
  partly_paid: '#b45309',
  unpaid: '#b91c1c',
  overdue: '#b91c1c',
  cancelled: pale,
  reversed: pale,
};

export type Style = {
  readonly width?: number;
  readonly align?: 'left' | 'right' | 'center';
  readonly size?: number;
  readonly bold?: boolean;
  readonly colour?: string;
  /** At most so high; the rest is cut off with dots. */
  readonly height?: number;
};

/** A document under way, and where its next line begins. */
export type Sheet = {
  readonly doc: PDFKit.PDFDocument;
  readonly head: Letterhead;
  readonly colour: string;
  y: number;
};

/** Writes at a place; answers how high it came to be. */
function write({ doc }: Pick<Sheet, 'doc'>, text: string, x: number, y: number, style: Style = {}): number {
  const { width = right - x, align = 'left', size = 9, bold = false, colour = dark, height } = style;
  const plain = plainText(text);
  doc
    .font(bold ? 'Helvetica-Bold' : 'Helvetica')
    .fontSize(size)
    .fillColor(colour);
  const bounds = height === undefined ? {} : { height, ellipsis: true };
  const tall = Math.min(doc.heightOfString(plain, { width }), height ?? Number.POSITIVE_INFINITY);
  doc.text(plain, x, y, { width, align, ...bounds });
  return tall;
}

export const say = ({ head }: Sheet, name: Word): string => word(head.language, name);
export const money = ({ head }: Sheet, amount: bigint): string => moneyText(amount, head.currency, head.language);
export const date = ({ head }: Sheet, on: string): string => dateText(head.language, on);

function rule({ doc }: Sheet, y: number, colour = '#d1d5db'): void {
  doc.moveTo(left, y).lineTo(right, y).lineWidth(0.7).strokeColor(colour).stroke();
}

/** Goes on to a new page where there is not so much room; `atTop` writes what stands above each page's rows. */
function makeRoom(sheet: Sheet, height: number, atTop: () => void = () => undefined): void {
  if (sheet.y + height <= bottom) return;
  sheet.doc.addPage();
  sheet.y = page.margin;
  atTop();
}

/** What follows the logo's right edge; a picture that the writer of PDF does not understand is left out. */
function drawLogo({ doc, head, y }: Sheet): number {
  const logo = printableLogo(head.logo);
  if (!logo) return left;
  try {
    doc.image(logo, left, y, { fit: [110, 44], align: 'center', valign: 'center' });
    return left + 122;
  } catch {
    // A JPEG of a kind that PDF has not: the name says whose paper it is.
    return left;
  }
}

/** A fresh document with the tenant's name and picture, and what kind of paper it is. */
export function openSheet(head: Letterhead, title: Word): Sheet {
  // No text of anybody's stands outside of the pages' own packed streams.
  const words = { Title: word(head.language, title), Creator: 'Jembatan' };
  const margins = { top: page.margin, left: page.margin, right: page.margin, bottom: 0 };
  const doc = new PDFDocument({ size: 'A4', margins, bufferPages: true, lang: head.language, info: words });
  const sheet: Sheet = { doc, head, colour: head.colour ?? dark, y: 40 };
  const x = drawLogo(sheet);
  write(sheet, head.company, x, sheet.y + 8, { width: 290 - (x - left), size: 15, bold: true, height: 36 });
  write(sheet, word(head.language, title).toUpperCase(), 345, sheet.y + 8, {
    align: 'right',
    size: 16,
    bold: true,
    colour: sheet.colour,
  });
  doc.rect(left, 94, right - left, 3).fill(sheet.colour);
  sheet.y = 112;
  return sheet;
}

/** Pairs of a word and what it stands for, under each other. */
function facts(sheet: Sheet, x: number, pairs: readonly (readonly [Word, string | null])[]): number {
  let { y } = sheet;
  for (const [name, value] of pairs) {
    if (value === null) continue;
    write(sheet, say(sheet, name), x, y, { width: 90, colour: pale });
    y += write(sheet, value, x + 92, y, { width: right - x - 92, height: 24 }) + 4;
  }
  return y;
}

/** To whom it goes (a customer, or `as`), on the left; what is to be known of the paper, on the right; and its stamp. */
export function opening(
  sheet: Sheet,
  customer: Addressee,
  pairs: readonly (readonly [Word, string | null])[],
  stamp: Stamp | null,
  as: Word = 'customer',
): void {
  const { doc, head } = sheet;
  const top = sheet.y;
  write(sheet, say(sheet, as), left, top, { colour: pale });
  let y = top + 13;
  y += write(sheet, customer.name, left, y, { width: 220, size: 11, bold: true, height: 42 }) + 2;
  y += write(sheet, customer.code, left, y, { width: 220, height: 12 }) + 2;
  y += write(sheet, customer.address, left, y, { width: 220, height: 48 });
  const low = facts(sheet, 320, pairs);
  sheet.y = Math.max(y, low) + 14;
  if (stamp === null) return;
  const colour = stampColours[stamp];
  doc
    .roundedRect(320, low + 4, 160, 22, 3)
    .lineWidth(1.5)
    .strokeColor(colour)
    .stroke();
  write(sheet, stampText(head.language, stamp), 320, low + 10, {
    width: 160,
    align: 'center',
    bold: true,
    size: 11,
    colour,
  });
  sheet.y = Math.max(sheet.y, low + 40);
}

export type Column = {
  readonly name: Word;
  readonly x: number;
  readonly width: number;
  readonly align: 'left' | 'right';
};

/** Rows under their heads, which come again on each page. The first column may be several lines high. */
export function table(sheet: Sheet, columns: readonly Column[], rows: Iterable<readonly string[]>): void {
  const { doc } = sheet;
  const heads = (): void => {
    doc.rect(left, sheet.y, right - left, 18).fill(sheet.colour);
    for (const { name, x, width, align } of columns) {
      write(sheet, say(sheet, name), x, sheet.y + 5, { width, align, bold: true, colour: '#ffffff' });
    }
    sheet.y += 23;
  };
  makeRoom(sheet, 60);
  heads();
  for (const row of rows) {
    doc.font('Helvetica').fontSize(9);
    const widest = columns.map(({ width }, i) => doc.heightOfString(plainText(row[i] ?? ''), { width }));
    const height = Math.min(Math.max(...widest), 44);
    makeRoom(sheet, height + 8, heads);
    columns.forEach(({ x, width, align }, i) => {
      write(sheet, row[i] ?? '', x, sheet.y, { width, align, height });
    });
    sheet.y += height + 4;
    rule(sheet, sheet.y);
    sheet.y += 4;
  }
}

/** Sums under a table, on the right. */
export function sums(sheet: Sheet, rows: readonly (readonly [label: string, amount: bigint, bold?: boolean])[]): void {
  makeRoom(sheet, rows.length * 16 + 6);
  sheet.y += 4;
  for (const [label, amount, bold = false] of rows) {
    write(sheet, label, 280, sheet.y, { width: 160, align: 'right', bold });
    write(sheet, money(sheet, amount), 445, sheet.y, { width: right - 445 - 4, align: 'right', bold });
    sheet.y += 16;
  }
}

/** A paragraph under a heading; nothing for an empty one. */
export function paragraph(sheet: Sheet, heading: Word, text: string): void {
  if (text.trim() === '') return;
  makeRoom(sheet, 60);
  sheet.y += 12;
  write(sheet, say(sheet, heading), left, sheet.y, { bold: true });
  sheet.y += 13;
  for (const line of text.split('\n').slice(0, 40)) {
    makeRoom(sheet, 36);
    sheet.y += write(sheet, line.trim() === '' ? ' ' : line, left, sheet.y, { height: 160 }) + 2;
  }
}

/** Numbers the pages, and answers the document's bytes. */
export async function closeSheet(sheet: Sheet, foot: string): Promise<Uint8Array> {
  const { doc } = sheet;
  const { count } = doc.bufferedPageRange();
  for (let n = 0; n < count; n++) {
    doc.switchToPage(n);
    const numbered = `${say(sheet, 'page')} ${n + 1} ${say(sheet, 'of')} ${count}`;
    write(sheet, foot, left, page.height - 40, { width: 380, size: 8, colour: pale, height: 10 });
    write(sheet, numbered, 435, page.height - 40, { size: 8, align: 'right', colour: pale });
  }
  return bytesOf(doc);
}

export async function bytesOf(doc: PDFKit.PDFDocument): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  doc.end();
  for await (const chunk of doc) chunks.push(chunk as Buffer);
  return new Uint8Array(Buffer.concat(chunks));
}
