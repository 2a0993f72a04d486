import { inflateSync } from 'node:zlib';

/** The content streams of a PDF that pdfkit made, unpacked, page by page. */
export function contentsOf(pdf: Uint8Array): readonly string[] {
  const whole = Buffer.from(pdf).toString('latin1');
  const contents: string[] = [];
  for (const { 1: head = '', index } of whole.matchAll(/obj\n<<\n?(.*?)>>\nstream\n/gs)) {
    if (!head.includes('/FlateDecode') || head.includes('/Subtype /Image')) continue;
    const start = whole.indexOf('stream\n', index) + 'stream\n'.length;
    const end = whole.indexOf('\nendstream', start);
    const text = inflateSync(Buffer.from(whole.slice(start, end), 'latin1')).toString('latin1');
    if (text.includes(' Tf')) contents.push(text);
  }
  return contents;
}

const written = (content: string): readonly string[] =>
  [...content.matchAll(/\[([^\]]*)\] TJ/g)].map(([, parts = '']) =>
    [...parts.matchAll(/<([0-9a-f]*)>/g)].map(([, hex = '']) => Buffer.from(hex, 'hex').toString('latin1')).join(''),
  );

/** What stands on each page, as one line of text; signs of WinAnsi beyond Latin-1 come as their octets. */
export const pagesOf = (pdf: Uint8Array): readonly string[] => contentsOf(pdf).map((page) => written(page).join(' '));
export const textOf = (pdf: Uint8Array): string => pagesOf(pdf).join('\n');
