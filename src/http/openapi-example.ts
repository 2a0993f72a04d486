/** The part of a JSON Schema that an example follows from. */
export type DescribedSchema = {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, DescribedSchema>>;
  readonly required?: readonly string[];
  readonly items?: DescribedSchema;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly format?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly minLength?: number;
  readonly minItems?: number;
  readonly anyOf?: readonly DescribedSchema[];
  readonly oneOf?: readonly DescribedSchema[];
  readonly allOf?: readonly DescribedSchema[];
  readonly default?: unknown;
  readonly example?: unknown;
  readonly examples?: readonly unknown[];
};
export type Schemas = Readonly<Record<string, DescribedSchema>>;

const ofFormat: Readonly<Record<string, string>> = {
  uuid: '0f8fad5b-d9cb-469f-a165-70867728950e',
  'date-time': '2026-01-05T02:00:00.000Z',
  date: '2026-01-05',
  email: 'ayu@alpha.example',
  uri: 'https://isp.example.net',
  ipv4: '10.20.0.1',
  ipv6: '2001:db8::1',
};

export function followed(schemas: Schemas, schema: DescribedSchema): DescribedSchema {
  const found = schema.$ref && schemas[schema.$ref.replace('#/components/schemas/', '')];
  return found ? followed(schemas, found) : schema;
}

const typesOf = ({ type }: DescribedSchema): readonly string[] => (typeof type === 'string' ? [type] : (type ?? []));

const own = ({ example, examples, const: only, enum: among }: DescribedSchema): readonly unknown[] =>
  example !== undefined ? [example] : (examples ?? (only !== undefined ? [only] : (among ?? [])));

function ofObject(schemas: Schemas, parts: readonly DescribedSchema[]): Record<string, unknown> {
  const fields = parts.flatMap((part) => Object.entries(part.properties ?? {}));
  return Object.fromEntries(fields.map(([name, field]) => [name, exampleOf(schemas, field)]));
}

const least = ({ minimum, exclusiveMinimum }: DescribedSchema): number =>
  Math.max(minimum ?? 1, exclusiveMinimum === undefined ? 1 : exclusiveMinimum + 1);

function ofType(schemas: Schemas, schema: DescribedSchema): unknown {
  const types = typesOf(schema);
  if (schema.properties || types.includes('object')) return ofObject(schemas, [schema]);
  if (types.includes('array')) return schema.items ? [exampleOf(schemas, schema.items)] : [];
  if (types.includes('string')) return ofFormat[schema.format ?? ''] ?? 'text'.padEnd(schema.minLength ?? 0, '.');
  if (types.includes('integer') || types.includes('number')) return least(schema);
  if (types.includes('boolean')) return true;
  return types.includes('null') ? null : {};
}

/** A value that the schema allows: its own example where it has one, else one that follows from its parts. */
export function exampleOf(schemas: Schemas, given: DescribedSchema): unknown {
  const [stated] = own(given);
  if (stated !== undefined) return stated;
  const schema = followed(schemas, given);
  const [first] = own(schema);
  if (first !== undefined) return first;
  if (schema.default !== undefined) return schema.default;
  if (schema.allOf) {
    const parts = schema.allOf.map((part) => followed(schemas, part));
    const whole = parts.map((part) => exampleOf(schemas, part)).filter((part) => typeof part === 'object');
    return Object.assign({}, ...whole, ofObject(schemas, [schema]));
  }
  const choice = (schema.anyOf ?? schema.oneOf)?.find((part) => !typesOf(followed(schemas, part)).includes('null'));
  return choice ? exampleOf(schemas, choice) : ofType(schemas, schema);
}
