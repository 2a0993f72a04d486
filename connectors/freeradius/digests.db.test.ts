import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openRadiusDatabase, type RadiusDatabase } from './database.ts';
import { createDigests } from './digests.ts';
import { parseRadiusMapping, readRadiusMapping } from './mapping.ts';
import type { FreeradiusSubject } from './testing/subject.ts';
import { plan, readySubject, wish } from './testing/wishes.ts';

const servers = [
  ['MariaDB', () => inject('mariadbUrl')],
  ['PostgreSQL', () => inject('postgresUrl')],
] as const;

const secret = 'of this test';
const users = ['ani', 'budi', 'citra', 'dewi'].map((name, n) => wish(name, BigInt(n + 2)));
const names = users.map(({ username }) => username);

/** What another hand may do to the rows of one user; each leaves rows that are not as they were. */
const edits: Readonly<Record<string, (name: string) => readonly [sql: string, values: readonly string[]]>> = {
  'a changed value': (name) => [`update radcheck set value = concat(value, 'x') where username = ?`, [name]],
  'a letter in another case': (name) => [`update radcheck set attribute = upper(attribute) where username = ?`, [name]],
  'another operator': (name) => [`update radreply set op = '=' where username = ?`, [name]],
  'another group': (name) => [`update radusergroup set groupname = 't00000000:else' where username = ?`, [name]],
  'another priority': (name) => [`update radusergroup set priority = priority + 1 where username = ?`, [name]],
  'a row gone': (name) => ['delete from radcheck where username = ?', [name]],
  'a group gone': (name) => ['delete from radusergroup where username = ?', [name]],
  'a row twice': (name) => [
    `insert into radcheck (username, attribute, op, value)
     select username, attribute, op, value from radcheck where username = ?`,
    [name],
  ],
  'a foreign row': (name) => [
    `insert into radreply (username, attribute, op, value) values (?, 'Reply-Message', '=', 'halo')`,
    [name],
  ],
  'another spelling beside it': (name) => [
    `insert into radusergroup (username, groupname, priority) values (?, 'vip', 1)`,
    [name.toUpperCase()],
  ],
  'its name written otherwise': (name) => ['update radcheck set username = upper(username) where username = ?', [name]],
  'a fence raised': (name) => [`update hub_fence set gen = gen + 1 where kind = 'user' and name = ?`, [name]],
};

describe.each(servers)('digests on %s', (_name, server) => {
  let subject: FreeradiusSubject;
  let database: RadiusDatabase;
  beforeAll(async () => {
    subject = await readySubject(server());
    database = openRadiusDatabase(subject.database.url);
    await subject.enforcer.applyUsers(users);
  });
  afterAll(async () => {
    await database.close();
    await subject.close();
  });

  const digests = async (key = secret, mapping = readRadiusMapping()) => {
    const answer = await createDigests(database, mapping).of(names, key);
    if (!answer.ok) throw new Error(answer.error.detail);
    return answer.value;
  };
  /** Everything back as the hub wrote it. */
  async function mend(): Promise<void> {
    for (const table of ['radcheck', 'radreply', 'radusergroup']) await subject.database.query(`delete from ${table}`);
    await subject.database.query(`delete from hub_fence where kind = 'user'`);
    const written = await subject.enforcer.applyUsers(users);
    expect(written.ok).toBe(true);
  }

  it('REL-8: any edit of a user’s rows shows in its digest, and in nobody else’s', async () => {
    const before = await digests();
    expect([...before.keys()].sort()).toEqual(names);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...Object.keys(edits)), fc.constantFrom(...names), async (what, name) => {
        const [sql, values] = edits[what]?.(name) ?? ['', []];
        await subject.database.query(sql, [...values]);
        const after = await digests();
        expect(after.get(name)).not.toBe(before.get(name));
        for (const other of names) if (other !== name) expect(after.get(other)).toBe(before.get(other));
        await mend();
        expect(await digests()).toEqual(before);
      }),
      { numRuns: 100 },
    );
  });

  it('what was compared and its digest are of one moment, and right is what differs in nothing', async () => {
    const { enforcer } = subject;
    const right = await enforcer.digests?.inspect(users, secret);
    expect(right).toMatchObject({ ok: true, value: { differences: [] } });
    expect(right?.ok ? new Set(right.value.digests.keys()) : null).toEqual(new Set(names));
    await subject.database.query(`update radusergroup set groupname = ? where username = 'budi'`, [`${plan}x`]);
    const wrong = await enforcer.digests?.inspect(users, secret);
    expect(wrong).toMatchObject({ ok: true, value: { differences: [{ kind: 'wrong_group', subject: 'budi' }] } });
    await mend();
  });

  it('another secret, or a hub that owns other attributes, makes other digests of the same rows', async () => {
    const before = await digests();
    const yaml = readFileSync(new URL('../../mappings/radius.yaml', import.meta.url), 'utf8');
    const others = [await digests('another'), await digests(secret, parseRadiusMapping(`${yaml}\n# changed\n`))];
    for (const other of others) for (const name of names) expect(other.get(name)).not.toBe(before.get(name));
  });
});
