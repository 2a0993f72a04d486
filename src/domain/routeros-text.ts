/** Characters that mean nothing to RouterOS inside quotation marks, nor to its terminal while they are typed. */
const plain = /^[A-Za-z0-9 ._:/@,=+-]$/;

/**
 * A text as a RouterOS string, quotation marks included. All but plain characters go as `\XX`, the hexadecimal of their
 * UTF-8 bytes (MikroTik, "Scripting: constant escape sequences"), so that no name ends the string, begins a command or
 * a variable, or asks the terminal for help.
 */
export function routerosText(text: string): string {
  const escaped = [...text].map((character) => {
    if (plain.test(character)) return character;
    return [...utf8(character)].map((byte) => `\\${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
  });
  return `"${escaped.join('')}"`;
}

/** UTF-8 of one character; of half a surrogate pair that of U+FFFD. */
function utf8(character: string): readonly number[] {
  const point = character.isWellFormed() ? (character.codePointAt(0) ?? 0) : 0xfffd;
  if (point < 0x80) return [point];
  const tail = (shift: number): number => 0x80 | ((point >> shift) & 0x3f);
  if (point < 0x800) return [0xc0 | (point >> 6), tail(0)];
  if (point < 0x10000) return [0xe0 | (point >> 12), tail(6), tail(0)];
  return [0xf0 | (point >> 18), tail(12), tail(6), tail(0)];
}

/** What may stand in a remark of a script, on one line: everything else is left out. */
export const remarkText = (text: string): string => text.replace(/[^A-Za-z0-9 ._:/@,=+-]/g, '');
