import { hash } from 'node:crypto';
import { type RawBuilder, sql } from 'kysely';
import { ok } from '#domain/result.ts';
import type { Digests } from '#ports/enforcer/inspection/port.ts';
import type { UserAccess } from '#ports/enforcer/port.ts';
import type { RadiusDatabase } from './database.ts';
import type { Flavor } from './flavor.ts';
import type { RadiusMapping } from './mapping.ts';
import { createFindLookup, type FindLookup, type Lookup } from './name-range.ts';
import { type FoundRow, storedRow } from './owned-rows.ts';
import { userChange } from './rows.ts';
import { byOwner, nothingStored } from './stored-users.ts';
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

type Reading = Pick<RadiusDatabase, 'connection' | 'flavor'> & { readonly find: FindLookup };

/** A number for each row of a user; equal rows that stand twice count twice, and their order does not. */
const partOf = (flavor: Flavor, table: OwnedTable, secret: string): RawBuilder<unknown> =>
  flavor.digestOf([
    sql`${secret}`,
    sql`${table.name}`,
    ...[table.owner, ...table.columns].map((column) => sql.ref(column)),
  ]);

const fencePart = (flavor: Flavor, secret: string): RawBuilder<unknown> =>
  flavor.digestOf([sql`${secret}`, sql`${'hub_fence'}`, sql.ref('name'), sql.ref('gen')]);

const partsIn = (flavor: Flavor, table: OwnedTable, lookup: Lookup, secret: string): RawBuilder<unknown> =>
  sql`select ${flavor.canonical('username')} as owner, ${partOf(flavor, table, secret)} as part
    from ${sql.table(table.name)} where ${lookup.ofUsers}`;

async function digestsOf(
  { connection, flavor, find }: Reading,
  names: readonly string[],
  secret: string,
): Promise<ReadonlyMap<string, string>> {
  if (names.length === 0) return new Map();
  const lookup = await find(names);
  const parts = [
    ...[radcheck, radreply, radusergroup].map((table) => partsIn(flavor, table, lookup, secret)),
    sql`select ${flavor.canonical('name')} as owner, ${fencePart(flavor, secret)} as part
      from hub_fence where kind = 'user' and ${lookup.ofFences}`,
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

type SweptRow = FoundRow & { readonly part: number | string };

/** Rows of users with the number of each, and their fences, in one statement: all of one moment. */
function sweptRows(flavor: Flavor, lookup: Lookup, secret: string): RawBuilder<SweptRow> {
  const tables = [radcheck, radreply, radusergroup].map((table) => {
    const cells = [0, 1, 2].map((place) => {
      const column = table.columns[place];
      return sql`${column === undefined ? sql`null` : flavor.text(column)} as ${sql.ref(`cell${place}`)}`;
    });
    return sql`select ${sql.lit(table.name)} as found_in, id as row_id, ${flavor.text(table.owner)} as row_owner,
      ${sql.join(cells)}, ${partOf(flavor, table, secret)} as part from ${sql.table(table.name)} where ${lookup.ofUsers}`;
  });
  const fences = sql`select 'hub_fence' as found_in, 0 as row_id, ${flavor.text('name')} as row_owner,
    ${flavor.text('gen')} as cell0, null as cell1, null as cell2, ${fencePart(flavor, secret)} as part
    from hub_fence where kind = 'user' and ${lookup.ofFences}`;
  return sql`${sql.join([...tables, fences], sql` union all `)} order by row_id`;
}

/** The rows of some users as they are diffed, their fences, and their digests. */
async function readSwept({ connection, flavor, find }: Reading, names: readonly string[], secret: string) {
  const lookup = await find(names);
  const { rows } = await sweptRows(flavor, lookup, secret).execute(connection);
  const wanted = new Set(names);
  const sums = new Map<string, bigint>();
  const fences = new Map<string, bigint>();
  for (const { found_in: table, row_owner: owner, cell0, part } of rows) {
    const name = owner.trim().toLowerCase();
    if (!wanted.has(name)) continue;
    sums.set(name, (sums.get(name) ?? 0n) + BigInt(part));
    if (table === 'hub_fence') fences.set(owner, BigInt(cell0));
  }
  const ofTable = (table: OwnedTable) =>
    byOwner(rows.filter((row) => row.found_in === table.name).map((row) => storedRow(table, row)));
  const [check, reply, groups] = [ofTable(radcheck), ofTable(radreply), ofTable(radusergroup)];
  const users = new Map(
    names.map((name) => [
      name,
      { check: check.get(name) ?? [], reply: reply.get(name) ?? [], groups: groups.get(name) ?? [] },
    ]),
  );
  const twins = lookup.twins([...check.keys(), ...reply.keys(), ...groups.keys()]);
  const digests = new Map(names.flatMap((name) => (twins.has(name) ? [] : digestIn(sums, name))));
  return { users, twins, fences, digests };
}

const digestIn = (sums: ReadonlyMap<string, bigint>, name: string): readonly (readonly [string, string])[] => {
  const sum = sums.get(name);
  return sum === undefined ? [] : [[name, String(sum)]];
};

/** See `Digests`: the database adds up what it holds of each user, and nothing but a number travels. */
export function createDigests(database: RadiusDatabase, mapping: RadiusMapping): Digests {
  const reading: Reading = { ...database, find: createFindLookup(database.connection, database.flavor) };
  const version = versionOf(mapping);
  const under = (secret: string): string => hash('sha256', `${version} ${secret}`);
  return {
    of: (names, secret) => ask(async () => ok(await digestsOf(reading, names, under(secret)))),
    inspect: async (users, secret) => {
      if (users.length === 0) return ok({ differences: [], digests: new Map() });
      const names = users.map(({ username }) => username);
      return ask(async () => {
        const { fences, digests, ...found } = await readSwept(reading, names, under(secret));
        return ok({ differences: compareUsers(users, found, fences, mapping), digests });
      });
    },
  };
}
