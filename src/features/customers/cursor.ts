import { z } from 'zod';
import { invalid } from '#platform/refusal.ts';

/**
 * Where a page ended. The position itself is read from the row, so that no name or phone stands in an address line;
 * `total` is that of the first page, so that the later ones need not count again.
 */
const Cursor = z.strictObject({ after: z.uuid(), sort: z.string().max(30), total: z.int().min(0) });
export type Cursor = z.infer<typeof Cursor>;

export const writeCursor = (cursor: Cursor): string => Buffer.from(JSON.stringify(cursor)).toString('base64url');

const unreadable = () => invalid('cursor', 'This is no cursor of a page with this sort.');

function parsed(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    throw unreadable();
  }
}

/** Throws a Refusal for whatever `writeCursor` did not make for this sort. */
export function readCursor(text: string, sort: string): Cursor {
  const cursor = Cursor.safeParse(parsed(text));
  if (!cursor.success || cursor.data.sort !== sort) throw unreadable();
  return cursor.data;
}
