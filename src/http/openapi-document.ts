import { keyHeader, takesKey } from '#http/idempotency.ts';
import { type DescribedSchema, exampleOf, followed, type Schemas } from '#http/openapi-example.ts';
import { type RefusalCode, refusalStatus } from '#platform/refusal.ts';

type Media = { schema?: DescribedSchema; example?: unknown };
type Content = Record<string, Media>;
type Answer = { description: string; content?: Content; headers?: Record<string, unknown> };
type Parameter = { name: string; in: string; required?: boolean; description?: string; schema: DescribedSchema };
type Operation = {
  tags?: readonly string[];
  security?: readonly object[];
  parameters?: Parameter[];
  requestBody?: { content: Content };
  responses: Record<string, Answer>;
};
type Path = Record<string, Operation>;

/** What the document is made into: the same object, with what holds for every route filled in. */
export type OpenApiDocument = {
  openapi: string;
  paths: Record<string, Path>;
  components?: { schemas?: Schemas };
};

const json = 'application/json';
const isGood = (status: string): boolean => status.startsWith('2');
const text = (description: string): Omit<Parameter, 'name' | 'in'> => ({ description, schema: { type: 'string' } });

/** Which refusals a route may answer with besides its own: those of the doors before it. */
function doorsRefuse(path: string, method: string, operation: Operation): readonly RefusalCode[] {
  const isOpen = operation.security?.length === 0;
  const takesInput = operation.requestBody !== undefined || (operation.parameters ?? []).length > 0;
  return [
    ...(isOpen ? [] : (['UNAUTHORIZED', 'FORBIDDEN'] as const)),
    ...(takesInput ? (['VALIDATION_ERROR'] as const) : []),
    ...(operation.requestBody ? (['PAYLOAD_TOO_LARGE'] as const) : []),
    ...(takesKey(method, path) || isConditional(method) ? (['CONFLICT'] as const) : []),
    'RATE_LIMIT',
    'INTERNAL_ERROR',
    'UNAVAILABLE',
  ];
}

/** Whether `If-Match` says anything about a method. */
const isConditional = (method: string): boolean => ['patch', 'put', 'delete'].includes(method);

function addRefusals(path: string, method: string, operation: Operation): void {
  for (const code of doorsRefuse(path, method, operation)) {
    const status = String(refusalStatus[code]);
    const stated = operation.responses[status];
    const content = { [json]: { schema: { $ref: '#/components/schemas/Error' } } };
    operation.responses[status] = stated ?? { description: code, content };
    if (stated && !stated.description.includes(code)) stated.description += `, ${code}`;
  }
}

function addParameters(path: string, method: string, operation: Operation, hasGet: boolean): void {
  operation.parameters ??= [];
  if (takesKey(method, path)) {
    const told = 'Sent again with the same request: the same answer, and the effect once. Kept for a month.';
    operation.parameters.push({ name: keyHeader, in: 'header', ...text(told) });
  }
  if (isConditional(method) && hasGet) {
    const told = 'An ETag of the same path. 409 where it is another one by now.';
    operation.parameters.push({ name: 'If-Match', in: 'header', ...text(told) });
  }
}

/** What every JSON answer to a GET can do: be cut down to some fields, and be answered by 304. */
function addReading(operation: Operation, hasFields: boolean): void {
  const told = 'Names of fields, with commas between them: nothing else of each row is answered.';
  if (hasFields) operation.parameters?.push({ name: 'fields', in: 'query', ...text(told) });
  operation.parameters?.push({ name: 'If-None-Match', in: 'header', ...text('An ETag: 304 where it still holds.') });
  operation.responses['304'] = { description: 'What the ETag stands for still holds' };
  const good = operation.responses['200'];
  if (good) good.headers = { ...good.headers, ETag: { schema: { type: 'string' } } };
}

function addExamples(schemas: Schemas, operation: Operation): void {
  const answers = Object.entries(operation.responses).filter(([status]) => isGood(status));
  for (const content of [operation.requestBody?.content, ...answers.map(([, answer]) => answer.content)]) {
    const media = content?.[json];
    if (media?.schema && media.example === undefined) media.example = exampleOf(schemas, media.schema);
  }
}

/** Fills in what holds for every route under `/api/v1`: the doors' refusals and headers, and examples (spec O3). */
export function completed<D extends OpenApiDocument>(document: D): D {
  const schemas = document.components?.schemas ?? {};
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      addExamples(schemas, operation);
      if (operation.tags) operation.tags = operation.tags.map((tag) => tag.toLowerCase());
      if (!path.startsWith('/api/v1/')) continue;
      addParameters(path, method, operation, 'get' in methods);
      if (method === 'get' && operation.responses['200']?.content?.[json])
        addReading(operation, fieldsOf(document, path) !== null);
      addRefusals(path, method, operation);
    }
  }
  return document;
}

/** The top-level fields of what a GET answers: of a row, where it is a list; null: it has none that could be chosen. */
export function fieldsOf(document: OpenApiDocument, path: string): ReadonlySet<string> | null {
  const schemas = document.components?.schemas ?? {};
  const answer = document.paths[path]?.get?.responses['200']?.content?.[json]?.schema;
  if (!answer) return null;
  const whole = propertiesOf(schemas, answer);
  const rows = whole.data?.items ?? followed(schemas, whole.data ?? {}).items;
  const fields = Object.keys(rows ? propertiesOf(schemas, rows) : whole);
  return fields.length === 0 ? null : new Set(fields);
}

function propertiesOf(schemas: Schemas, schema: DescribedSchema): Readonly<Record<string, DescribedSchema>> {
  const found = followed(schemas, schema);
  return Object.assign({}, found.properties, ...(found.allOf ?? []).map((part) => propertiesOf(schemas, part)));
}
