import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openPlace, type Place } from './place.ts';
import { flavors } from './radius-database.ts';
import { closeAsStale, record, sessionRows, shiftBack } from './sessions.ts';

const serverOf = { mysql: inject('mariadbUrl'), postgres: inject('postgresUrl') };
const answered = 'Accounting-Response';

describe.each(flavors)('sessions and restarts of routers, with FreeRADIUS on %s', (flavor) => {
  let place: Place;
  beforeAll(async () => {
    place = await openPlace(flavor, serverOf[flavor]);
  });
  afterAll(async () => {
    await place.stop();
    await place.database.drop();
  });

  it('R8: Accounting-On ends the open sessions of that router only, and leaves their counters', async () => {
    await record(place, 'Start', 'before');
    await record(place, 'Interim-Update', 'before', { 'Acct-Input-Octets': '77', 'Acct-Session-Time': '5' });
    await record(place, 'Start', 'elsewhere', {}, 'other');
    expect(await record(place, 'Accounting-On', '0')).toBe(answered);
    expect(await sessionRows(place, 'before')).toMatchObject([
      { state: 'closed', cause: 'NAS-Reboot', input: '77', seconds: '5' },
    ]);
    expect(await sessionRows(place, 'elsewhere')).toMatchObject([{ state: 'open' }]);
    await record(place, 'Stop', 'elsewhere', {}, 'other');
  });

  it('Accounting-On of a router without sessions is answered too', async () => {
    expect(await record(place, 'Accounting-On', '0', {}, 'nobodys')).toBe(answered);
    expect(await record(place, 'Accounting-Off', '0', {}, 'nobodys')).toBe(answered);
  });

  it('a session id that is used again after the restart is a new session, seen online', async () => {
    await record(place, 'Start', '80000001');
    await record(place, 'Interim-Update', '80000001', { 'Acct-Input-Octets': '4000' });
    await record(place, 'Accounting-On', '0');
    await record(place, 'Start', '80000001');
    expect(await record(place, 'Interim-Update', '80000001', { 'Acct-Input-Octets': '10' })).toBe(answered);
    expect(await sessionRows(place, '80000001')).toMatchObject([
      { state: 'closed', input: '4000' },
      { state: 'open', input: '10' },
    ]);
    await record(place, 'Stop', '80000001');
    expect((await sessionRows(place, '80000001')).map(({ state }) => state)).toEqual(['closed', 'closed']);
  });

  it('the same without Accounting-On: an old open row is ended at its last sign of life', async () => {
    await record(place, 'Start', '80000002');
    await record(place, 'Interim-Update', '80000002', { 'Acct-Input-Octets': '4000' });
    await shiftBack(place, '80000002', 3600);
    await record(place, 'Start', '80000002');
    expect(await sessionRows(place, '80000002')).toMatchObject([
      { state: 'closed', cause: 'NAS-Reboot', input: '4000' },
      { state: 'open', input: '0' },
    ]);
    await record(place, 'Stop', '80000002');
  });

  it('a session id that is used again long after an orderly end keeps both sessions', async () => {
    await record(place, 'Start', '80000003');
    await record(place, 'Stop', '80000003', { 'Acct-Input-Octets': '4000', 'Acct-Terminate-Cause': 'User-Request' });
    await shiftBack(place, '80000003', 3600);
    await record(place, 'Start', '80000003');
    expect(await sessionRows(place, '80000003')).toMatchObject([
      { state: 'closed', cause: 'User-Request', input: '4000' },
      { state: 'open', input: '0' },
    ]);
    await record(place, 'Stop', '80000003');
  });

  it('a session that the hub closed as stale is open again when it gives a sign of life', async () => {
    await record(place, 'Start', 'alive');
    await shiftBack(place, 'alive', 2000);
    await closeAsStale(place, 'alive');
    expect(await record(place, 'Interim-Update', 'alive', { 'Acct-Input-Octets': '9' })).toBe(answered);
    expect(await sessionRows(place, 'alive')).toMatchObject([{ state: 'open', cause: '', input: '9' }]);
    await record(place, 'Stop', 'alive', { 'Acct-Terminate-Cause': 'Lost-Carrier' });
    expect(await sessionRows(place, 'alive')).toMatchObject([{ state: 'closed', cause: 'Lost-Carrier' }]);
  });

  it('a late Stop corrects the end of a session that was closed as stale', async () => {
    await record(place, 'Start', 'corrected');
    await shiftBack(place, 'corrected', 2000);
    await closeAsStale(place, 'corrected');
    await record(place, 'Stop', 'corrected', { 'Acct-Terminate-Cause': 'Lost-Carrier', 'Acct-Session-Time': '1990' });
    expect(await sessionRows(place, 'corrected')).toMatchObject([
      { state: 'closed', cause: 'Lost-Carrier', seconds: '1990' },
    ]);
  });

  it('an Interim that was on its way when the session ended does not open it again', async () => {
    await record(place, 'Start', 'ended');
    await record(place, 'Stop', 'ended', { 'Acct-Terminate-Cause': 'Admin-Reset' });
    await record(place, 'Interim-Update', 'ended', { 'Acct-Delay-Time': '3' });
    expect(await sessionRows(place, 'ended')).toMatchObject([{ state: 'closed', cause: 'Admin-Reset' }]);
  });
});
