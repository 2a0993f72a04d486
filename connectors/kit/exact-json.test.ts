import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseExactJson } from './exact-json.ts';

function numbersAsText(value: unknown): unknown {
  if (typeof value === 'number') return JSON.stringify(value);
  if (Array.isArray(value)) return value.map(numbersAsText);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, numbersAsText(inner)]));
}

describe('exact JSON', () => {
  it('any JSON keeps its shape and its strings; only numbers become the text they were', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(3), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(parseExactJson(text)).toEqual({ ok: true, value: numbersAsText(JSON.parse(text)) });
      }),
      { numRuns: 2000 },
    );
  });

  it('any text that JSON.parse refuses is refused, however it is damaged', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), fc.constantFrom('1', '"', '-', '.', ',', '{', '\\', 'e'), (text, at, junk) => {
        const damaged = text.slice(0, at % (text.length + 1)) + junk + text.slice(at % (text.length + 1));
        let valid = true;
        try {
          JSON.parse(damaged);
        } catch {
          valid = false;
        }
        expect(parseExactJson(damaged).ok).toBe(valid);
      }),
      { numRuns: 2000 },
    );
  });

  it('digits beyond 2^53 and trailing zeros survive', () => {
    expect(parseExactJson('{"a": 9007199254740993, "b": [50.0, -0.10, 1e400], "c": "7 \\" 8"}')).toEqual({
      ok: true,
      value: { a: '9007199254740993', b: ['50.0', '-0.10', '1e400'], c: '7 " 8' },
    });
  });

  it.each(['', '{', '{"a":01}', '{1:2}', '[1.]', '[.5]', 'NaN', '<html>', '[1 2]', '"a'])('%s is no JSON', (text) => {
    expect(parseExactJson(text)).toEqual({ ok: false, error: 'not_json' });
  });

  it('200,000 nested arrays and a five megabyte string are answered, not crashed on', () => {
    expect(parseExactJson('['.repeat(200_000)).ok).toBe(false);
    expect(parseExactJson(JSON.stringify('x"1'.repeat(1_700_000))).ok).toBe(true);
  });
});
