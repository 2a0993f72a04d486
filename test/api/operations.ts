/** The part of a JSON Schema that the tests read; `$ref` is followed by `resolved`. */
export type Schema = {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly default?: unknown;
  readonly example?: unknown;
  readonly examples?: readonly unknown[];
};

type Content = Readonly<Record<string, { readonly schema?: Schema; readonly example?: unknown }>>;
export type Parameter = {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: Schema;
};
type Described = {
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly object[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
  readonly 'x-permission'?: string;
};
export type Document = {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
  readonly [more: string]: unknown;
};

/** One method of one path, as the document describes it. `at` is its name: `post /api/v1/customers`. */
export type Operation = Described & { readonly at: string; readonly method: string; readonly path: string };

const methods = new Set(['get', 'post', 'put', 'patch', 'delete']);

export const operationsOf = (document: Document): readonly Operation[] =>
  Object.entries(document.paths).flatMap(([path, described]) =>
    Object.entries(described)
      .filter(([method]) => methods.has(method))
      .map(([method, operation]) => ({ ...operation, at: `${method} ${path}`, method, path })),
  );

/** The schema itself where `schema` only names it. */
export function resolved(document: Document, schema: Schema): Schema {
  const name = schema.$ref?.replace('#/components/schemas/', '');
  if (name === undefined) return schema;
  const found = document.components.schemas[name];
  if (!found) throw new Error(`the document names ${schema.$ref}, which it does not hold`);
  return resolved(document, found);
}

/** The JSON that an operation takes; undefined: none. */
export const bodySchema = (document: Document, { requestBody }: Operation): Schema | undefined => {
  const schema = requestBody?.content['application/json']?.schema;
  return schema && resolved(document, schema);
};

export const isPublic = ({ security }: Operation): boolean => security?.length === 0;
/** What changes something, and is the hub's own API. */
export const writes = ({ method, path }: Operation): boolean => method !== 'get' && path.startsWith('/api/');
