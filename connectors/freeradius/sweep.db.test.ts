import { describe, expect, inject, it } from 'vitest';
import { isolir } from '#ports/enforcer/contract-subject.ts';
import type { Difference } from '#ports/enforcer/inspection/port.ts';
import { plan, readySubject, wish } from './testing/wishes.ts';

const servers = [
  ['MariaDB', () => inject('mariadbUrl')],
  ['PostgreSQL', () => inject('postgresUrl')],
] as const;

describe.each(servers)('what differs on %s', (_name, server) => {
  it('B5: each kind of edit by another hand is told for what it is, and foreign rows are none of it', async () => {
    const { enforcer, database, close } = await readySubject(server());
    const users = ['moved', 'typed', 'fixed', 'double', 'extra', 'nowhere', 'foreign'].map((name, i) =>
      wish(name, BigInt(2 * i + 2)),
    );
    await enforcer.applyUsers(users);
    const attribute = 'insert into radreply (username, attribute, op, value) values (?, ?, ?, ?)';
    await database.query(`update radusergroup set groupname = ? where username = 'moved'`, [isolir]);
    await database.query(
      `update radcheck set value = 'diketik' where username = 'typed' and attribute = 'Cleartext-Password'`,
      [],
    );
    await database.query(`update radreply set value = '10.9.9.9' where username = 'fixed'`, []);
    await database.query(attribute, ['double', 'Framed-IP-Address', ':=', '10.20.30.40']);
    await database.query(attribute, ['extra', 'Framed-Route', ':=', '10.0.0.0/8']);
    await database.query(`delete from radusergroup where username = 'nowhere'`, []);
    await database.query(attribute, ['foreign', 'Reply-Message', ':=', 'halo']);
    await database.query(`insert into radusergroup (username, groupname, priority) values ('foreign', 'vip', 9)`, []);

    const inspected = await enforcer.inspectUsers(users);
    const found: readonly Difference[] = inspected.ok ? inspected.value : [];
    expect(found.map(({ kind, subject, was, shouldBe }) => [subject, kind, was, shouldBe])).toEqual([
      ['moved', 'wrong_group', `${isolir}, priority 1`, `${plan}, priority 1`],
      ['typed', 'wrong_password', 'Cleartext-Password := (a password)', 'Cleartext-Password := (a password)'],
      ['fixed', 'wrong_attribute', 'Framed-IP-Address := 10.9.9.9', 'Framed-IP-Address := 10.20.30.40'],
      ['double', 'duplicate_row', 'Framed-IP-Address := 10.20.30.40', 'no row'],
      ['extra', 'extra_owned_row', 'Framed-Route := 10.0.0.0/8', 'no row'],
      ['nowhere', 'wrong_group', 'no row', `${plan}, priority 1`],
    ]);
    expect(found[1]?.foundPassword).toBe('diketik');
    await close();
  });

  it('X9: another spelling of a name is told as what a person must mend', async () => {
    const { enforcer, database, close } = await readySubject(server());
    await enforcer.applyUsers([wish('budi', 2n)]);
    await database.query(
      `insert into radcheck (username, attribute, op, value) values ('BUDI', 'Expiration', ':=', '31 Dec 2030')`,
      [],
    );
    const inspected = await enforcer.inspectUsers([wish('budi', 2n)]);
    expect(inspected.ok && inspected.value).toMatchObject([{ kind: 'name_conflict', subject: 'budi' }]);
    await close();
  });
});
