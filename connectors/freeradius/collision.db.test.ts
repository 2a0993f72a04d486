import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';
import { canonicalUsername } from '#domain/username.ts';
import { plan, readySubject, wish } from './testing/wishes.ts';

const servers = [
  ['MariaDB', () => inject('mariadbUrl')],
  ['PostgreSQL', () => inject('postgresUrl')],
] as const;

describe.each(servers)('username collisions on %s', (_name, server) => {
  it('SEC-5: the server never takes two different canonical names for one', async () => {
    const subject = await readySubject(server());
    const name = fc.stringMatching(/^[a-z0-9@._-]{1,4}$/).filter((text) => canonicalUsername(text).ok);
    const names = [...new Set(fc.sample(name, 600))];
    await subject.enforcer.applyUsers(names.map((username) => wish(username, 1n)));
    const pairs = await subject.database.query(
      'select count(*) as equal from radusergroup a join radusergroup b on a.username = b.username',
    );
    expect(Number(pairs[0]?.equal)).toBe(names.length);
    await subject.close();
  });

  it('X9: a user whose name stands there in other letters too is refused in words, and nothing is touched', async () => {
    const subject = await readySubject(server());
    const { database, enforcer } = subject;
    const password = "'Cleartext-Password', ':=', 'theirs'";
    await database.query(`insert into radcheck (username, attribute, op, value) values ('Budi', ${password})`);
    const answer = await enforcer.applyUsers([wish('budi', 1n), wish('siti', 1n)]);
    expect(answer).toMatchObject({ ok: false, error: { reason: 'rejected', refused: ['budi'] } });
    expect(answer.ok ? '' : answer.error.detail).toContain('"Budi"');
    expect(await database.query('select username, value from radcheck')).toEqual([
      { username: 'Budi', value: 'theirs' },
    ]);
    expect(await enforcer.applyUsers([wish('siti', 1n)])).toMatchObject({ ok: true });
    await subject.close();
  });

  it("X9: a user that stands in another tenant's group is refused", async () => {
    const subject = await readySubject(server());
    await subject.database.query(
      `insert into radusergroup (username, groupname, priority) values ('budi', 't99999999:isolir', 1)`,
    );
    const answer = await subject.enforcer.applyUsers([wish('budi', 1n, plan)]);
    expect(answer.ok ? '' : answer.error.detail).toContain('t99999999');
    await subject.close();
  });
});
