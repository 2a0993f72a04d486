import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { remarkText, routerosText } from './routeros-text.ts';

/** What RouterOS makes of a command line: its words, with strings read as it reads them; null: a command would begin. */
function asRouterReads(line: string): string | null {
  if (!line.startsWith('"')) return null;
  const bytes: number[] = [];
  for (let at = 1; at < line.length; at += 1) {
    const one = line[at] ?? '';
    if (one === '"') return at === line.length - 1 ? Buffer.from(bytes).toString('utf8') : null;
    // `$` begins a variable; a raw line end ends the command; `?` asks a terminal for help.
    if ('$\n\r?'.includes(one)) return null;
    if (one !== '\\') {
      bytes.push(...Buffer.from(one));
      continue;
    }
    const hex = line.slice(at + 1, at + 3);
    if (!/^[0-9A-F]{2}$/.test(hex)) return null;
    bytes.push(Number.parseInt(hex, 16));
    at += 2;
  }
  return null;
}

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({
    unit: fc.constantFrom('"', '\\', '$', ';', '\n', '\r', '[', ']', '{', '}', '?', 'a', ' ', 'é', '😀'),
    maxLength: 40,
  }),
);

describe('a text in a RouterOS script', () => {
  it('R10: whatever it holds, the router reads the same text, and nothing beside it', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(asRouterReads(routerosText(text))).toBe(text.toWellFormed());
      }),
      { numRuns: 2_000 },
    );
  });

  it('control: with quotation marks and backslashes escaped alone, a name becomes a command or a variable', () => {
    const naive = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;
    expect(asRouterReads(naive('budi"; /system reset'))).not.toBe('budi"; /system reset');
    expect(asRouterReads(naive('$secret'))).toBeNull();
    expect(asRouterReads(naive('a\n/system reboot'))).toBeNull();
  });

  it('a remark stays on its line', () => {
    const line = /^[A-Za-z0-9 ._:/@,=+-]*$/;
    fc.assert(
      fc.property(hostile, (text) => line.test(remarkText(text))),
      { numRuns: 500 },
    );
  });
});
