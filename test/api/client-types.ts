import { groupBy } from '#domain/group-by.ts';
import { type Document, type Operation, operationsOf, type Schema } from './operations.ts';

const refName = (schema: Schema): string | undefined => schema.$ref?.replace('#/components/schemas/', '');
const quoted = (name: string): string => (/^[A-Za-z_]\w*$/.test(name) ? name : `'${name}'`);
const typesOf = ({ type }: Schema): readonly string[] => (typeof type === 'string' ? [type] : (type ?? []));

function ofObject({ properties, required = [], additionalProperties }: Schema): string {
  if (!properties) {
    const value = typeof additionalProperties === 'object' ? typeOf(additionalProperties) : 'unknown';
    return `Readonly<Record<string, ${value}>>`;
  }
  const fields = Object.entries(properties).map(([name, field]) => {
    const mark = required.includes(name) ? '' : '?';
    return `${quoted(name)}${mark}: ${typeOf(field)}${mark === '' ? '' : ' | undefined'};`;
  });
  return `{ ${fields.join(' ')} }`;
}

function ofType(schema: Schema, type: string): string {
  switch (type) {
    case 'integer':
      return 'number';
    case 'array':
      return `readonly (${typeOf(schema.items ?? {})})[]`;
    case 'object':
      return ofObject(schema);
    default:
      return type;
  }
}

/** A schema as TypeScript. */
function typeOf(schema: Schema): string {
  const name = refName(schema);
  if (name !== undefined) return name;
  const literal = (value: unknown): string =>
    typeof value === 'string' ? `'${value.replaceAll("'", "\\'")}'` : String(value);
  if (schema.const !== undefined) return literal(schema.const);
  if (schema.enum) return schema.enum.map(literal).join(' | ');
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return choices.map(typeOf).join(' | ');
  if (schema.allOf) return schema.allOf.map((part) => `(${typeOf(part)})`).join(' & ');
  const types = typesOf(schema);
  if (types.length === 0) return schema.properties ? ofObject(schema) : 'unknown';
  return types.map((type) => ofType(schema, type)).join(' | ');
}

const json = (content?: Readonly<Record<string, { readonly schema?: Schema }>>): Schema | undefined =>
  content?.['application/json']?.schema;

function parametersOf({ parameters = [] }: Operation, where: 'path' | 'query'): string | null {
  const own = parameters.filter((parameter) => parameter.in === where);
  if (own.length === 0) return null;
  const isOptional = own.every(({ required }) => !required);
  const fields = own.map(
    ({ name, required, schema }) =>
      `${quoted(name)}${required ? '' : '?'}: ${typeOf(schema)}${required ? '' : ' | undefined'};`,
  );
  return `${where === 'path' ? 'params' : 'query'}${isOptional ? '?' : ''}: { ${fields.join(' ')} };`;
}

/** One operation as the client's table of operations has it. */
function entryOf(operation: Operation): string {
  const body = json(operation.requestBody?.content);
  const good = Object.entries(operation.responses).find(([status]) => status.startsWith('2'));
  const answer = json(good?.[1].content);
  const parts = [
    parametersOf(operation, 'path'),
    parametersOf(operation, 'query'),
    body ? `body: ${typeOf(body)};` : null,
    answer ? `answer: ${typeOf(answer)};` : null,
  ].filter((part) => part !== null);
  const name = `${operation.method.toUpperCase()} ${operation.path.replace('/api/v1', '')}`;
  return `'${name}': ${parts.length === 0 ? 'object' : `{ ${parts.join(' ')} }`};`;
}

const namesIn = (value: unknown): readonly string[] =>
  [...JSON.stringify(value).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name ?? '');

/** The names of all schemas that a value needs, those of its schemas included. */
function needed(document: Document, value: unknown, found = new Set<string>()): ReadonlySet<string> {
  for (const name of namesIn(value)) {
    if (found.has(name)) continue;
    found.add(name);
    needed(document, document.components.schemas[name], found);
  }
  return found;
}

/** A reseller's counter has many rooms: there the second part counts as well. */
const roomOf = ({ path }: Operation): string =>
  path
    .replace('/api/v1/', '')
    .replace(/^reseller\//, 'reseller-')
    .split('/')[0] ?? '';
const typeName = (room: string): string =>
  `${room.replace(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase())}Operations`;

/** What is sent or well answered; errors have a type of their own in the client. */
const spoken = ({ requestBody, responses, parameters }: Operation): unknown => [
  requestBody,
  parameters,
  Object.entries(responses).filter(([status]) => status.startsWith('2')),
];

/** The types of the client, a file a room: the first part of its paths. A schema stands where it is first needed. */
export function clientFiles(document: Document): ReadonlyMap<string, string> {
  const operations = operationsOf(document).filter(({ path }) => path.startsWith('/api/v1/'));
  const rooms = [...new Set(operations.map(roomOf))].sort();
  const home = new Map<string, string>();
  for (const room of rooms) {
    for (const name of needed(document, operations.filter((operation) => roomOf(operation) === room).map(spoken))) {
      if (!home.has(name)) home.set(name, room);
    }
  }
  const files = new Map(rooms.map((room) => [`${room}.ts`, roomFile(document, operations, home, room)]));
  const imports = rooms.map((room) => `import type { ${typeName(room)} } from './rooms/${room}.ts';`);
  const all = rooms.map(typeName).join(' & ');
  const words = '/** Every operation of the API by method and path: what it takes, and what it answers. */';
  return files.set(
    '../operations.ts',
    `${made}\n${imports.join('\n')}\n\n${words}\nexport type Operations = ${all};\n`,
  );
}

const made = '// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts';

function roomFile(
  document: Document,
  operations: readonly Operation[],
  home: ReadonlyMap<string, string>,
  room: string,
): string {
  const own = operations.filter((operation) => roomOf(operation) === room);
  const schemas = [...home].filter(([, at]) => at === room).map(([name]) => name);
  const types = schemas
    .sort()
    .map((name) => `export type ${name} = ${typeOf(document.components.schemas[name] ?? {})};`);
  const entries = own.map(entryOf);
  const used = new Set([
    ...namesIn(own.map(spoken)),
    ...schemas.flatMap((name) => namesIn(document.components.schemas[name])),
  ]);
  const foreign = [...used].filter((name) => home.get(name) !== room).sort();
  const imports = [...groupBy(foreign, (name) => home.get(name) ?? '')]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([room, names]) => `import type { ${names.join(', ')} } from './${room}.ts';`);
  const table = `export type ${typeName(room)} = {\n${entries.join('\n')}\n};`;
  return `${[made, ...imports, '', ...types, '', table].join('\n')}\n`;
}
