import { type RawBuilder, sql } from 'kysely';
import { ok, type Result } from '#domain/result.ts';
import type { Person } from '#ports/enforcer/people/port.ts';
import type { EnforcerFailure } from '#ports/enforcer/port.ts';
import type { RadiusConnection, RadiusDatabase } from './database.ts';
import type { Flavor } from './flavor.ts';
import { ask, transact } from './transact.ts';

type Answer = Promise<Result<boolean, EnforcerFailure>>;

/** Whom daloRADIUS shows as the maker of a row; rows of another maker stay when a tenant goes. */
export const maker = 'jembatan';
/** Width of daloRADIUS's columns; a longer text is cut, for nothing is decided by it. */
const width = 200;

const here = ({ kind }: Flavor): RawBuilder<unknown> => (kind === 'mysql' ? sql`database()` : sql`current_schema()`);

/** Whether daloRADIUS's own table stands in the same database. */
export async function hasUserInfo(connection: RadiusConnection, flavor: Flavor): Promise<boolean> {
  const { rows } = await sql`
    select 1 as there from information_schema.tables where table_name = 'userinfo' and table_schema = ${here(flavor)}`.execute(
    connection,
  );
  return rows.length > 0;
}

export const keepsPeople = ({ connection, flavor }: RadiusDatabase): Answer =>
  ask(async () => ok(await hasUserInfo(connection, flavor)));

/** The columns that follow the hub; whatever else an operator fills in there stays. */
function columnsOf({ name, email, phone, address }: Person): Readonly<Record<string, string>> {
  const [first = '', ...rest] = name.trim().split(/\s+/);
  const texts = { firstname: first, lastname: rest.join(' '), email: email ?? '', mobilephone: phone, address };
  return Object.fromEntries(Object.entries(texts).map(([column, text]) => [column, text.slice(0, width)]));
}

type InfoRow = { readonly id: number | string } & Readonly<Record<string, string | null>>;

/**
 * Keeps a user's row of `userinfo` in step (spec R1): without one daloRADIUS does not show the user. Of several rows the
 * oldest is the one that it reads.
 */
export function describePerson(database: RadiusDatabase, person: Person): Answer {
  const { connection, flavor } = database;
  return ask(async () => {
    if (!(await hasUserInfo(connection, flavor))) return ok(false);
    return transact(database, async (transaction) => {
      const wanted = columnsOf(person);
      const names = Object.keys(wanted);
      const refs = names.map((name) => sql.ref(name));
      const { rows } = await sql<InfoRow>`
        select id, ${sql.join(refs)} from userinfo where ${flavor.namesIn('username', [person.username])}
        order by id limit 1 for update`.execute(transaction);
      const [row] = rows;
      if (!row) {
        await sql`
          insert into userinfo (username, ${sql.join(refs)}, creationdate, creationby, updatedate, updateby)
          values (${person.username}, ${sql.join(Object.values(wanted))}, now(), ${maker}, now(), ${maker})`.execute(
          transaction,
        );
        return ok(true);
      }
      if (names.every((name) => (row[name] ?? '') === wanted[name])) return ok(false);
      const sets = names.map((name) => sql`${sql.ref(name)} = ${wanted[name]}`);
      await sql`
        update userinfo set ${sql.join(sets)}, updatedate = now(), updateby = ${maker} where id = ${row.id}`.execute(
        transaction,
      );
      return ok(true);
    });
  });
}
