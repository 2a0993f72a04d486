import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { createCoaClient } from '#connectors/freeradius/coa-client.ts';
import { type Freeradius, startFreeradius } from '#sandbox/services/freeradius.ts';
import { createDatabase, prepareForFreeradius, type RadiusDatabase } from '#test/radius/radius-database.ts';
import { routers, seed } from '#test/radius/subscribers.ts';
import { createNas } from './create-nas.ts';
import type { Dial, LoginMethod, Nas, NasOptions, Session } from './nas.ts';

const coaSecret = 'coa-stand-in';
const { address, secret } = routers.own;
const budi: Dial = { username: 'budi@isp', password: 'rahasia', method: 'pap', mac: '4c5e.0caa.bb01', port: 'vlan100' };
const methods: readonly LoginMethod[] = ['pap', 'chap', 'mschapv2'];

let folder: string;
let database: RadiusDatabase;
let server: Freeradius;
let nas: Nas;

const openNas = (change: Partial<NasOptions> = {}): Promise<Nas> =>
  createNas({
    address,
    coaPort: 0,
    secret,
    radius: { host: '127.0.0.1', authPort: server.authPort, acctPort: server.acctPort },
    ...change,
  });

beforeAll(async () => {
  database = await createDatabase('mysql', inject('mariadbUrl'));
  const url = await prepareForFreeradius(database);
  await seed(database.db);
  folder = await mkdtemp(join(tmpdir(), 'jbn-'));
  await chmod(folder, 0o755);
  server = await startFreeradius({ dir: join(folder, 'fr'), database: url, coa: { secret: coaSecret } });
  nas = await openNas();
});
afterEach(async () => {
  for (const session of nas.sessions()) await nas.logout(session);
});
afterAll(async () => {
  await nas.close();
  await server.stop();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

async function online(change: Partial<Dial> = {}): Promise<Session> {
  const { session } = await nas.login({ ...budi, ...change });
  if (!session) throw new Error(`not let in: ${server.log()}`);
  return session;
}

const rowOf = async ({ id }: Session) => {
  const [row] = await database.rows(sql`
    SELECT username, nasipaddress AS nas, nasportid AS port, callingstationid AS mac, framedipaddress AS address, class,
      acctinputoctets AS input, acctoutputoctets AS output, acctterminatecause AS cause, acctstoptime AS stop
    FROM radacct WHERE acctsessionid = ${id}`);
  return row;
};

const disconnect = (session: Session, target: { host: string; port: number; secret: string; signed?: boolean }) => {
  const client = createCoaClient({ timers: { firstMs: 300, capMs: 300, tries: 2, totalMs: 600 } });
  const names = { username: session.username, sessionId: session.id, framedAddress: session.framedAddress };
  return client
    .disconnect({ ...names, eventTimestamp: new Date() }, { signed: true, ...target })
    .finally(() => client.close());
};

describe('the stand-in NAS against a real FreeRADIUS', () => {
  it.each(methods)(
    'R7: %s with the right password is let in at the plan speed, and its answer is signed',
    async (method) => {
      const result = await nas.login({ ...budi, method });
      expect(result).toMatchObject({ accepted: true, attributes: { 'Mikrotik-Rate-Limit': ['10M/20M'] } });
      expect(result.attributes['Message-Authenticator']).toHaveLength(1);
    },
  );

  it.each(methods)('R7: %s with a wrong password is refused, and that answer is signed too', async (method) => {
    const result = await nas.login({ ...budi, method, password: 'rahasiA' });
    expect(result).toMatchObject({ accepted: false });
    expect(result.silent).toBeUndefined();
  });

  it('R7: MS-CHAPv2 hashes the name as it was typed, the lookup does not care', async () => {
    expect(await nas.login({ ...budi, username: 'BUDI@isp', method: 'mschapv2' })).toMatchObject({ accepted: true });
  });

  it('SEC-7: with another secret the server says nothing', async () => {
    const stranger = await openNas({
      secret: 'guess',
      radius: { host: '127.0.0.1', authPort: server.authPort, acctPort: server.acctPort, timeoutMs: 200, tries: 2 },
    });
    expect(await stranger.login(budi)).toMatchObject({ accepted: false, silent: true });
    await stranger.close();
  });

  it('R9: Start, Interim with gigawords and Stop are one row of radacct', async () => {
    const session = await online();
    expect(await rowOf(session)).toMatchObject({
      username: 'budi@isp',
      nas: address,
      port: 'vlan100',
      mac: '4C:5E:0C:AA:BB:01',
      address: session.framedAddress,
      class: 't1a2b3c4d:home',
      stop: null,
    });
    expect(await nas.interim(session, { inputOctets: 12_884_902_388n, outputOctets: 2n ** 40n })).toBe(true);
    expect(await rowOf(session)).toMatchObject({ input: '12884902388', output: String(2n ** 40n), stop: null });
    expect(await nas.logout(session, 'Lost-Carrier')).toBe(true);
    expect(await rowOf(session)).toMatchObject({
      cause: 'Lost-Carrier',
      input: '12884902388',
      stop: expect.any(String),
    });
  });

  it('R8: a Disconnect ends in a Stop record with Admin-Reset, and the modem comes back', async () => {
    const session = await online();
    nas.behaviour({ autoRelogin: true });
    const back = once(nas.events, 'login');
    const answer = await disconnect(session, { host: address, port: nas.coaPort, secret });
    expect(answer).toMatchObject({ answer: 'ack', attempts: 1 });
    const [again] = await back;
    nas.behaviour({ autoRelogin: false });
    expect(await rowOf(session)).toMatchObject({ cause: 'Admin-Reset', stop: expect.any(String) });
    expect(await rowOf(again)).toMatchObject({ username: 'budi@isp', stop: null });
  });

  it('R8: Simultaneous-Use keeps out a second modem until the first is gone; a reboot frees it', async () => {
    await online();
    expect(await nas.login({ ...budi, mac: '4c5e.0caa.bb02' })).toMatchObject({ accepted: false });
    expect(await nas.reboot()).toBe(true);
    expect(await nas.login(budi)).toMatchObject({ accepted: true });
  });
});

describe('our Disconnect, judged by FreeRADIUS', () => {
  const target = () => ({ host: '127.0.0.1', port: server.coaPort ?? 0, secret: coaSecret });

  it('SEC-7: signed, it is acknowledged for an open session and is 503 for another', async () => {
    const session = await online();
    expect(await disconnect(session, target())).toMatchObject({ answer: 'ack' });
    const other = { ...session, id: 'zz' };
    expect(await disconnect(other, target())).toMatchObject({ answer: 'nak', errorCause: 503 });
  });

  it('SEC-8: unsigned, it is dropped by a server that requires the signature', async () => {
    const session = await online();
    expect(await disconnect(session, { ...target(), signed: false })).toEqual({ answer: 'silence', attempts: 2 });
  });
});
