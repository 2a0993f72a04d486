import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { groupCases, type LoginCase, macCases, nameCases, passwordCases, tenantCases } from './login-cases.ts';
import { openPlace, type Place } from './place.ts';
import { flavors } from './radius-database.ts';

const serverOf = { mysql: inject('mariadbUrl'), postgres: inject('postgresUrl') };
/** How long nothing must come before it counts as silence. */
const silenceSeconds = 1;
const cases = [...passwordCases, ...nameCases, ...macCases, ...groupCases, ...tenantCases];

describe.each(flavors)('a login, with FreeRADIUS on %s', (flavor) => {
  let place: Place;
  beforeAll(async () => {
    place = await openPlace(flavor, serverOf[flavor]);
  });
  afterAll(async () => {
    await place.stop();
    await place.database.drop();
  });

  async function check({ request, from, packet, reply = {} }: LoginCase): Promise<void> {
    const answer = await place.login(request, from, packet === 'none' ? silenceSeconds : undefined);
    expect(answer.packet).toBe(packet);
    const got = Object.keys(reply).map((name) => [name, answer.attributes[name] ?? null]);
    const wanted = Object.entries(reply).map(([name, value]) => [name, value === null ? null : [value]]);
    expect(got).toEqual(wanted);
    // radclient drops an answer whose signature is wrong, so a signature that is there is right.
    if (packet !== 'none') expect(answer.attributes['Message-Authenticator']).toHaveLength(1);
  }

  it.each(cases)('$guarantee', check);

  it('R7: no password is in radpostauth, whatever the way it was proved', async () => {
    const kept = await place.database.rows(sql`SELECT DISTINCT pass FROM radpostauth`);
    expect(kept).toEqual([{ pass: '' }]);
  });

  it('radpostauth says under its canonical name who was let in, and under which group', async () => {
    const seen = await place.database.rows(
      sql`SELECT DISTINCT username, reply, class FROM radpostauth WHERE username IN ('citra@isp', 'dewi@isp') ORDER BY username`,
    );
    expect(seen).toMatchObject([
      { username: 'citra@isp', reply: 'Access-Accept', class: 't1a2b3c4d:isolir' },
      { username: 'dewi@isp', reply: 'Access-Reject' },
    ]);
  });

  it('a login goes on when it cannot be recorded', async () => {
    await sql`ALTER TABLE radpostauth RENAME TO radpostauth_away`.execute(place.database.db);
    try {
      expect((await place.login({ 'User-Name': 'budi@isp', 'User-Password': 'rahasia' })).packet).toBe('Access-Accept');
    } finally {
      await sql`ALTER TABLE radpostauth_away RENAME TO radpostauth`.execute(place.database.db);
    }
  });

  it('R7: a tenant that allows roaming may be used at another tenant’s router', async () => {
    const { db } = place.database;
    await sql`UPDATE hub_tenant SET allow_roaming = 1 WHERE tenant_key = 't1a2b3c4d'`.execute(db);
    try {
      const roaming = await place.login({ 'User-Name': 'budi@isp', 'User-Password': 'rahasia' }, 'other');
      expect(roaming.packet).toBe('Access-Accept');
      // Its own tenant allows it, not the router's.
      await sql`UPDATE hub_tenant SET allow_roaming = 1 - allow_roaming`.execute(db);
      const again = await place.login({ 'User-Name': 'budi@isp', 'User-Password': 'rahasia' }, 'other');
      expect(again.packet).toBe('Access-Reject');
    } finally {
      await sql`UPDATE hub_tenant SET allow_roaming = 0`.execute(db);
    }
  });

  it('a change of group that is committed is what the next login gets', async () => {
    const { db } = place.database;
    const request = { 'User-Name': 'gita@isp', 'User-Password': 'rahasia' };
    expect((await place.login(request)).attributes['Mikrotik-Rate-Limit']).toEqual(['10M/20M']);
    await sql`UPDATE radusergroup SET groupname = 't1a2b3c4d:isolir' WHERE username = 'gita@isp'`.execute(db);
    expect((await place.login(request)).attributes['Mikrotik-Rate-Limit']).toEqual(['128k/128k']);
    await sql`UPDATE radusergroup SET groupname = 't1a2b3c4d:home' WHERE username = 'gita@isp'`.execute(db);
    expect((await place.login(request)).attributes['Mikrotik-Rate-Limit']).toEqual(['10M/20M']);
  });
});
