import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openPlace, type Place } from './place.ts';
import { flavors } from './radius-database.ts';
import { ageSeconds, record, sessionRows } from './sessions.ts';

const serverOf = { mysql: inject('mariadbUrl'), postgres: inject('postgresUrl') };
const answered = 'Accounting-Response';
const budi = { 'User-Name': 'budi@isp', 'User-Password': 'rahasia' };

describe.each(flavors)('accounting, with FreeRADIUS on %s', (flavor) => {
  let place: Place;
  beforeAll(async () => {
    place = await openPlace(flavor, serverOf[flavor]);
  });
  afterAll(async () => {
    await place.stop();
    await place.database.drop();
  });

  it('a session is one row from Start to Stop, with 64-bit counters and the group it was let in under', async () => {
    const about = { Class: `0x${Buffer.from('t1a2b3c4d:home').toString('hex')}`, 'Framed-IP-Address': '10.9.0.7' };
    const counted = {
      'Acct-Session-Time': '600',
      'Acct-Input-Octets': '500',
      'Acct-Input-Gigawords': '3',
      'Acct-Output-Octets': '4294967295',
    };
    expect(await record(place, 'Start', 'whole', about)).toBe(answered);
    expect(await sessionRows(place, 'whole')).toMatchObject([{ state: 'open', class: 't1a2b3c4d:home' }]);
    expect(await record(place, 'Interim-Update', 'whole', counted)).toBe(answered);
    expect(await sessionRows(place, 'whole')).toMatchObject([
      { state: 'open', input: '12884902388', output: '4294967295', seconds: '600' },
    ]);
    const end = { ...counted, 'Acct-Session-Time': '660', 'Acct-Terminate-Cause': 'User-Request' };
    expect(await record(place, 'Stop', 'whole', end)).toBe(answered);
    expect(await sessionRows(place, 'whole')).toMatchObject([
      { state: 'closed', cause: 'User-Request', input: '12884902388', seconds: '660', class: 't1a2b3c4d:home' },
    ]);
  });

  it('its user is the canonical one, so that sessions join with subscribers', async () => {
    await record(place, 'Start', 'spelled', { 'User-Name': ' BUDI@Isp ' });
    await record(place, 'Stop', 'spelled', { 'User-Name': 'budi@isp' });
    expect(await sessionRows(place, 'spelled')).toMatchObject([{ username: 'budi@isp', state: 'closed' }]);
  });

  it('R8: what its router calls it is kept beside that, because a Disconnect must say it so', async () => {
    const name = ' BUDI@Isp ';
    for (const status of ['Start', 'Stop'] as const) await record(place, status, 'named', { 'User-Name': name });
    const rows = sql`SELECT hub_user_name AS name FROM radacct WHERE acctsessionid = 'named'`;
    expect(await place.database.rows(rows)).toEqual([{ name }]);
  });

  it('what a packet does not bring stays as it was', async () => {
    const address = { 'Framed-IP-Address': '10.9.0.8' };
    await record(place, 'Start', 'sparse', address);
    await record(place, 'Interim-Update', 'sparse', { 'Acct-Input-Octets': '700', 'Acct-Session-Time': '60' });
    expect(await record(place, 'Stop', 'sparse')).toBe(answered);
    const [row] = await place.database.rows(
      sql`SELECT framedipaddress AS address FROM radacct WHERE acctsessionid = 'sparse'`,
    );
    expect(row?.address?.split('/')[0]).toBe('10.9.0.8');
    expect(await sessionRows(place, 'sparse')).toMatchObject([{ input: '700', seconds: '60', state: 'closed' }]);
  });

  it('counters never go back when packets overtake each other', async () => {
    await record(place, 'Start', 'overtaken');
    await record(place, 'Stop', 'overtaken', { 'Acct-Input-Octets': '900', 'Acct-Terminate-Cause': 'User-Request' });
    expect(await record(place, 'Interim-Update', 'overtaken', { 'Acct-Input-Octets': '800' })).toBe(answered);
    expect(await record(place, 'Start', 'overtaken')).toBe(answered);
    expect(await sessionRows(place, 'overtaken')).toMatchObject([
      { input: '900', state: 'closed', cause: 'User-Request' },
    ]);
  });

  it('a session whose Start was lost appears with its Interim, begun when it says', async () => {
    expect(await record(place, 'Interim-Update', 'late', { 'Acct-Session-Time': '1000' })).toBe(answered);
    expect(await sessionRows(place, 'late')).toMatchObject([{ state: 'open', seconds: '1000' }]);
    expect(Math.abs((await ageSeconds(place, 'late')) - 1000)).toBeLessThan(5);
    await record(place, 'Stop', 'late');
  });

  it('a session of which only the Stop arrives is a closed row', async () => {
    expect(await record(place, 'Stop', 'only-stop', { 'Acct-Input-Octets': '5' })).toBe(answered);
    expect(await sessionRows(place, 'only-stop')).toMatchObject([{ state: 'closed', input: '5' }]);
  });

  it('every packet may come twice', async () => {
    for (const status of ['Start', 'Interim-Update', 'Stop'] as const) {
      expect(await record(place, status, 'twice', { 'Acct-Session-Time': '60' })).toBe(answered);
      expect(await record(place, status, 'twice', { 'Acct-Session-Time': '60' })).toBe(answered);
    }
    expect(await sessionRows(place, 'twice')).toMatchObject([{ state: 'closed', seconds: '60' }]);
  });

  it("times are the database's, whatever the router's clock says, less the delay that it tells", async () => {
    const asleep = { 'Event-Timestamp': 'Jan  1 1970 00:10:00 UTC', 'Acct-Delay-Time': '40' };
    await record(place, 'Start', 'no-clock', asleep);
    expect(Math.abs((await ageSeconds(place, 'no-clock')) - 40)).toBeLessThan(5);
    await record(place, 'Stop', 'no-clock');
  });

  it('the key of a session does not depend on the port, but on the identifier of the router', async () => {
    await record(place, 'Start', 'nat', { 'NAS-Identifier': 'menteng', 'NAS-Port': '7' });
    await record(place, 'Start', 'nat', { 'NAS-Identifier': 'kemang', 'NAS-Port': '7' });
    await record(place, 'Stop', 'nat', { 'NAS-Identifier': 'menteng' });
    expect((await sessionRows(place, 'nat')).map(({ state }) => state)).toEqual(['closed', 'open']);
    await record(place, 'Stop', 'nat', { 'NAS-Identifier': 'kemang' });
  });

  it('text that is too long for an adopted column is cut, and the record is kept', async () => {
    if (flavor === 'mysql') await sql`ALTER TABLE radacct MODIFY nasportid varchar(32)`.execute(place.database.db);
    const port = '<pppoe-a-name-that-an-operator-made-very-long>';
    const long = { 'NAS-Port-Id': port, 'Called-Station-Id': 'x'.repeat(200), 'Connect-Info': 'y'.repeat(240) };
    expect(await record(place, 'Start', 'long', long)).toBe(answered);
    expect(await record(place, 'Stop', 'long', long)).toBe(answered);
    const kept = flavor === 'mysql' ? port.slice(0, 32) : port;
    expect(await sessionRows(place, 'long')).toMatchObject([{ nasportid: kept, state: 'closed' }]);
  });

  it('bytes that are no text do not lose the record', async () => {
    const name = { 'Attr-1': '0xfffe00275c78' };
    const junk = { ...name, 'Attr-87': '0xc3285c27', 'Acct-Status-Type': 'Start', 'Acct-Session-Id': 'junk' };
    expect((await place.account(junk)).packet).toBe(answered);
    expect(await sessionRows(place, 'junk')).toHaveLength(1);
  });

  it('Simultaneous-Use: a second login waits until the first session has ended', async () => {
    expect((await place.login(budi)).packet).toBe('Access-Accept');
    await record(place, 'Start', 'first');
    expect((await place.login(budi)).packet).toBe('Access-Reject');
    expect((await place.login({ ...budi, 'User-Name': 'BUDI@ISP' })).packet).toBe('Access-Reject');
    await record(place, 'Stop', 'first');
    expect((await place.login(budi)).packet).toBe('Access-Accept');
  });
});
