import { type SelectQueryBuilder, sql } from 'kysely';

/** What a list is asked for: pages count from 1. */
type Asked = { readonly page: number; readonly page_size: number };

/** One page as lists answer it; `total` is how many rows all pages hold together. */
export type Page<Row> = { data: Row[]; page: number; page_size: number; total: number };

/**
 * A page of `rows`, which says what is read, which rows, and in what order. The order has to end in a column that no two
 * rows share: else a row could stand on two pages and its twin on none (P10).
 */
export async function readPage<DB, Table extends keyof DB, Row>(
  rows: SelectQueryBuilder<DB, Table, Row>,
  { page, page_size }: Asked,
): Promise<Page<Row>> {
  // Neither waits for the other's answer, so both travel together.
  const [counted, data] = await Promise.all([
    rows
      .clearSelect()
      .clearOrderBy()
      .select(sql<bigint>`count(*)`.as('total'))
      .$castTo<{ total: bigint }>()
      .executeTakeFirstOrThrow(),
    rows
      .limit(page_size)
      .offset((page - 1) * page_size)
      .execute(),
  ]);
  return { data: data as Row[], page, page_size, total: Number(counted.total) };
}

/** The same page as others are shown it. */
export const mapPage = <Row, View>({ data, ...rest }: Page<Row>, view: (row: Row) => View): Page<View> => ({
  ...rest,
  data: data.map(view),
});

type Bare<Sort extends string> = Sort extends `-${infer Column}` ? Column : Sort;

/** The column and direction of a `sort`: `-name` is by name, the last first. */
export const orderOf = <Sort extends string>(sort: Sort) => ({
  column: sort.replace(/^-/, '') as Bare<Sort>,
  direction: sort.startsWith('-') ? ('desc' as const) : ('asc' as const),
});
