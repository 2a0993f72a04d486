import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import pino from 'pino';

/**
 * The fields that a log line may carry; whatever else is handed in does not reach the line (SEC-22: an allowlist, since
 * nobody can list all that must not be logged).
 */
export const logFields = [
  'tenant',
  'correlation_id',
  'event_id',
  'doctype',
  'document',
  'event',
  'subscription_id',
  'username',
  'group',
  'state',
  'generation',
  'outcome',
  'next',
  'kind',
  'key',
  'attempts',
  'target',
  'nas',
  'error',
  'code',
  'duration_ms',
  'count',
  'method',
  'path',
  'status',
  'address',
  'port',
  'role',
  'version',
  'system',
  'url',
  'where',
  'signal',
  'rows',
  'at',
] as const;
export type LogField = (typeof logFields)[number];
export type LogLine = { readonly [field in LogField]?: unknown };

export type Log = {
  debug(message: string, fields?: LogLine): void;
  info(message: string, fields?: LogLine): void;
  warn(message: string, fields?: LogLine): void;
  error(message: string, fields?: LogLine): void;
};

const correlation = new AsyncLocalStorage<string>();

/** Runs `work` so that every line that it logs carries `id`; what starts it names the id, from request to packet. */
export const withCorrelation = <T>(id: string, work: () => T): T => correlation.run(id, work);
export const correlationId = (): string => correlation.getStore() ?? newCorrelationId();
export const newCorrelationId = (): string => randomUUID();

/** What of an error may be told in a log: its name and message, never its fields (they may hold values). */
const told = (value: unknown): unknown => (value instanceof Error ? `${value.name}: ${value.message}` : value);

function allowed(fields: LogLine): Record<string, unknown> {
  const line: Record<string, unknown> = {};
  const id = correlation.getStore();
  if (id !== undefined) line.correlation_id = id;
  for (const field of logFields) if (fields[field] !== undefined) line[field] = told(fields[field]);
  return line;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

export function createLog(level: LogLevel, destination?: { write(line: string): void }): Log {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  const out = destination ? pino(options, destination) : pino(options);
  return {
    debug: (message, fields = {}) => out.debug(allowed(fields), message),
    info: (message, fields = {}) => out.info(allowed(fields), message),
    warn: (message, fields = {}) => out.warn(allowed(fields), message),
    error: (message, fields = {}) => out.error(allowed(fields), message),
  };
}
