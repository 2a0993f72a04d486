import fc from 'fast-check';
import { bodySchema, type Document, isPublic, type Operation, type Schema } from '../operations.ts';
import { arbitraryOf, nastyValue } from './values.ts';

/** A way to ask an operation, well or with one rule broken. `expects`: the only statuses that are right. */
export type Attempt = {
  readonly operation: Operation;
  readonly kind: string;
  /** What the body's fields are replaced with; undefined: the field is left out. */
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly params?: Readonly<Record<string, string>>;
  readonly method?: string;
  readonly raw?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly token?: 'none' | 'broken';
  readonly twice?: boolean;
  readonly expects?: readonly number[];
};
type Part = Omit<Attempt, 'operation'>;

const changedFields = (document: Document, schema: Schema): readonly fc.Arbitrary<Part>[] => {
  const names = Object.keys(schema.properties ?? {});
  const properties = schema.properties ?? {};
  if (names.length === 0) return [];
  const one = fc.constantFrom(...names);
  const allowed = one.chain((name) =>
    arbitraryOf(document, properties[name] ?? {}).map(
      (value): Part => ({ kind: 'allowed value', fields: { [name]: value } }),
    ),
  );
  const nasty = fc
    .tuple(one, nastyValue)
    .map(([name, value]): Part => ({ kind: 'nasty value', fields: { [name]: value } }));
  const missing = one.map((name): Part => ({ kind: 'field left out', fields: { [name]: undefined } }));
  const extra = fc
    .tuple(fc.constantFrom('__proto__x', 'id', 'tenant_id', 'constructor', 'é'), nastyValue)
    .map(([name, value]): Part => ({ kind: 'field too many', fields: { [name]: value } }));
  return [allowed, allowed, nasty, nasty, missing, extra];
};

const brokenBodies: fc.Arbitrary<Part> = fc.oneof(
  fc
    .constantFrom('', '{', '[]', 'null', '"text"', '{"a":1}}', '{"a":\u0000}', `${'['.repeat(20_000)}`)
    .map((raw): Part => ({ kind: 'no such JSON', raw, expects: [400] })),
  fc
    .constantFrom('text/plain', 'application/xml', 'application/x-www-form-urlencoded', 'multipart/form-data', 'x')
    .map((type): Part => ({ kind: 'other content type', headers: { 'content-type': type }, expects: [400] })),
);

/** What a path answers to: `/things/{id}` also answers for `/things/statistics`. */
const methodsAt = (document: Document, path: string): readonly string[] =>
  Object.entries(document.paths)
    .filter(([template]) => new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`).test(path))
    .flatMap(([, described]) => Object.keys(described).map((method) => method.toUpperCase()));

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

function wrongMethods(document: Document, operation: Operation): readonly fc.Arbitrary<Part>[] {
  const known = methodsAt(document, operation.path);
  const rest = methods.filter((method) => !known.includes(method));
  const refused = isPublic(operation) ? [401] : [404, 400, 403];
  return rest.length === 0
    ? []
    : [fc.constantFrom(...rest).map((method): Part => ({ kind: 'wrong method', method, expects: refused }))];
}

function parameters({ parameters: all = [] }: Operation): readonly fc.Arbitrary<Part>[] {
  const text = fc.oneof(
    fc.constantFrom('', '-1', '0', '1e9', 'null', '\u0000', '%', "'", '../..', 'x'.repeat(3_000), '💣'),
    fc.string({ maxLength: 50 }),
    fc.uuid(),
  );
  return all
    .filter((parameter) => parameter.in === 'query' || parameter.in === 'path')
    .map(({ name, in: where }) =>
      text
        // A short number may be the id of something that is there.
        .filter((value) => where === 'query' || !/^(|\.{1,2}|\d{1,6})$/.test(value))
        .map(
          (value): Part =>
            where === 'query'
              ? { kind: 'query', query: { [name]: value } }
              : { kind: 'path parameter', params: { [name]: value }, expects: [400, 404] },
        ),
    );
}

/** Every way to ask one operation. */
function partsOf(document: Document, operation: Operation): fc.Arbitrary<Part> {
  const schema = bodySchema(document, operation);
  const ways: fc.Arbitrary<Part>[] = [
    fc.constant<Part>({ kind: 'as it should be' }),
    ...(schema ? [...changedFields(document, schema), brokenBodies] : []),
    ...wrongMethods(document, operation),
    ...parameters(operation),
    ...(operation.method === 'delete' ? [fc.constant<Part>({ kind: 'use after delete', twice: true })] : []),
    ...(isPublic(operation)
      ? []
      : [
          fc.constantFrom<Part>(
            { kind: 'no token', token: 'none', expects: [401] },
            { kind: 'broken token', token: 'broken', expects: [401] },
          ),
        ]),
  ];
  return fc.oneof(...ways);
}

export const attempts = (document: Document, operations: readonly Operation[]): fc.Arbitrary<Attempt> =>
  fc.constantFrom(...operations).chain((operation) =>
    partsOf(document, operation).map((part) => ({
      ...part,
      operation,
      [fc.toStringMethod]: () => `${operation.at} ${JSON.stringify(part)}`,
    })),
  );
