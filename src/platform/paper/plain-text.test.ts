import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainText } from './plain-text.ts';

describe('text for the standard fonts', () => {
  it('is kept where they have its signs', () => {
    const text = 'Jl. Melati No. 5 – “Café Ñandú” €12 ½';
    expect(plainText(text)).toBe(text);
  });

  it('loses marks and shows what is left over as one sign each', () => {
    expect(plainText('Nguyễn Dūng')).toBe('Nguyen Dung');
    expect(plainText('Budi 👨‍👩‍👧 ok')).toBe('Budi ? ok');
    expect(plainText('北京')).toBe('??');
  });

  it('has no controls, line breaks or signs that turn the direction', () => {
    expect(plainText('a\u0000b\nc\r\nd\u202ee\u200bf\u0085g')).toBe('a b c def g');
  });

  it('L2: any text becomes text that can be written', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }), (one, other) => {
        for (const text of [one, other])
          expect(plainText(text)).toMatch(/^[\x20-\x7e\xa0-\xff€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]*$/);
      }),
    );
  });
});
