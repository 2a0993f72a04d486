import { err, ok, type Result } from '#domain/result.ts';

/** One row per setting, as the server answers `durabilityQuery`. */
export type Query = (sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;

export type NotDurable = {
  readonly reason: 'not_durable';
  readonly settings: readonly string[];
  readonly detail: string;
};

const demanded = ['fsync', 'synchronous_commit', 'full_page_writes'] as const;

const durabilityQuery = `select name, setting from pg_settings where name in (${demanded.map((name) => `'${name}'`).join(', ')})`;

/**
 * Refuses a database that may forget what it has acknowledged (REL-3): `fsync`, `synchronous_commit` or
 * `full_page_writes` off. Ask on a connection of the hub's own login: the settings can be set per role and database.
 */
export async function checkDurability(query: Query): Promise<Result<void, NotDurable>> {
  const rows = await query(durabilityQuery);
  const off = demanded.filter((name) => rows.find((row) => row.name === name)?.setting === 'off');
  if (off.length === 0) return ok(undefined);
  const list = off.join(', ');
  const detail = `The database has ${list} switched off and would lose acknowledged events when it is killed. Switch on: ${list}.`;
  return err({ reason: 'not_durable', settings: off, detail });
}
