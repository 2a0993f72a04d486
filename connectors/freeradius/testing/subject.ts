import type { AttributeRow } from '#domain/access.ts';
import type { EnforcerSubject } from '#ports/enforcer/contract-subject.ts';
import type { UserRows } from '#ports/enforcer/port.ts';
import { createFreeradiusEnforcer, type FreeradiusOptions } from '../enforcer.ts';
import { type FreshDatabase, freshDatabase } from './fresh-database.ts';

export type FreeradiusSubject = EnforcerSubject & {
  readonly database: FreshDatabase;
  /** Rows of a table as they stand, each as text. */
  rows(table: string): Promise<readonly string[]>;
};

/** A NAS that acknowledges and does nothing. */
export const acknowledging: FreeradiusOptions['coa'] = {
  disconnect: async () => ({ answer: 'ack', roundTripMs: 1, attempts: 1 }),
  change: async () => ({ answer: 'ack', roundTripMs: 1, attempts: 1 }),
};

async function insertAttributes(
  database: FreshDatabase,
  table: string,
  username: string,
  rows: readonly AttributeRow[],
) {
  for (const { attribute, op, value } of rows) {
    await database.query(`insert into ${table} (username, attribute, op, value) values (?, ?, ?, ?)`, [
      username,
      attribute,
      op,
      value,
    ]);
  }
}

async function putForeign(database: FreshDatabase, username: string, rows: UserRows['foreign']): Promise<void> {
  await insertAttributes(database, 'radcheck', username, rows.check);
  await insertAttributes(database, 'radreply', username, rows.reply);
  for (const group of rows.groups) {
    await database.query('insert into radusergroup (username, groupname, priority) values (?, ?, 1)', [
      username,
      group,
    ]);
  }
}

async function groupTable(database: FreshDatabase, table: string, group: string): Promise<readonly AttributeRow[]> {
  const rows = await database.query(`select attribute, op, value from ${table} where groupname = ? order by id`, [
    group,
  ]);
  return rows.map((row) => ({ attribute: String(row.attribute), op: String(row.op), value: String(row.value) }));
}

/** An instant so many seconds ago, by the server's clock, in its own SQL. */
const ago = (url: string, seconds: number): string =>
  url.startsWith('mysql:') ? `now() - interval ${seconds} second` : `now() - interval '${seconds} seconds'`;

/** The enforcer on a database of its own at `server`, ready for the contract. */
export async function freeradiusSubject(
  server: string,
  options: Partial<FreeradiusOptions> = {},
): Promise<FreeradiusSubject> {
  const database = await freshDatabase(server);
  const enforcer = createFreeradiusEnforcer({ databaseUrl: database.url, coa: acknowledging, ...options });
  let opened = 0;
  return {
    enforcer,
    database,
    rows: async (table) =>
      (await database.query(`select * from ${table} order by id`)).map((row) => JSON.stringify(row)),
    putForeign: (username, rows) => putForeign(database, username, rows),
    groupRows: async (group) => ({
      check: await groupTable(database, 'radgroupcheck', group),
      reply: await groupTable(database, 'radgroupreply', group),
    }),
    openSession: async ({ username, group, ageSeconds }) => {
      const since = ago(database.url, ageSeconds);
      const uniqueId = `unique-${++opened}`;
      // As FreeRADIUS writes it: octets in hex, the name as it was typed.
      const octets = `0x${Buffer.from(group).toString('hex')}`;
      await database.query(
        `insert into radacct (acctsessionid, acctuniqueid, username, nasipaddress, acctstarttime, acctupdatetime,
           acctinputoctets, acctoutputoctets, callingstationid, calledstationid, acctterminatecause, framedipaddress, class)
         values (?, ?, ?, '10.9.0.1', ${since}, ${since}, 12884902388, 7, 'AA:BB:CC:DD:EE:FF', '', '', '10.66.0.7', ?)`,
        ['81d00001', uniqueId, username.toUpperCase(), octets],
      );
      const sessions = await enforcer.openSessions(username);
      const session = sessions.ok ? sessions.value.find((candidate) => candidate.uniqueId === uniqueId) : undefined;
      if (!session) throw new Error('the session that was just opened is not found');
      return session;
    },
    updateSession: async (session) => {
      const now = ago(database.url, 0);
      await database.query(`update radacct set acctupdatetime = ${now} where acctuniqueid = ?`, [session.uniqueId]);
    },
    close: async () => {
      await enforcer.close();
      await database.drop();
    },
  };
}
