/** What the standard fonts of PDF can write beside Latin-1 (WinAnsi). */
const further = '€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ';
const simple = /^[\x20-\x7e\xa0-\xff]*$/;
const writable = new RegExp(`^[\\x20-\\x7e\\xa0-\\xff${further}]+$`);
const unseen = /^[\p{Cf}\u00ad]+$/u;
const blank = /^[\s\p{Cc}]+$/u;

const pieces = new Intl.Segmenter('id', { granularity: 'grapheme' });

function writtenAs(piece: string): string {
  if (writable.test(piece)) return piece;
  if (unseen.test(piece)) return '';
  if (blank.test(piece)) return ' ';
  const bare = piece.normalize('NFKD').replace(/\p{M}/gu, '');
  return writable.test(bare) ? bare : '?';
}

/**
 * Text as the standard fonts can write it: letters lose marks that they have no sign for, and what is left (an emoji, a
 * script) is one question mark each. Controls become blanks, and signs that turn the direction of writing go.
 */
export function plainText(text: string): string {
  if (simple.test(text)) return text;
  return [...pieces.segment(text.normalize('NFC'))].map(({ segment }) => writtenAs(segment)).join('');
}
