import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNas } from '#sandbox/nas/create-nas.ts';
import type { Dial, Nas, NasOptions, Session } from '#sandbox/nas/nas.ts';
import { type Freeradius, startFreeradius } from '#sandbox/services/freeradius.ts';
import { prepareForFreeradius, type RadiusDatabase } from '#test/radius/radius-database.ts';
import { eventually } from './eventually.ts';
import type { Client } from './http-client.ts';
import type { Subscriber } from './isp.ts';

export const nasSecret = 'nas-secret-of-20-chars';

/** A FreeRADIUS on a hub's RADIUS tables, and routers that ask it. */
export type RadiusStage = {
  readonly freeradius: Freeradius;
  /** A router that runs, and that nobody knows yet. */
  startRouter(address: string, change?: Partial<NasOptions>): Promise<Nas>;
  stop(): Promise<void>;
};

export async function openRadiusStage(radius: RadiusDatabase): Promise<RadiusStage> {
  const folder = await mkdtemp(join(tmpdir(), 'jbs-'));
  await chmod(folder, 0o755);
  const freeradius = await startFreeradius({ dir: join(folder, 'fr'), database: await prepareForFreeradius(radius) });
  const routers: Nas[] = [];
  return {
    freeradius,
    async startRouter(address, change = {}) {
      const { authPort, acctPort } = freeradius;
      const asks = { host: '127.0.0.1', authPort, acctPort };
      const nas = await createNas({ address, coaPort: 0, secret: nasSecret, radius: asks, ...change });
      routers.push(nas);
      return nas;
    },
    async stop() {
      for (const nas of routers) await nas.close();
      await freeradius.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Tells the hub of a router by `POST nas`, and waits until RADIUS knows it too. */
export async function registerNas(admin: Client, nas: Pick<Nas, 'address' | 'coaPort'>, name: string): Promise<void> {
  await admin.post('nas', { name, address: nas.address, secret: nasSecret, coa_port: nas.coaPort, type: 'mikrotik' });
  await eventually(
    () => admin.get<{ total: number }>('outbox?kind=nas.apply&state=ready&page_size=1'),
    ({ total }) => total === 0,
  );
  await eventually(
    () => admin.get<{ total: number }>('outbox?kind=nas.apply&state=running&page_size=1'),
    ({ total }) => total === 0,
  );
}

export const dialOf = ({ username, password }: Subscriber, change: Partial<Dial> = {}): Dial => ({
  username,
  password,
  method: 'pap',
  mac: '4C:5E:0C:AA:BB:01',
  ...change,
});

/** Logs a subscriber in; throws when it is not let in. */
export async function online(nas: Nas, who: Subscriber, change: Partial<Dial> = {}): Promise<Session> {
  const result = await nas.login(dialOf(who, change));
  if (!result.session) throw new Error(`${who.username} was not let in: ${JSON.stringify(result)}`);
  return result.session;
}

/** The session that a subscriber has at the router, when it is one that `isRight`. */
export const comesOnline = (nas: Nas, who: Subscriber, isRight: (session: Session) => boolean): Promise<Session> =>
  eventually(
    () => nas.sessions().find((session) => session.username === who.username && isRight(session)),
    (session) => session !== undefined,
  ).then((session) => {
    if (!session) throw new Error('unreachable: eventually answers only what is right');
    return session;
  });
