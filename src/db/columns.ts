import type { ColumnType } from 'kysely';

// How columns are read and written: what PostgreSQL fills in need not be.
export type At = ColumnType<Date, Date | undefined, Date>;
export type MaybeAt = ColumnType<Date | null, Date | null | undefined, Date | null>;
export type Maybe<T> = ColumnType<T | null, T | null | undefined, T | null>;
export type Defaulted<T> = ColumnType<T, T | undefined, T>;
/** Stored JSON: written as text, read back parsed; whoever reads it checks its shape. */
export type Json = ColumnType<unknown, string, string>;
export type DefaultedJson = ColumnType<unknown, string | undefined, string>;
export type BigInteger = ColumnType<bigint, bigint, bigint>;
