import { type RawBuilder, sql } from 'kysely';
import type { RadiusConnection } from './database.ts';
import type { Flavor } from './flavor.ts';
import { twinsOf } from './stored-users.ts';

/** Which rows to look at for some users, and which of those names are written in another way beside them. */
export type Lookup = {
  readonly ofUsers: RawBuilder<boolean>;
  readonly ofFences: RawBuilder<boolean>;
  /** Of names that were found, those that FreeRADIUS takes for one of the users; by that user's name. */
  readonly twins: (owners: Iterable<string>) => ReadonlyMap<string, string>;
};

const byName = (flavor: Flavor, names: readonly string[]): Lookup => ({
  ofUsers: flavor.namesIn('username', names),
  ofFences: sql`name in (${sql.join(names)})`,
  twins: (owners) => twinsOf(names, owners),
});

const ends = (names: readonly string[], key: (name: string) => string): readonly [string, string] => {
  const sorted = names.map((name) => [key(name), name] as const).sort(([a], [b]) => (a < b ? -1 : 1));
  return [sorted[0]?.[1] ?? '', sorted.at(-1)?.[1] ?? ''];
};

const folded = (name: string): string => name.normalize('NFD').replace(/\p{M}/gu, '').trim().toLowerCase();

/** Where letters stand as their capitals do, and all else as in ASCII: so the ends of a stretch are known here too. */
const ordered = /_(general|swedish)_ci$/;

/** Whether the tables hold usernames in an order that is known; another one may leave rows out of a stretch. */
async function isOrdered(connection: RadiusConnection): Promise<boolean> {
  const { rows } = await sql<{ name: string | null }>`
    select collation_name as name from information_schema.columns where table_schema = database()
      and lower(table_name) in ('radcheck', 'radreply', 'radusergroup') and lower(column_name) = 'username'`.execute(
    connection,
  );
  return rows.length === 3 && rows.every(({ name }) => name !== null && ordered.test(name));
}

/** Neighbours are read as one stretch of the index, which costs less than half of looking each up. */
function byRange(names: readonly string[]): Lookup {
  const wanted = new Set(names);
  const [first, last] = ends(names, (name) => name.toUpperCase());
  const [low, high] = ends(names, (name) => name);
  return {
    ofUsers: sql`username between ${first} and ${last}`,
    ofFences: sql`name between ${low} and ${high}`,
    twins: (owners) => {
      const strangers = [...new Set(owners)].filter((owner) => !wanted.has(owner));
      return new Map(strangers.map((owner) => [folded(owner), owner] as const).filter(([name]) => wanted.has(name)));
    },
  };
}

/** Other tenants' users between the first and the last name, for each of ours, that are still worth reading over. */
const mostOthers = 1;

async function isDense(connection: RadiusConnection, range: Lookup, count: number): Promise<boolean> {
  const { rows } = await sql<{ users: number | string }>`
    select count(*) as users from hub_fence where kind = 'user' and ${range.ofFences}`.execute(connection);
  return Number(rows[0]?.users ?? 0) <= count * (1 + mostOthers);
}

export type FindLookup = (names: readonly string[]) => Promise<Lookup>;

/** The cheaper way to the rows of users: as one stretch of MySQL's index, where few others stand between them. */
export function createFindLookup(connection: RadiusConnection, flavor: Flavor): FindLookup {
  let known: boolean | null = null;
  return async (names) => {
    if (flavor.kind !== 'mysql') return byName(flavor, names);
    known ??= await isOrdered(connection);
    const range = byRange(names);
    return known && (await isDense(connection, range, names.length)) ? range : byName(flavor, names);
  };
}
