import fc from 'fast-check';
import { type Document, resolved, type Schema } from '../operations.ts';

const typesOf = ({ type }: Schema): readonly string[] => (typeof type === 'string' ? [type] : (type ?? []));

const texts: Readonly<Record<string, fc.Arbitrary<string>>> = {
  uuid: fc.uuid({ version: 4 }),
  email: fc.emailAddress().map((address) => address.slice(0, 200)),
  'date-time': fc
    .date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })
    .map((at) => at.toISOString()),
  date: fc
    .date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })
    .map((at) => at.toISOString().slice(0, 10)),
  ipv4: fc.ipV4(),
  ip: fc.ipV4(),
  uri: fc.constant('http://127.0.0.1:9'),
};

function textOf({ format, pattern, minLength = 0, maxLength }: Schema): fc.Arbitrary<string> {
  const most = Math.min(maxLength ?? 300, 300);
  if (format !== undefined && texts[format]) return texts[format];
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern)).filter((text) => text.length <= most);
  return fc.string({ unit: 'grapheme', minLength, maxLength: Math.max(most, minLength) });
}

function numberOf({ minimum, maximum, exclusiveMinimum }: Schema): fc.Arbitrary<number> {
  const min = Math.max(
    minimum ?? Number.MIN_SAFE_INTEGER,
    exclusiveMinimum === undefined ? -Infinity : exclusiveMinimum + 1,
  );
  const max = Math.min(maximum ?? Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  const edges = fc.constantFrom(...new Set([min, max]));
  // No whole number lies between them.
  if (Math.ceil(min) > Math.floor(max)) return fc.constant(max);
  return fc.oneof(edges, fc.integer({ min: Math.ceil(min), max: Math.floor(max) }));
}

function ofType(document: Document, schema: Schema, type: string, depth: number): fc.Arbitrary<unknown> {
  switch (type) {
    case 'string':
      return textOf(schema);
    case 'integer':
    case 'number':
      return numberOf(schema);
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return fc.array(arbitraryOf(document, schema.items ?? {}, depth + 1), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.max(schema.minItems ?? 0, Math.min(schema.maxItems ?? 3, 3)),
      });
    default:
      return objectOf(document, schema, depth);
  }
}

function objectOf(
  document: Document,
  { properties = {}, required = [] }: Schema,
  depth: number,
): fc.Arbitrary<unknown> {
  const fields = Object.fromEntries(
    Object.entries(properties).map(([name, field]) => [name, arbitraryOf(document, field, depth + 1)]),
  );
  return fc.record(fields, { requiredKeys: [...required] });
}

/** Values that the document allows for a schema. */
export function arbitraryOf(document: Document, given: Schema, depth = 0): fc.Arbitrary<unknown> {
  const schema = resolved(document, given);
  if (depth > 6) return fc.constant(null);
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return fc.oneof(...choices.map((choice) => arbitraryOf(document, choice, depth + 1)));
  if (schema.allOf) {
    return fc
      .tuple(...schema.allOf.map((part) => arbitraryOf(document, part, depth + 1)))
      .map((parts) => Object.assign({}, ...parts));
  }
  const types = typesOf(schema);
  if (types.length === 0) return schema.properties ? objectOf(document, schema, depth) : fc.jsonValue();
  return fc.oneof(...types.map((type) => ofType(document, schema, type, depth)));
}

/** Things that are hardly ever allowed anywhere, and have broken programs before. */
export const nastyValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    '',
    ' ',
    '\u0000',
    '\ud800',
    '\u202e\u200b',
    'x'.repeat(10_001),
    0,
    -0,
    -1,
    1.5,
    1e308,
    9007199254740992,
    true,
    [],
    {},
    [[]],
    { $gt: '' },
    "'; DROP TABLE tenants; --",
    '<script>alert(1)</script>',
    '../../etc/passwd',
    '%00',
  ),
  fc.jsonValue(),
);
