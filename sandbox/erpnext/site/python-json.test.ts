import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compactSeparators, floatText, PythonFloat, pythonJson, redump } from './python-json.ts';

describe('JSON as Python writes it', () => {
  it('a whole float keeps its .0, an integer has none', () => {
    expect(pythonJson({ outstanding_amount: new PythonFloat(50), is_return: 0 })).toBe(
      '{"outstanding_amount": 50.0, "is_return": 0}',
    );
  });

  it.each([
    [0, '0.0'],
    [150000, '150000.0'],
    [-50, '-50.0'],
    [0.1, '0.1'],
    [1234.56, '1234.56'],
    [0.0001, '0.0001'],
    [0.00001, '1e-05'],
    [0.0000123, '1.23e-05'],
    [9007199254740992, '9007199254740992.0'],
    [1e16, '1e+16'],
    [1.5e300, '1.5e+300'],
  ])('float %d is %s', (value, text) => expect(floatText(value)).toBe(text));

  it('any float reads back as itself and never as an integer', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = floatText(value);
        expect(Number(text)).toBe(value === 0 ? 0 : value);
        expect(text).toMatch(/[.e]/);
      }),
      { numRuns: 500 },
    );
  });

  it('text is ASCII: everything else is escaped, one escape per UTF-16 unit', () => {
    expect(pythonJson('Toko Añu 📡\n"/')).toBe('"Toko A\\u00f1u \\ud83d\\udce1\\n\\"/"');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const dumped = pythonJson(text);
        expect(JSON.parse(dumped)).toBe(text);
        expect(dumped).toMatch(/^[ -\u007f]*$/);
      }),
      { numRuns: 150 },
    );
  });

  it('REST answers have no blanks between items', () => {
    expect(pythonJson({ data: [{ a: null, b: '' }] }, compactSeparators)).toBe('{"data":[{"a":null,"b":""}]}');
  });

  it('dumping again changes blanks and escapes only, and keeps the text of numbers', () => {
    expect(redump('{ "a":1.0,"b" :[ 2, "x:, y" ],"c":"ñ\\/" }')).toBe('{"a": 1.0, "b": [2, "x:, y"], "c": "\\u00f1/"}');
    expect(() => redump('{"a": "b"c"}')).toThrow(SyntaxError);
  });
});
