import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openPlace, type Place } from './place.ts';
import { radclient } from './radclient.ts';
import { flavors } from './radius-database.ts';
import { addRouter, ownTenant, routers } from './subscribers.ts';

const serverOf = { mysql: inject('mariadbUrl'), postgres: inject('postgresUrl') };
const budi = { 'User-Name': 'budi@isp', 'User-Password': 'rahasia' };

describe.each(flavors)('a router, with FreeRADIUS on %s', (flavor) => {
  let place: Place;
  beforeAll(async () => {
    place = await openPlace(flavor, serverOf[flavor]);
  });
  afterAll(async () => {
    await place.stop();
    await place.database.drop();
  });

  const loginFrom = (address: string, secret: string, signed = true, waitSeconds = 5): ReturnType<typeof radclient> =>
    radclient({
      port: place.authPort,
      kind: 'auth',
      secret,
      waitSeconds,
      attributes: { 'Packet-Src-IP-Address': address, ...(signed ? { 'Message-Authenticator': '0x00' } : {}), ...budi },
    });

  it('SEC-8: an unsigned request is dropped', async () => {
    expect((await loginFrom(routers.own.address, routers.own.secret, false, 1)).packet).toBe('none');
    expect((await loginFrom(routers.own.address, routers.own.secret)).packet).toBe('Access-Accept');
  });

  it('a wrong secret is answered by silence', async () => {
    expect((await loginFrom(routers.own.address, 'not-its-secret', true, 1)).packet).toBe('none');
  });

  it('R7: a new row of nas works from the next packet, without a restart, for many in one second', async () => {
    const added = [21, 22, 23, 24, 25].map((last) => ({
      address: `127.0.0.${last}`,
      secret: `secret-of-${last}`,
      tenantKey: ownTenant,
    }));
    const first = added[0] ?? routers.own;
    expect((await loginFrom(first.address, first.secret, true, 1)).packet).toBe('none');
    for (const router of added) await addRouter(place.database.db, router);
    const answers = await Promise.all(added.map(({ address, secret }) => loginFrom(address, secret)));
    expect(answers.map(({ packet }) => packet)).toEqual(added.map(() => 'Access-Accept'));
  });

  it('R7: NAS-IP-Address is where the packet came from, whatever the router says of itself', async () => {
    const started = await place.account({
      'User-Name': 'budi@isp',
      'Acct-Session-Id': 'lan',
      'Acct-Status-Type': 'Start',
      'NAS-IP-Address': '192.168.88.1',
    });
    expect(started.packet).toBe('Accounting-Response');
    const kept = await place.database.rows(
      flavor === 'mysql'
        ? sql`SELECT nasipaddress FROM radacct WHERE acctsessionid = 'lan'`
        : sql`SELECT host(nasipaddress) AS nasipaddress FROM radacct WHERE acctsessionid = 'lan'`,
    );
    expect(kept).toEqual([{ nasipaddress: routers.own.address }]);
  });

  it('the tenant of a router is the one of its address, not of what it says', async () => {
    const lie = { ...budi, 'NAS-IP-Address': routers.own.address, 'NAS-Identifier': 'own' };
    expect((await place.login(lie, 'other')).packet).toBe('Access-Reject');
  });
});

it('`JEMBATAN_RADIUS_REQUIRE_SIGNED=no` lets old routers in', async () => {
  const place = await openPlace('mysql', serverOf.mysql, { requireSigned: false });
  try {
    const answer = await radclient({
      port: place.authPort,
      kind: 'auth',
      secret: routers.own.secret,
      attributes: { 'Packet-Src-IP-Address': routers.own.address, ...budi },
    });
    expect(answer.packet).toBe('Access-Accept');
  } finally {
    await place.stop();
    await place.database.drop();
  }
});

it('a refusal waits as long as it is told, so that guessing is slow', async () => {
  const place = await openPlace('mysql', serverOf.mysql, { rejectDelay: 1, interimSeconds: 60 });
  try {
    const accepted = await place.login(budi);
    expect(accepted.attributes['Acct-Interim-Interval']).toEqual(['60']);
    const before = performance.now();
    const refused = await place.login({ ...budi, 'User-Password': 'wrong' }, 'own');
    expect(refused.packet).toBe('Access-Reject');
    expect(performance.now() - before).toBeGreaterThan(900);
  } finally {
    await place.stop();
    await place.database.drop();
  }
});
