import { sql } from 'kysely';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { createAddressGuard } from '#connectors/kit/address-guard.ts';
import { parseNetworks } from '#connectors/kit/address-kind.ts';
import { openRadiusDatabase, type RadiusDatabase } from './database.ts';

const opened = parseNetworks(['127.0.0.1/32']);
if (!opened.ok) throw new Error(opened.error);

const databases: RadiusDatabase[] = [];
afterEach(async () => {
  for (const database of databases.splice(0)) await database.close();
});

/** The server of this run by a name that leads to one address after the other, the last one for good. */
function byName(serverUrl: string, answers: readonly string[]) {
  const url = new URL(serverUrl);
  const asked: string[] = [];
  const guard = createAddressGuard({
    allow: opened.ok ? opened.value : { contains: () => false },
    allowPrivate: false,
    resolve: async (host) => {
      const address = answers[Math.min(asked.length, answers.length - 1)] ?? '';
      asked.push(host);
      return [{ address, family: 4 }];
    },
  });
  const database = openRadiusDatabase(
    `${url.protocol}//${url.username}:x@radius.example.net:${url.port}/none`,
    { connectMs: 2_000 },
    guard.lookup,
  );
  databases.push(database);
  const say = (): Promise<string> =>
    sql`select 1`.execute(database.connection).then(
      () => 'it answers',
      (error: unknown) => String(error),
    );
  return { asked, say };
}

describe.each(['mariadbUrl', 'postgresUrl'] as const)('SEC-17: a RADIUS database behind a name (%s)', (server) => {
  it('is connected to where the name was judged, and judged again at the next connect', async () => {
    const { asked, say } = byName(inject(server), ['127.0.0.1', '169.254.169.254']);
    // The server itself answers: it knows no such login, or no such database.
    expect(await say()).toMatch(/Access denied|does not exist/);
    expect(await say()).toContain('JEMBATAN_OUTBOUND_ALLOW');
    expect(asked[0]).toBe('radius.example.net');
  });
});
