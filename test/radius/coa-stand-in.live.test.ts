import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openPlace, type Place } from './place.ts';
import { radclient } from './radclient.ts';
import { flavors } from './radius-database.ts';
import { record } from './sessions.ts';

const serverOf = { mysql: inject('mariadbUrl'), postgres: inject('postgresUrl') };
const secret = 'hub-and-router';
const signed = { 'Message-Authenticator': '0x00' };

describe.each(flavors)('the stand-in router for our own packets, with FreeRADIUS on %s', (flavor) => {
  let place: Place;
  beforeAll(async () => {
    place = await openPlace(flavor, serverOf[flavor], { coa: { secret } });
    await record(place, 'Start', 'n3');
  });
  afterAll(async () => {
    await place.stop();
    await place.database.drop();
  });

  const ask = (attributes: Readonly<Record<string, string>>, waitSeconds = 5): ReturnType<typeof radclient> =>
    radclient({ kind: 'disconnect', port: place.coaPort ?? 0, secret, attributes, waitSeconds });

  it('an open session is acknowledged', async () => {
    expect((await ask({ ...signed, 'User-Name': 'budi@isp', 'Acct-Session-Id': 'n3' })).packet).toBe('Disconnect-ACK');
  });

  it.each([
    ['another session', { 'User-Name': 'budi@isp', 'Acct-Session-Id': 'zz' }, 'Session-Context-Not-Found'],
    ['another router', { 'User-Name': 'budi@isp', 'NAS-IP-Address': '10.0.0.1' }, 'NAS-Identification-Mismatch'],
    ['no session at all', { 'Acct-Terminate-Cause': 'Admin-Reset' }, 'Missing-Attribute'],
  ])('%s is refused with its cause', async (_, attributes, cause) => {
    const answer = await ask({ ...signed, ...attributes });
    expect(answer.packet).toBe('Disconnect-NAK');
    expect(answer.attributes['Error-Cause']).toEqual([cause]);
  });

  it('an unsigned request is dropped', async () => {
    expect((await ask({ 'User-Name': 'budi@isp', 'Acct-Session-Id': 'n3' }, 1)).packet).toBe('none');
  });
});
