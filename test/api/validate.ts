import { isIP } from 'node:net';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Document, Operation, Schema } from './operations.ts';

/** What is wrong with a value, in words; null: nothing. */
export type Check = (value: unknown) => string | null;

/** Checks values against the schemas of a document, `$ref`s and formats included. */
export function checker(document: Document): (schema: Schema) => Check {
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true });
  addFormats.default(ajv);
  ajv.addFormat('ip', (text) => isIP(text) !== 0);
  ajv.addSchema({ $id: 'document', components: document.components });
  const compiled = new Map<Schema, Check>();
  return (schema) => {
    const known = compiled.get(schema);
    if (known) return known;
    const text = JSON.stringify(schema).replaceAll('"#/components/', '"document#/components/');
    const validate = ajv.compile(JSON.parse(text));
    const check: Check = (value) => (validate(value) ? null : ajv.errorsText(validate.errors));
    compiled.set(schema, check);
    return check;
  };
}

/** What an operation says that it answers with a status: JSON of this schema; undefined: no JSON. */
export const answerSchema = ({ responses }: Operation, status: number): Schema | undefined =>
  responses[String(status)]?.content?.['application/json']?.schema;

/** What is wrong with an answer by the document: an undocumented status, or a body of another form; null: nothing. */
export function answerFault(
  check: (schema: Schema) => Check,
  operation: Operation,
  { status, json, text }: { readonly status: number; readonly json: unknown; readonly text: string },
): string | null {
  if (!(String(status) in operation.responses)) return `${status} is not documented: ${text.slice(0, 200)}`;
  const schema = answerSchema(operation, status);
  if (!schema) return null;
  const fault = check(schema)(json);
  return fault === null ? null : `${status} has another form than documented: ${fault}`;
}
