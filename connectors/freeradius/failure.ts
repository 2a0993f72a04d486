import type { EnforcerFailure } from '#ports/enforcer/port.ts';

type DriverError = {
  readonly code?: unknown;
  readonly errno?: unknown;
  readonly sqlState?: unknown;
  readonly severity?: unknown;
};

const asDriverError = (error: unknown): DriverError => (typeof error === 'object' && error !== null ? error : {});

/** PostgreSQL's answers carry a severity and their SQLSTATE as `code`; a line's own `EPIPE` only looks like one. */
function sqlStateOf({ code, sqlState, severity }: DriverError): string {
  if (typeof sqlState === 'string') return sqlState;
  return severity !== undefined && typeof code === 'string' ? code : '';
}

/** True for an error that the server itself sent: the connection is still in step with it. */
export function isServerAnswer(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  if ('fatal' in error && error.fatal === true) return false;
  if ('severity' in error) return error.severity === 'ERROR';
  return sqlStateOf(error) !== '';
}

const transientNumbers = new Set<unknown>([1205, 1213]);
const transientStates = new Set(['40P01', '40001', '55P03']);

/** A deadlock, a lock that was waited for too long, a serialisation failure: the same transaction may succeed now. */
export function isTransient(error: unknown): boolean {
  const driverError = asDriverError(error);
  return transientNumbers.has(driverError.errno) || transientStates.has(sqlStateOf(driverError));
}

const advice: readonly (readonly [RegExp, string])[] = [
  [
    /^(ECONNREFUSED|ENOTFOUND|EHOSTUNREACH|EAI_AGAIN)$/,
    'nothing answers there; check address and port, and that the database runs',
  ],
  [/^(28P01|28000|ER_ACCESS_DENIED_ERROR)$/, 'it refuses the login; check user name and password'],
  [/^(3D000|ER_BAD_DB_ERROR)$/, 'it has no database of that name'],
  [/^(42P01|ER_NO_SUCH_TABLE)$/, 'a table is missing; run `jembatan migrate`'],
  [
    /^(42501|ER_TABLEACCESS_DENIED_ERROR|ER_DBACCESS_DENIED_ERROR|ER_COLUMNACCESS_DENIED_ERROR)$/,
    'the login may not do this; grant it the rights on the RADIUS tables',
  ],
  [/^(53300|ER_CON_COUNT_ERROR)$/, 'it has no connection left'],
  [/^(ER_LOCK_DEADLOCK|ER_LOCK_WAIT_TIMEOUT|40P01|40001|55P03)$/, 'another writer held the rows too long'],
];

/** Data that the columns do not take stay wrong however often they are sent; all else a person or time can mend. */
const isDataFault = (state: string): boolean => state.startsWith('22') || state.startsWith('23');

/**
 * A driver's error in the port's words. Its own message is never told: it may quote a value, and values may be
 * passwords.
 */
export function describeError(error: unknown): EnforcerFailure {
  const driverError = asDriverError(error);
  const code = typeof driverError.code === 'string' ? driverError.code : '';
  const state = sqlStateOf(driverError);
  const known = advice.find(([codes]) => codes.test(code) || codes.test(state));
  const named = code || state ? ` (${code || state})` : '';
  if (isDataFault(state)) return { reason: 'rejected', detail: `the RADIUS database does not take a value${named}` };
  const words = known?.[1] ?? 'no answer, or an unexpected one';
  return { reason: 'unreachable', detail: `the RADIUS database: ${words}${named}` };
}
