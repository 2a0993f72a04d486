/** SQLSTATE classes and codes of a server that is away, full, shutting down, or too busy to answer in time. */
const away = /^(08|53|57P0|57014|40001|40P01)/;
const network = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH']);
/** The driver's own words, which carry no code. */
const words = /timeout exceeded when trying to connect|query read timeout|connection terminated|not queryable/i;

export const sqlStateOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** Whether the database could not be asked: the same request may succeed a moment later. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = sqlStateOf(error);
  return away.test(code) || network.has(code) || words.test(error.message);
}
