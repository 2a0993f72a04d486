import { type RawBuilder, sql } from 'kysely';
import { groupNamespace } from '#domain/radius-groups.ts';
import { ok, type Result } from '#domain/result.ts';
import type { EnforcerFailure, TenantGone } from '#ports/enforcer/port.ts';
import type { RadiusTransaction } from './database.ts';
import { readFences } from './fence.ts';
import { ownedBy, removeGroups, removeIds } from './remove-rows.ts';
import { readUsers } from './stored-users.ts';
import { radcheck, radreply, radusergroup } from './tables.ts';
import { ask, transact } from './transact.ts';
import { hasUserInfo, maker } from './user-info.ts';
import type { Writer } from './writer.ts';

type Removed = Result<number, EnforcerFailure>;

/** Users a transaction (law 2). */
const usersATransaction = 500;

const accountingTables = ['radacct', 'radpostauth'] as const;

/** By canonical name: the other ways in which a foreign configuration has written it into accounting. */
type Spellings = ReadonlyMap<string, readonly string[]>;

async function spellingsOf({ database }: Writer, usernames: ReadonlySet<string>): Promise<Spellings> {
  const found = new Map<string, string[]>();
  for (const table of accountingTables) {
    const { rows } = await sql<{ username: string }>`
      select distinct username from ${sql.table(table)} where ${database.flavor.misspelt('username')}`.execute(
      database.connection,
    );
    for (const { username } of rows) {
      const name = username.trim().toLowerCase();
      if (usernames.has(name)) found.set(name, [...(found.get(name) ?? []), username]);
    }
  }
  return found;
}

/** The number of rows that a condition meets, and away with them. */
async function removeWhere(
  transaction: RadiusTransaction,
  table: string,
  condition: RawBuilder<unknown>,
): Promise<number> {
  const { rows } = await sql<{ n: string | number }>`
    select count(*) as n from ${sql.table(table)} where ${condition}`.execute(transaction);
  const count = Number(rows[0]?.n ?? 0);
  if (count > 0) await sql`delete from ${sql.table(table)} where ${condition}`.execute(transaction);
  return count;
}

/** Of a tenant are the users that the hub once wrote and that are in no other tenant's group. */
async function removeUsers(
  { database, mapping }: Writer,
  transaction: RadiusTransaction,
  tenantKey: string,
  candidates: readonly string[],
  spellings: Spellings,
): Promise<number> {
  const { flavor } = database;
  const fences = await readFences(transaction, database, 'user', candidates);
  const fenced = candidates.filter((name) => fences.has(name));
  if (fenced.length === 0) return 0;
  const { users } = await readUsers(transaction, flavor, fenced);
  const namespaces = (name: string) =>
    (users.get(name)?.groups ?? []).map((row) => groupNamespace(String(row.cells[0])));
  const own = fenced.filter((name) => namespaces(name).every((key) => key === null || key === tenantKey));
  if (own.length === 0) return 0;
  const rows = own.flatMap((name) => users.get(name) ?? []);
  const check = rows.flatMap((user) => user.check).filter((row) => mapping.ownsCheck(String(row.cells[0])));
  const reply = rows.flatMap((user) => user.reply).filter((row) => mapping.ownsReply(String(row.cells[0])));
  const groups = rows.flatMap((user) => user.groups).filter((row) => ownedBy(tenantKey, String(row.cells[0])));
  // The password first: a user without a group would be let in at full speed (law 7).
  let removed = await removeIds(transaction, radcheck, check);
  removed += await removeIds(transaction, radreply, reply);
  removed += await removeIds(transaction, radusergroup, groups);
  const written = own.flatMap((name) => [name, ...(spellings.get(name) ?? [])]);
  for (const table of accountingTables) {
    removed += await removeWhere(transaction, table, flavor.exactly('username', written));
  }
  if (await hasUserInfo(transaction, flavor)) {
    const made = sql`creationby = ${maker} and ${flavor.exactly('username', own)}`;
    removed += await removeWhere(transaction, 'userinfo', made);
  }
  return removed + (await removeWhere(transaction, 'hub_fence', sql`kind = 'user' and name in (${sql.join(own)})`));
}

async function removeRouters({ database }: Writer, transaction: RadiusTransaction, tenantKey: string): Promise<number> {
  const { rows } = await sql<{ nasname: string }>`
    select nasname from hub_nas where tenant_key = ${tenantKey}`.execute(transaction);
  if (rows.length === 0) return 0;
  const names = sql.join(rows.map(({ nasname }) => nasname));
  let removed = await removeWhere(transaction, 'nas', sql`nasname in (${names})`);
  removed += await removeWhere(transaction, 'nasreload', sql`${database.flavor.address('nasipaddress')} in (${names})`);
  removed += await removeWhere(transaction, 'hub_nas', sql`tenant_key = ${tenantKey}`);
  return removed + (await removeWhere(transaction, 'hub_fence', sql`kind = 'nas' and name in (${names})`));
}

/** What its users stood on, once they are gone. */
async function removeRest(writer: Writer, transaction: RadiusTransaction, tenantKey: string): Promise<number> {
  let removed = await removeGroups(transaction, writer.database.flavor, tenantKey);
  removed += await removeRouters(writer, transaction, tenantKey);
  removed += await removeWhere(transaction, 'hub_tenant', sql`tenant_key = ${tenantKey}`);
  const groupFences = sql`kind = 'group' and name like ${`${tenantKey}:%`}`;
  removed += await removeWhere(transaction, 'hub_fence', groupFences);
  return removed + (await removeWhere(transaction, 'hub_fence', sql`kind = 'tenant' and name = ${tenantKey}`));
}

/** See `Enforcer.removeTenant`. Users in transactions of at most 500, then what they stood on. */
export async function removeTenant(writer: Writer, { tenantKey, usernames }: TenantGone): Promise<Removed> {
  const sorted = [...new Set(usernames)].sort();
  const spellings = await ask(async () => ok(await spellingsOf(writer, new Set(sorted))));
  if (!spellings.ok) return spellings;
  let removed = 0;
  for (let start = 0; start < sorted.length; start += usersATransaction) {
    const chunk = sorted.slice(start, start + usersATransaction);
    const users = await transact(writer.database, async (transaction) =>
      ok(await removeUsers(writer, transaction, tenantKey, chunk, spellings.value)),
    );
    if (!users.ok) return users;
    removed += users.value;
  }
  const rest = await transact(writer.database, async (transaction) =>
    ok(await removeRest(writer, transaction, tenantKey)),
  );
  return rest.ok ? ok(removed + rest.value) : rest;
}
