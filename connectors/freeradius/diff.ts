/** An id as the driver gives it; only ever handed back. */
export type RowId = number | string;

/** The columns of a row beside its id and its owner, in the table's own order, numbers as text. */
export type Cells = readonly (string | null)[];

export type StoredRow = { readonly id: RowId; readonly owner: string; readonly cells: Cells };

/** What has to happen to the rows of one owner in one table. */
export type Change = {
  readonly deletes: readonly RowId[];
  readonly updates: readonly { readonly id: RowId; readonly cells: Cells }[];
  readonly inserts: readonly Cells[];
};

const same = (a: Cells, b: Cells): boolean => a.length === b.length && a.every((cell, index) => cell === b[index]);

/** Takes the first match out of `pool`. */
function take<T>(pool: T[], match: (item: T) => boolean): T | undefined {
  const index = pool.findIndex(match);
  return index < 0 ? undefined : pool.splice(index, 1)[0];
}

/**
 * From the rows that are there (owned ones, by ascending id) to those that should be: equal rows stay, a row in the same
 * slot is changed in place, surplus goes by id, the rest is inserted. Changing in place is what keeps a user from being
 * without a group for a moment (law 7).
 */
export function diffRows(
  stored: readonly StoredRow[],
  desired: readonly Cells[],
  slot: (cells: Cells) => string | null | undefined,
): Change {
  const left = [...stored];
  const missing = desired.filter((cells) => !take(left, (row) => same(row.cells, cells)));
  const updates: { id: RowId; cells: Cells }[] = [];
  const inserts = missing.filter((cells) => {
    const row = take(left, (candidate) => slot(candidate.cells) === slot(cells));
    if (row) updates.push({ id: row.id, cells });
    return !row;
  });
  return { deletes: left.map((row) => row.id), updates, inserts };
}

/** Rows that a change touches. */
export const changeSize = (change: Change): number =>
  change.deletes.length + change.updates.length + change.inserts.length;
