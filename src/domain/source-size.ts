/** How many rows a source of truth lists, and how many it listed a day ago. */
export type SourceSize = { readonly rows: number; readonly expected: number };

/** Fewer rows than this come and go. */
const fewRows = 3;

/**
 * Whether a source lists so much less than before that what follows from it is not to be believed (spec B8): more than a
 * fifth is missing, or all.
 */
export const hasShrunk = ({ rows, expected }: SourceSize): boolean =>
  expected > 0 && (rows === 0 || (expected - rows >= fewRows && (expected - rows) * 5 > expected));
