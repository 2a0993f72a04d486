import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { isolirGroupRows, planGroupRows } from '#domain/radius-groups.ts';
import { isolir, planGroup, plans, terminated } from '#ports/enforcer/contract-subject.ts';
import { type Freeradius, startFreeradius } from '#sandbox/services/freeradius.ts';
import { type RadiusAnswer, radclient } from '#test/radius/radclient.ts';
import type { FreeradiusSubject } from './testing/subject.ts';
import { plan, readySubject, wish } from './testing/wishes.ts';

const secret = 'the-secret-of-one-nas';
const mac = 'AA:BB:CC:DD:EE:FF';

describe.each([
  ['MariaDB', () => inject('mariadbUrl')],
  ['PostgreSQL', () => inject('postgresUrl')],
] as const)('what the enforcer writes, read by FreeRADIUS on %s', (_name, server) => {
  let subject: FreeradiusSubject;
  let freeradius: Freeradius;
  let folder: string;

  beforeAll(async () => {
    subject = await readySubject(server());
    folder = await mkdtemp(join(tmpdir(), 'jbf-'));
    await chmod(folder, 0o755);
    freeradius = await startFreeradius({ dir: join(folder, 'fr'), database: subject.database.url });
    const nas = { address: '127.0.0.1', generation: 1n, shortname: 'ckp', secret, type: 'mikrotik' };
    await subject.enforcer.applyTenant({ tenantKey: 't1a2b3c4d', generation: 1n, allowRoaming: false });
    expect(await subject.enforcer.applyNas({ ...nas, tenantKey: 't1a2b3c4d' })).toMatchObject({ ok: true });
  });

  afterAll(async () => {
    await freeradius.stop();
    await subject.close();
    await rm(folder, { recursive: true, force: true });
  });

  const login = (username: string, password: string, attributes: Record<string, string> = {}): Promise<RadiusAnswer> =>
    radclient({
      kind: 'auth',
      port: freeradius.authPort,
      secret,
      attributes: { 'Message-Authenticator': '0x00', 'User-Name': username, 'User-Password': password, ...attributes },
    });

  it('P25 to P28: plan, other plan, isolir, plan again, terminated: each login gets what stands', async () => {
    const line = { ...wish('budi', 1n), password: 'rahasia1', mac };
    const from = { 'Calling-Station-Id': mac };
    const limits = [plan, planGroup(plans[1]), isolir, plan].map((group, index) => [index + 1, group] as const);
    for (const [generation, group] of limits) {
      const reply = group === isolir ? [] : line.reply;
      await subject.enforcer.applyUsers([{ ...line, generation: BigInt(generation), group, reply }]);
      const answer = await login('Budi', 'rahasia1', from);
      expect(answer.packet).toBe('Access-Accept');
      const written = (await subject.groupRows(group)).reply.find((row) => row.attribute === 'Mikrotik-Rate-Limit');
      expect(answer.attributes['Mikrotik-Rate-Limit']).toEqual([written?.value]);
      expect(answer.attributes.Class).toEqual([`0x${Buffer.from(group).toString('hex')}`]);
      expect(answer.attributes['Framed-IP-Address']).toEqual(group === isolir ? undefined : ['10.20.30.40']);
    }
    expect((await login('budi', 'rahasia1', { 'Calling-Station-Id': '02:00:00:00:00:01' })).packet).toBe(
      'Access-Reject',
    );
    await subject.enforcer.applyUsers([{ ...line, generation: 9n, group: terminated, reply: [] }]);
    expect((await login('budi', 'rahasia1', from)).packet).toBe('Access-Reject');
  });

  it("an adopted user's old group does not lift isolir, and a group that locks out still does", async () => {
    await subject.putForeign('andi', { groups: ['10M'], check: [], reply: [] });
    await subject.database.query(
      `insert into radgroupreply (groupname, attribute, op, value) values ('10M', 'Mikrotik-Rate-Limit', ':=', '10M/10M')`,
    );
    await subject.enforcer.applyUsers([{ ...wish('andi', 1n, isolir), password: 'rahasia1' }]);
    const isolated = await login('andi', 'rahasia1');
    expect(isolated.attributes['Mikrotik-Rate-Limit']).toEqual(['512k/512k']);
    await subject.database.query(
      `insert into radusergroup (username, groupname, priority) values ('andi', 'daloRADIUS-Disabled-Users', -1)`,
    );
    await subject.database.query(
      `insert into radgroupcheck (groupname, attribute, op, value)
       values ('daloRADIUS-Disabled-Users', 'Auth-Type', ':=', 'Reject')`,
    );
    await subject.enforcer.applyUsers([{ ...wish('andi', 2n), password: 'rahasia1' }]);
    expect((await login('andi', 'rahasia1')).packet).toBe('Access-Reject');
  });

  it('every reply attribute of the dictionary is one that FreeRADIUS knows', async () => {
    const group = planGroup('all-attributes');
    const rows = { ...planGroupRows({ downKbps: 1000, upKbps: 1000 }, { addressPool: 'a', delegatedIpv6Pool: 'b' }) };
    const values: Readonly<Record<string, string>> = {
      'Delegated-IPv6-Prefix': '2001:db8::/56',
      'Delegated-IPv6-Prefix-Pool': 'x',
      'Framed-IP-Address': '10.1.2.3',
      'Framed-IP-Netmask': '255.255.255.255',
      'Framed-IPv6-Address': '2001:db8::1',
      'Framed-IPv6-Pool': 'x',
      'Framed-IPv6-Prefix': '2001:db8::/64',
      'Framed-IPv6-Route': '2001:db8::/64 :: 1',
      'Framed-Route': '10.1.0.0/24 0.0.0.0 1',
      'Idle-Timeout': '60',
      'Mikrotik-Group': 'x',
    };
    const extra = Object.entries(values).map(([attribute, value]) => ({ attribute, op: ':=', value }));
    const reply = [...rows.reply, ...isolirGroupRows().reply.slice(1), ...extra];
    expect(await subject.enforcer.applyGroup({ group, generation: 1n, check: rows.check, reply })).toMatchObject({
      ok: true,
    });
    await subject.enforcer.applyUsers([{ ...wish('siti', 1n, group), password: 'rahasia1', reply: [] }]);
    const answer = await login('siti', 'rahasia1');
    expect(answer.packet).toBe('Access-Accept');
    expect(Object.keys(answer.attributes)).toEqual(expect.arrayContaining(reply.map((row) => row.attribute)));
  });

  it('why quoted values are refused: FreeRADIUS takes the quotation marks away', async () => {
    const password = "'Cleartext-Password', ':=', '\"abc\"'";
    await subject.database.query(
      `insert into radcheck (username, attribute, op, value) values ('quoted', ${password})`,
    );
    expect((await login('quoted', '"abc"')).packet).toBe('Access-Reject');
    expect((await login('quoted', 'abc')).packet).toBe('Access-Accept');
  });
});
