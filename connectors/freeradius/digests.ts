import { hash } from 'node:crypto';
import { type RawBuilder, sql } from 'kysely';
import { ok } from '#domain/result.ts';
import type { Digests } from '#ports/enforcer/inspection/port.ts';
import type { UserAccess } from '#ports/enforcer/port.ts';
import type { RadiusConnection, RadiusDatabase } from './database.ts';
import type { Flavor } from './flavor.ts';
import type { RadiusMapping } from './mapping.ts';
import { type Lookup, lookupOf } from './name-range.ts';
import { userChange } from './rows.ts';
import { atOneMoment } from './snapshot.ts';
import { nothingStored } from './stored-users.ts';
import { compareUsers } from './sweep.ts';
import { type OwnedTable, radcheck, radreply, radusergroup } from './tables.ts';
import { ask } from './transact.ts';

const specimen: UserAccess = {
  username: 'specimen',
  generation: 0n,
  group: 't00000000:plan',
  password: 'specimen',
  mac: 'AA:BB:CC:DD:EE:FF',
  reply: [{ attribute: 'Framed-IP-Address', op: ':=', value: '10.0.0.1' }],
};

/**
 * What this version of the hub makes of a user, by an example, and of which attributes: another version may want other
 * rows under the same generation, and must not believe what this one has found right.
 */
const versionOf = (mapping: RadiusMapping): string =>
  hash('sha256', mapping.digest + JSON.stringify(userChange(specimen, nothingStored, mapping)));

/** A number for each row of a user; equal rows that stand twice count twice, and their order does not. */
function rowsOf(flavor: Flavor, table: OwnedTable, lookup: Lookup, secret: string): RawBuilder<unknown> {
  const columns = [table.owner, ...table.columns].map((column) => sql.ref(column));
  const parts = [sql`${secret}`, sql`${table.name}`, ...columns];
  return sql`select ${flavor.canonical('username')} as owner, ${flavor.digestOf(parts)} as part
    from ${sql.table(table.name)} where ${lookup.ofUsers}`;
}

function fencesOf(flavor: Flavor, lookup: Lookup, secret: string): RawBuilder<unknown> {
  const parts = [sql`${secret}`, sql`${'hub_fence'}`, sql.ref('name'), sql.ref('gen')];
  return sql`select ${flavor.canonical('name')} as owner, ${flavor.digestOf(parts)} as part
    from hub_fence where kind = 'user' and ${lookup.ofFences}`;
}

async function digestsOf(
  connection: RadiusConnection,
  flavor: Flavor,
  names: readonly string[],
  secret: string,
): Promise<ReadonlyMap<string, string>> {
  if (names.length === 0) return new Map();
  const lookup = await lookupOf(connection, flavor, names);
  const parts = [
    ...[radcheck, radreply, radusergroup].map((table) => rowsOf(flavor, table, lookup, secret)),
    fencesOf(flavor, lookup, secret),
  ];
  const { rows } = await sql<{ owner: string; digest: string }>`
    select owner, ${flavor.asText(sql`sum(part)`)} as digest from (${sql.join(parts, sql` union all `)}) as parts
    group by owner`.execute(connection);
  const found = new Map(rows.map(({ owner, digest }) => [owner, digest]));
  const doubtful = lookup.twins(found.keys());
  return new Map(
    names.flatMap((name): readonly (readonly [string, string])[] => {
      const digest = found.get(name);
      return digest === undefined || doubtful.has(name) ? [] : [[name, digest]];
    }),
  );
}

/** See `Digests`: the database adds up what it holds of each user, and nothing but a number travels. */
export function createDigests(database: RadiusDatabase, mapping: RadiusMapping): Digests {
  const { connection, flavor } = database;
  const version = versionOf(mapping);
  const under = (secret: string): string => hash('sha256', `${version} ${secret}`);
  return {
    of: (names, secret) => ask(async () => ok(await digestsOf(connection, flavor, names, under(secret)))),
    inspect: (users, secret) =>
      ask(() =>
        atOneMoment(database, async (snapshot) => {
          const names = users.map(({ username }) => username);
          const digests = await digestsOf(snapshot, flavor, names, under(secret));
          const differences = await compareUsers({ connection: snapshot, flavor }, mapping, users);
          return ok({ differences, digests });
        }),
      ),
  };
}
