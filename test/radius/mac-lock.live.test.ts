import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createFreeradiusEnforcer } from '#connectors/freeradius/enforcer.ts';
import { acknowledging } from '#connectors/freeradius/testing/subject.ts';
import { macLock } from '#domain/mac.ts';
import { good } from '#ports/enforcer/contract-subject.ts';
import { openPlace, type Place } from './place.ts';
import { flavors } from './radius-database.ts';

const serverOf = { mysql: inject('mariadbUrl'), postgres: inject('postgresUrl') };
const [old, replaced] = ['AA:BB:CC:0D:EE:FF', '4C:5E:0C:AA:BB:01'];

const notations = (mac: string): readonly string[] => {
  const bare = mac.replaceAll(':', '');
  const dotted = bare.replace(/(....)(....)(....)/, '$1.$2.$3');
  return [mac, mac.toLowerCase(), mac.replaceAll(':', '-'), dotted.toLowerCase(), bare, bare.toLowerCase()];
};

// What `radius-config/` makes of an address before it is compared is proved with the other logins.
describe.each(flavors)('the lock on a modem where FreeRADIUS compares what the router sent, on %s', (flavor) => {
  let place: Place;
  beforeAll(async () => {
    place = await openPlace(flavor, serverOf[flavor], { macsAsSent: true });
  });
  afterAll(() => place.stop());

  const login = async (mac: string | null): Promise<string> => {
    const station: Record<string, string> = mac === null ? {} : { 'Calling-Station-Id': mac };
    return (await place.login({ 'User-Name': 'fajar@isp', 'User-Password': 'rahasia', ...station })).packet;
  };
  const answers = async (mac: string) => {
    const packets: string[] = [];
    for (const written of notations(mac)) packets.push(await login(written));
    return new Set(packets);
  };

  it('R3: one row lets the modem in whatever the notation, and nobody else', async () => {
    expect(await answers(old)).toEqual(new Set(['Access-Accept']));
    expect(await answers(replaced)).toEqual(new Set(['Access-Reject']));
    expect(await login(null)).toBe('Access-Reject');
  });

  it('R3: control: a row that is compared letter by letter refuses the very same modem', async () => {
    const lock = (op: string, value: string) =>
      sql`update radcheck set op = ${op}, value = ${value} where username = 'fajar@isp' and attribute = 'Calling-Station-Id'`;
    await lock('==', old).execute(place.database.db);
    expect(await answers(old)).toEqual(new Set(['Access-Accept', 'Access-Reject']));
    const { op, value } = macLock(old);
    await lock(op, value).execute(place.database.db);
  });

  it('R3: replacing the modem moves the lock: the new one is in, the old one out, by the next packet', async () => {
    const enforcer = createFreeradiusEnforcer({ databaseUrl: place.database.url, coa: acknowledging });
    const [row] = await place.database.rows(sql`select groupname from radusergroup where username = 'fajar@isp'`);
    const user = { username: 'fajar@isp', group: row?.groupname ?? '', password: 'rahasia', reply: [] };
    good(await enforcer.applyUsers([{ ...user, generation: 9n, mac: replaced }]));
    expect(await answers(replaced)).toEqual(new Set(['Access-Accept']));
    expect(await answers(old)).toEqual(new Set(['Access-Reject']));
    good(await enforcer.applyUsers([{ ...user, generation: 10n, mac: null }]));
    expect(await login(null)).toBe('Access-Accept');
    await enforcer.close();
  });
});
