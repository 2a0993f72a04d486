import { join } from 'node:path';
import { openDatabase } from '#db/database.ts';
import { type Listening, listen } from '#http/server.ts';
import { openCounters } from '#platform/counters.ts';
import { createLog } from '#platform/log.ts';
import { startPostgres } from '#sandbox/services/postgres.ts';
import { createBridgeRoom } from '#test/features/bridge-room.ts';
import { addUser, type IdentityRoom, openIdentityRoom, password } from '#test/features/identity-room.ts';
import type { ThrowAway } from '../throw-away.ts';

export type IdentityDoor = {
  readonly room: IdentityRoom;
  readonly listening: Listening;
  /** What its one user logs in with. */
  readonly login: { readonly email: string; readonly password: string; readonly tenant_id: string };
};

/** Nobody comes near them, and they are counted as in production. */
const faraway = { address: 1_000_000_000, user: 1_000_000_000, login: 1_000_000_000 };

/** Identity behind the hub's own door on a durable PostgreSQL, with bcrypt of `cost` and limits that are counted. */
export async function openIdentityDoor({ folder, keep }: ThrowAway, cost = 12): Promise<IdentityDoor> {
  const postgres = keep(await startPostgres({ dir: join(folder, 'pg'), durable: true }), (it) => it.stop());
  const bridge = keep(await createBridgeRoom(postgres.url), (it) => it.close());
  const where = { databaseUrl: bridge.url, redisUrl: undefined };
  const counters = keep(await openCounters(where, createLog('silent')), (it) => it.close());
  // A pool as large as the hub's own.
  const db = keep(openDatabase(bridge.url), (it) => it.close());
  const room = await openIdentityRoom({ ...bridge, db }, { limits: faraway, counters, cost });
  const tenant_id = await bridge.addTenant();
  const { email } = await addUser(room, tenant_id);
  const listening = keep(await listen(room.app, { host: '127.0.0.1', port: 0 }), (it) => it.close());
  return { room, listening, login: { email, password, tenant_id } };
}
