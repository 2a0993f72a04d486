import { err, ok, type Result } from '#domain/result.ts';

/** A string, or a number that stands outside of strings. What is neither is left for `JSON.parse` to judge. */
const stringOrNumber = /"[^"\\]*(?:\\.[^"\\]*)*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/gs;

/**
 * Parses JSON with every number kept as the text that the sender wrote (`50.0` → `"50.0"`), so that an amount never
 * passes through binary floating point and an integer above 2^53 is not silently another one. Refuses whatever
 * `JSON.parse` refuses.
 */
export function parseExactJson(text: string): Result<unknown, 'not_json'> {
  try {
    // Quoting makes keys out of bare numbers, so the original must be judged as well.
    JSON.parse(text);
    return ok(JSON.parse(text.replace(stringOrNumber, (token) => (token.startsWith('"') ? token : `"${token}"`))));
  } catch {
    // SyntaxError, or RangeError from an absurdly long token: either way the sender's text is no answer.
    return err('not_json');
  }
}
