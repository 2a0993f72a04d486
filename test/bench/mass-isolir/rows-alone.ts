import { createConnection } from 'mysql2/promise';
import { radclient } from '#test/radius/radclient.ts';

/** How many names a statement of the floor has, as many as a transaction of the hub's. */
const names = 500;

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1_000;
};

export type Disconnecting = { readonly port: number; readonly secret: string };

/** A mass isolir without a hub, on a connection of its own. Answers are seconds. */
export async function openRowsAlone(databaseUrl: string) {
  const connection = await createConnection({ uri: databaseUrl });
  const run = (statement: string, values: readonly unknown[]) => connection.query(statement, [...values]);
  return {
    /** The floor: the group rows of all users by one transaction, and nothing else. */
    bulkUpdate: (usernames: readonly string[], group: string): Promise<number> =>
      timed(async () => {
        await connection.query('begin');
        for (let start = 0; start < usernames.length; start += names) {
          const some = usernames.slice(start, start + names);
          await run('update radusergroup set groupname = ? where username in (?)', [group, some]);
        }
        await connection.query('commit');
      }),
    /** The usual way: a statement for each user and table, each its own transaction, and a radclient for each user. */
    oneByOne: (usernames: readonly string[], group: string, { port, secret }: Disconnecting): Promise<number> =>
      timed(async () => {
        for (const username of usernames) {
          await run('update radusergroup set groupname = ? where username = ?', [group, username]);
          await run(`delete from radreply where username = ? and attribute = 'Framed-IP-Address'`, [username]);
          const attributes = { 'User-Name': username, 'Message-Authenticator': '0x00' };
          const { packet } = await radclient({ port, kind: 'disconnect', secret, attributes });
          if (packet === 'none') throw new Error('nobody answered the Disconnect-Request');
        }
      }),
    close: () => connection.end(),
  };
}
