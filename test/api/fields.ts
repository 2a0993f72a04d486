import { bodySchema, type Document, type Operation, resolved, type Schema } from './operations.ts';

/** Free text: neither a form of its own, nor one of a few words, nor the name of something. */
const isText = ({ type, format, pattern, enum: among }: Schema): boolean =>
  (type === 'string' || (Array.isArray(type) && type.includes('string'))) &&
  format === undefined &&
  pattern === undefined &&
  among === undefined;

/** The fields of an operation's body, by name. */
export function fieldsIn(document: Document, operation: Operation): Readonly<Record<string, Schema>> {
  const schema = bodySchema(document, operation);
  const parts = [schema, ...(schema?.allOf ?? []).map((part) => resolved(document, part))];
  return Object.assign({}, ...parts.map((part) => part?.properties));
}

/** The names of the body's fields that take any text. */
export const textFields = (document: Document, operation: Operation): readonly string[] =>
  Object.entries(fieldsIn(document, operation))
    .filter(([, schema]) => isText(resolved(document, schema)))
    .map(([name]) => name);
