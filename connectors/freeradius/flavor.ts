import { type RawBuilder, sql } from 'kysely';

/** What MySQL/MariaDB and PostgreSQL say differently; everything else is one SQL for both. */
export type Flavor = {
  readonly kind: 'mysql' | 'postgres';
  /** Any column as text of one character set, so that rows of several tables can stand in one answer. */
  text(column: string): RawBuilder<string | null>;
  /** Milliseconds since 1970 of a time column, whatever zone the session writes in; null for a null column. */
  epochMs(column: string): RawBuilder<string | null>;
  /** The server's clock as it is now, not as it was when the transaction began. */
  readonly now: RawBuilder<string>;
  readonly nowMs: RawBuilder<string>;
  /** The server's clock so many seconds ago, as its time columns are compared. */
  secondsAgo(seconds: number): RawBuilder<unknown>;
  /** An address column as text that is equal to the hub's own in any collation. */
  addressText(column: string): RawBuilder<string>;
  /** An address column as text, without a mask. */
  address(column: string): RawBuilder<string | null>;
  /** `address = ?` of a column of IPv4 addresses, by an index where there is one. */
  sameAddress(column: string, address: string): RawBuilder<boolean>;
  /** `username in (…)` as the lookup of `radius-config/` compares, case ignored, by an index on both servers. */
  namesIn(column: string, canonical: readonly string[]): RawBuilder<boolean>;
  /** `username = ?` in `radacct`, where a foreign configuration may have kept case and outer blanks. */
  sameName(column: string, canonical: string): RawBuilder<boolean>;
  /** The same for many names, by an index on both servers: in small letters or in capitals. */
  anyName(column: string, canonical: readonly string[]): RawBuilder<boolean>;
  /** Whether two columns name the same user, by an index on the first one on both servers. */
  sameUser(indexed: string, other: string): RawBuilder<boolean>;
  /** `username in (…)` byte by byte, by an index on both servers. */
  exactly(column: string, spellings: readonly string[]): RawBuilder<boolean>;
  /** Whether a name is written in another way than the canonical one. */
  misspelt(column: string): RawBuilder<boolean>;
  /**
   * Tail of an insert into a table with this key: on a row that is there `column` becomes the larger of both. It locks
   * that row until the end of the transaction even where nothing changes.
   */
  keepLarger(key: readonly string[], table: string, column: string): RawBuilder<unknown>;
  /** Tail of an insert: on a row that is there `column` becomes the new value. */
  overwrite(key: readonly string[], column: string): RawBuilder<unknown>;
  /** 60 bits of a digest of texts, byte by byte, as a number; null texts differ from empty ones. */
  digestOf(parts: readonly RawBuilder<unknown>[]): RawBuilder<unknown>;
  /** An expression as text. */
  asText(expression: RawBuilder<unknown>): RawBuilder<string>;
  /** A column of names in their canonical form, of one collation whatever the table. */
  canonical(column: string): RawBuilder<string>;
};

const binary = (text: RawBuilder<unknown>): RawBuilder<unknown> => sql`cast(${text} as binary)`;

