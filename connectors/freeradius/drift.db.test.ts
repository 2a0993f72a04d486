import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';
import { isolir } from '#ports/enforcer/contract-subject.ts';
import type { FreeradiusSubject } from './testing/subject.ts';
import { expectedRows, plan, readySubject, userRows, wish } from './testing/wishes.ts';

const servers = [
  ['MariaDB', () => inject('mariadbUrl')],
  ['PostgreSQL', () => inject('postgresUrl')],
] as const;

const wishes = Array.from({ length: 40 }, (_, index) =>
  wish(`line${index}`, BigInt(index + 1), index % 3 ? plan : isolir),
);

type Edit = {
  readonly username: string;
  readonly what: 'delete' | 'change' | 'double' | 'group';
  readonly table: 'radcheck' | 'radreply';
};

const edit: fc.Arbitrary<Edit> = fc.record({
  username: fc.constantFrom(...wishes.map((user) => user.username)),
  what: fc.constantFrom<Edit['what']>('delete', 'change', 'double', 'group'),
  table: fc.constantFrom<Edit['table']>('radcheck', 'radreply'),
});

/** What a hand in another program may do to rows that are the hub's. */
async function vandalise({ database }: FreeradiusSubject, { username, what, table }: Edit): Promise<void> {
  const group = what === 'double' ? plan : isolir;
  const statements = {
    delete: `delete from ${table} where username = ?`,
    change: `update ${table} set value = 'tampered', op = '==' where username = ?`,
    double: `insert into ${table} (username, attribute, op, value)
      select username, attribute, op, value from ${table} where username = ?`,
    group: `update radusergroup set groupname = '${group}', priority = 7 where username = ?`,
  };
  await database.query(statements[what], [username]);
}

describe.each(servers)('drift on %s', (_name, server) => {
  it('REL-8: 200 random edits are repaired in one pass, the next one writes nothing', async () => {
    const subject = await readySubject(server());
    await subject.enforcer.applyUsers(wishes);
    for (const one of fc.sample(edit, 200)) await vandalise(subject, one);
    expect(await userRows(subject)).not.toEqual(expectedRows(wishes));
    expect(await subject.enforcer.applyUsers(wishes)).toMatchObject({ ok: true });
    expect(await userRows(subject)).toEqual(expectedRows(wishes));
    const again = await subject.enforcer.applyUsers(wishes);
    expect(again.ok && again.value.every((one) => one.outcome === 'unchanged' && one.rowsChanged === 0)).toBe(true);
    await subject.close();
  });

  it('REL-8: a repaired row keeps its id, so that no reader ever meets a user without it', async () => {
    const subject = await readySubject(server());
    const [user] = wishes;
    if (!user) throw new Error('there are no wishes');
    await subject.enforcer.applyUsers([user]);
    const ids = () => subject.database.query('select id from radusergroup where username = ?', [user.username]);
    const before = await ids();
    for (const group of [isolir, plan, isolir]) {
      await subject.enforcer.applyUsers([{ ...user, generation: user.generation + 1n, group, reply: [] }]);
      expect(await ids()).toEqual(before);
    }
    await subject.close();
  });

  it("an adopted user's old group of equal rank stays, and the hub's own goes in front of it", async () => {
    const subject = await readySubject(server());
    const { database, enforcer } = subject;
    for (const [group, priority] of [
      ['10M', 0],
      ['daloRADIUS-Disabled-Users', -1],
    ]) {
      const row = ['line0', group, priority];
      await database.query('insert into radusergroup (username, groupname, priority) values (?, ?, ?)', row);
    }
    await enforcer.applyUsers([wish('line0', 1n, isolir)]);
    const rows = await database.query('select groupname, priority from radusergroup order by id');
    expect(rows).toEqual([
      { groupname: '10M', priority: 0 },
      { groupname: 'daloRADIUS-Disabled-Users', priority: -1 },
      { groupname: isolir, priority: -1 },
    ]);
    await subject.close();
  });

  it("C1: a group's hand-made rows go, and every group tells its name as Class", async () => {
    const subject = await readySubject(server());
    await subject.database.query(
      `insert into radgroupcheck (groupname, attribute, op, value) values (?, 'Auth-Type', ':=', 'Accept')`,
      [isolir],
    );
    const reply = [{ attribute: 'Framed-Pool', op: ':=', value: 'isolir' }];
    await subject.enforcer.applyGroup({ group: isolir, generation: 9_999_999n, check: [], reply });
    expect(await subject.groupRows(isolir)).toEqual({
      check: [],
      reply: [...reply, { attribute: 'Class', op: ':=', value: isolir }],
    });
    await subject.close();
  });
});
