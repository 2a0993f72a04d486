import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createTestBridge, type TestBridge } from '#test/setup/bridge.ts';

const probe = fileURLToPath(new URL('./tables-probe.ts', import.meta.url));
const source = `import type { Insertable, Selectable } from 'kysely';
import type { Tables } from './tables.ts';
export declare const read: { [T in keyof Tables]: Selectable<Tables[T]> };
export declare const written: { [T in keyof Tables]: Insertable<Tables[T]> };`;

type Column = { readonly type: string; readonly isNullable: boolean; readonly isOptional: boolean };
type Described = Readonly<Record<string, Readonly<Record<string, Column>>>>;

/** What the driver answers for a type of PostgreSQL. */
const readAs: Readonly<Record<string, string>> = {
  bigint: 'bigint',
  boolean: 'boolean',
  bytea: 'Buffer',
  'double precision': 'number',
  inet: 'string',
  integer: 'number',
  jsonb: 'unknown',
  smallint: 'number',
  text: 'string',
  'timestamp with time zone': 'Date',
  uuid: 'string',
};

let bridge: TestBridge;
beforeAll(async () => {
  bridge = await createTestBridge(inject('postgresUrl'));
});
afterAll(() => bridge.close());

/** `tables.ts` as the compiler understands it. */
function writtenByHand(): Described {
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    allowImportingTsExtensions: true,
    skipLibCheck: true,
    types: ['node'],
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (name) => name === probe || fileExists(name);
  host.getSourceFile = (name, target, ...rest) =>
    name === probe ? ts.createSourceFile(name, source, target) : getSourceFile(name, target, ...rest);
  const program = ts.createProgram([probe], options, host);
  const checker = program.getTypeChecker();
  const file = program.getSourceFile(probe);
  const exported = file && checker.getSymbolAtLocation(file)?.exports;
  if (!file || !exported) throw new Error('the compiler does not see the probe');
  const propertiesOf = (type: ts.Type): readonly ts.Symbol[] => checker.getPropertiesOfType(type);
  const typeOf = (symbol: ts.Symbol | undefined): ts.Type => {
    if (!symbol) throw new Error('the compiler does not see a property');
    return checker.getTypeOfSymbolAtLocation(symbol, file);
  };
  const [read, written] = ['read', 'written'].map((name) => typeOf(exported.get(ts.escapeLeadingUnderscores(name))));
  if (!read || !written) throw new Error('the compiler does not see the tables');

  const columnOf = (column: ts.Symbol, insertable: ts.Type): Column => {
    const type = typeOf(column);
    const isOpen = (type.flags & ts.TypeFlags.Unknown) !== 0;
    const insert = insertable.getProperty(column.name);
    const accepted = insert && checker.typeToString(typeOf(insert));
    const bare = checker.getNonNullableType(type);
    const named = checker.typeToString(bare);
    const isText =
      (bare.flags & ts.TypeFlags.StringLike) !== 0 || (bare.isUnion() && bare.types.every((t) => t.isStringLiteral()));
    return {
      type: isOpen ? 'unknown' : isText ? 'string' : named.startsWith('Buffer') ? 'Buffer' : named,
      isNullable: isOpen ? (accepted ?? '').includes('null') : bare !== type,
      isOptional: !insert || (insert.flags & ts.SymbolFlags.Optional) !== 0,
    };
  };
  return Object.fromEntries(
    propertiesOf(read).map((table) => {
      const insertable = typeOf(written.getProperty(table.name));
      return [
        table.name,
        Object.fromEntries(propertiesOf(typeOf(table)).map((column) => [column.name, columnOf(column, insertable)])),
      ];
    }),
  );
}

type CatalogueRow = {
  readonly table: string;
  readonly column: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly defaulted: boolean;
};

async function inTheCatalogue(): Promise<Described> {
  const rows = await bridge.look<CatalogueRow>(
    `select table_name as "table", column_name as "column", data_type as type, is_nullable = 'YES' as nullable,
       column_default is not null or is_identity = 'YES' or is_generated = 'ALWAYS' as defaulted
     from information_schema.columns where table_schema = 'public' and table_name not like 'hub_migration%'
       and not (select relispartition from pg_class where oid = format('public.%I', table_name)::regclass)`,
  );
  const tables: Record<string, Record<string, Column>> = {};
  for (const { table, column, type, nullable, defaulted } of rows) {
    tables[table] ??= {};
    tables[table][column] = { type: readAs[type] ?? type, isNullable: nullable, isOptional: nullable || defaulted };
  }
  return tables;
}

describe('the tables written by hand', () => {
  it('O2: have the columns of the migrated bridge, each with its type, whether it may be null and be left out', async () => {
    expect(writtenByHand()).toEqual(await inTheCatalogue());
  });

  it.each([
    'alter table customers add column fax text',
    'alter table customers alter column notes drop not null',
    'alter table nas alter column coa_port drop default',
    'alter table counters alter column value type integer',
  ])('O2: control: "%s" is seen', async (change) => {
    const before = await inTheCatalogue();
    await bridge.look(change);
    expect(await inTheCatalogue()).not.toEqual(before);
  });
});
