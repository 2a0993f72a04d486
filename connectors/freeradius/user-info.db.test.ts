import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { good } from '#ports/enforcer/contract-subject.ts';
import type { FreeradiusSubject } from './testing/subject.ts';
import { readySubject, wish } from './testing/wishes.ts';

/** As daloRADIUS makes it, down to the columns that are not the hub's. */
const table = (isMysql: boolean): string => `create table userinfo (
  id ${isMysql ? 'int unsigned not null auto_increment' : 'serial'} primary key, username varchar(128),
  firstname varchar(200), lastname varchar(200), email varchar(200), department varchar(200),
  mobilephone varchar(200), address varchar(200), city varchar(200), notes varchar(200),
  creationdate ${isMysql ? 'datetime' : 'timestamp'}, creationby varchar(128),
  updatedate ${isMysql ? 'datetime' : 'timestamp'}, updateby varchar(128))`;

const person = (username: string, name = 'Budi Santoso') => ({
  username,
  name,
  email: null,
  phone: '0812',
  address: 'Jl. Melati 5',
});

describe.each([
  ['MariaDB', () => inject('mariadbUrl')],
  ['PostgreSQL', () => inject('postgresUrl')],
] as const)('daloRADIUS’s userinfo on %s', (name, server) => {
  let subject: FreeradiusSubject;
  beforeAll(async () => {
    subject = await readySubject(server());
  });
  afterAll(() => subject.close());
  const rows = (username: string) =>
    subject.database.query('select * from userinfo where username = ? order by id', [username]);

  it('R1: where the table is not there nothing is written, and nothing fails', async () => {
    expect(good(await subject.enforcer.keepsPeople())).toBe(false);
    expect(good(await subject.enforcer.describe(person('budi')))).toBe(false);
    await subject.database.query(table(name === 'MariaDB'));
    expect(good(await subject.enforcer.keepsPeople())).toBe(true);
  });

  it('R1: one row a user follows its customer; the same again writes nothing', async () => {
    expect(good(await subject.enforcer.describe(person('budi')))).toBe(true);
    expect(good(await subject.enforcer.describe(person('budi')))).toBe(false);
    expect(await rows('budi')).toMatchObject([
      { firstname: 'Budi', lastname: 'Santoso', email: '', mobilephone: '0812', creationby: 'jembatan' },
    ]);
    await fc.assert(
      fc.asyncProperty(fc.stringMatching(/^[A-Za-z'é ]{0,260}$/), fc.option(fc.emailAddress()), async (full, email) => {
        const wanted = { ...person('andi', full), email };
        good(await subject.enforcer.describe(wanted));
        expect(good(await subject.enforcer.describe(wanted))).toBe(false);
        const found = await rows('andi');
        expect(found).toHaveLength(1);
        const shown = `${found[0]?.firstname} ${found[0]?.lastname}`.trim();
        expect(full.trim().split(/\s+/).join(' ').startsWith(shown.trim())).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  it('R1: what an operator wrote beside it stays, and so does the operator’s own row when the tenant goes', async () => {
    await subject.database.query(
      `insert into userinfo (username, firstname, department, notes, creationby) values ('citra', 'C.', 'north', 'vip', 'administrator')`,
    );
    good(await subject.enforcer.describe(person('citra', 'Citra')));
    expect(await rows('citra')).toMatchObject([
      { firstname: 'Citra', department: 'north', notes: 'vip', creationby: 'administrator', updateby: 'jembatan' },
    ]);
    good(await subject.enforcer.applyUsers([wish('budi', 1n), wish('citra', 1n)]));
    good(await subject.enforcer.removeTenant({ tenantKey: 't1a2b3c4d', usernames: ['budi', 'citra'] }));
    expect(await rows('budi')).toEqual([]);
    expect(await rows('citra')).toHaveLength(1);
  });
});