export const mysqlFlavor: Flavor = {
  kind: 'mysql',
  text: (column) => sql`convert(${sql.ref(column)} using utf8mb4)`,
  epochMs: (column) => sql`floor(unix_timestamp(${sql.ref(column)}) * 1000)`,
  now: sql`sysdate(3)`,
  nowMs: sql`floor(unix_timestamp(sysdate(3)) * 1000)`,
  secondsAgo: (seconds) => sql`now() - interval ${sql.lit(Math.ceil(seconds))} second`,
  addressText: (column) => sql`convert(${sql.ref(column)} using utf8mb4) collate utf8mb4_general_ci`,
  address: (column) => sql`nullif(${sql.ref(column)}, '')`,
  sameAddress: (column, address) => sql`${sql.ref(column)} = ${address}`,
  namesIn: (column, canonical) => sql`${sql.ref(column)} in (${sql.join(canonical)})`,
  sameName: (column, canonical) => sql`${sql.ref(column)} = ${canonical}`,
  anyName: (column, canonical) => sql`${sql.ref(column)} in (${sql.join(canonical)})`,
  sameUser: (indexed, other) => sql`${sql.ref(indexed)} = ${sql.ref(other)}`,
  exactly: (column, spellings) =>
    sql`(${sql.ref(column)} in (${sql.join(spellings)}) and binary ${sql.ref(column)} in (${sql.join(spellings)}))`,
  misspelt: (column) => sql`binary ${sql.ref(column)} <> lower(trim(${sql.ref(column)}))`,
  keepLarger: (_key, _table, column) =>
    sql`on duplicate key update ${sql.ref(column)} = greatest(${sql.ref(column)}, values(${sql.ref(column)}))`,
  overwrite: (_key, column) => sql`on duplicate key update ${sql.ref(column)} = values(${sql.ref(column)})`,
  digestOf: (parts) => {
    const texts = parts.map((part) => sql`coalesce(${binary(part)}, 0x01)`);
    return sql`cast(conv(left(md5(concat_ws(0x00, ${sql.join(texts)})), 15), 16, 10) as unsigned)`;
  },
  asText: (expression) => sql`cast(${expression} as char)`,
  canonical: (column) => sql`lower(trim(convert(${sql.ref(column)} using utf8mb4))) collate utf8mb4_bin`,
};

const keyList = (key: readonly string[]): RawBuilder<unknown> => sql.join(key.map((column) => sql.ref(column)));

export const postgresFlavor: Flavor = {
  kind: 'postgres',
  text: (column) => sql`${sql.ref(column)}::text`,
  epochMs: (column) => sql`floor(extract(epoch from ${sql.ref(column)}) * 1000)::bigint`,
  now: sql`clock_timestamp()`,
  nowMs: sql`floor(extract(epoch from clock_timestamp()) * 1000)::bigint`,
  secondsAgo: (seconds) => sql`clock_timestamp() - ${sql.lit(Math.ceil(seconds))} * interval '1 second'`,
  addressText: (column) => sql`host(${sql.ref(column)})`,
  address: (column) => sql`host(${sql.ref(column)})`,
  sameAddress: (column, address) => sql`${sql.ref(column)} = ${address}::inet`,
  namesIn: (column, canonical) => sql`lower(${sql.ref(column)}) in (${sql.join(canonical)})`,
  sameName: (column, canonical) => sql`lower(btrim(${sql.ref(column)})) = ${canonical}`,
  anyName: (column, canonical) =>
    sql`${sql.ref(column)} = any(${[...canonical, ...canonical.map((name) => name.toUpperCase())]}::text[])`,
  sameUser: (indexed, other) => sql`lower(${sql.ref(indexed)}) = lower(btrim(${sql.ref(other)}))`,
  exactly: (column, spellings) => sql`${sql.ref(column)} in (${sql.join(spellings)})`,
  misspelt: (column) => sql`${sql.ref(column)} <> lower(btrim(${sql.ref(column)}))`,
  keepLarger: (key, table, column) =>
    sql`on conflict (${keyList(key)}) do update set ${sql.ref(column)} = greatest(${sql.ref(`${table}.${column}`)}, excluded.${sql.ref(column)})`,
  overwrite: (key, column) =>
    sql`on conflict (${keyList(key)}) do update set ${sql.ref(column)} = excluded.${sql.ref(column)}`,
  digestOf: (parts) => {
    const texts = parts.map((part) => sql`coalesce(${part}::text, chr(1))`);
    return sql`('x' || left(md5(concat_ws(chr(2), ${sql.join(texts)})), 15))::bit(60)::bigint`;
  },
  asText: (expression) => sql`(${expression})::text`,
  canonical: (column) => sql`lower(btrim(${sql.ref(column)}))`,
};
