import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { QuietSession } from '#ports/enforcer/accounting/port.ts';
import { good } from '#ports/enforcer/contract-subject.ts';
import type { FreeradiusSubject } from './testing/subject.ts';
import { plan, readySubject, wish } from './testing/wishes.ts';

const key = 't1a2b3c4d';

describe.each([
  ['MariaDB', () => inject('mariadbUrl')],
  ['PostgreSQL', () => inject('postgresUrl')],
] as const)('what happened since a session fell quiet, on %s', (_name, server) => {
  let subject: FreeradiusSubject;
  beforeAll(async () => {
    subject = await readySubject(server());
  });
  afterAll(() => subject.close());

  const ago = (seconds: number): string =>
    subject.database.url.startsWith('mysql:')
      ? `now() - interval ${seconds} second`
      : `now() - interval '${seconds} seconds'`;

  async function quietUser(username: string, ageSeconds: number, address: string): Promise<string> {
    good(await subject.enforcer.applyUsers([wish(username, 1n)]));
    const session = await subject.openSession({ username, group: plan, ageSeconds });
    await subject.database.query(
      'update radacct set username = ?, nasipaddress = ?, acctinterval = 300 where acctuniqueid = ?',
      [username, address, session.uniqueId],
    );
    return session.uniqueId;
  }
  async function found(uniqueId: string): Promise<QuietSession | undefined> {
    const { entries } = good(await subject.enforcer.quietSessions(key, null));
    return entries.find(({ session }) => session.uniqueId === uniqueId);
  }
  const restart = (address: string, seconds: number) =>
    subject.database.query(`insert into nasreload (nasipaddress, reloadtime) values (?, ${ago(seconds)})`, [address]);

  it('R8: a restart of the router is told at once, and proves what it had before stale, by condition', async () => {
    const before = await quietUser('budi', 120, '10.9.1.1');
    const after = await quietUser('andi', 20, '10.9.1.1');
    expect(await found(before)).toBeUndefined();
    await restart('10.9.1.1', 60);
    const quiet = await found(before);
    expect(quiet?.restartedAt).toBeInstanceOf(Date);
    expect(await found(after)).toBeUndefined();
    const seen = {
      uniqueId: after,
      updatedAt: good(await subject.enforcer.openSessions('andi'))[0]?.updatedAt ?? null,
    };
    expect(good(await subject.enforcer.closeStale(seen, 'nas_restarted'))).toBe(false);
    expect(quiet && good(await subject.enforcer.closeStale(quiet.session, 'nas_restarted'))).toBe(true);
    const [row] = await subject.database.query(
      'select acctterminatecause as cause, acctinputoctets as input from radacct where acctuniqueid = ?',
      [before],
    );
    expect([row?.cause, String(row?.input)]).toEqual(['Hub-Stale', '12884902388']);
    const all = { from: null, to: null, limit: 10, offset: 0 };
    const { sessions } = good(await subject.enforcer.history('budi', all));
    expect(sessions).toMatchObject([
      { terminateCause: 'Hub-Stale', endedAt: quiet?.session.updatedAt, inputOctets: 12_884_902_388 },
    ]);
    const from = new Date((quiet?.session.updatedAt?.getTime() ?? 0) + 1_000);
    expect(good(await subject.enforcer.history('budi', { ...all, from })).total).toBe(0);
  });

  it('R9: a user whose name only the collation takes for another’s is not in its history', async () => {
    await quietUser('dewi', 120, '10.9.1.9');
    const accented = await subject.openSession({ username: 'dewi', group: plan, ageSeconds: 60 });
    await subject.database.query('update radacct set username = ? where acctuniqueid = ?', ['dewí', accented.uniqueId]);
    const all = { from: null, to: null, limit: 10, offset: 0 };
    expect(good(await subject.enforcer.history('dewi', all)).total).toBe(1);
    expect(good(await subject.enforcer.lastSessions('dewi', 5))).toHaveLength(1);
  });

  it('R8: a session that sent anything since the restart is not closed by it', async () => {
    const id = await quietUser('citra', 300, '10.9.1.2');
    await restart('10.9.1.2', 60);
    const quiet = await found(id);
    await subject.database.query(`update radacct set acctupdatetime = ${ago(0)} where acctuniqueid = ?`, [id]);
    const [now] = good(await subject.enforcer.openSessions('citra'));
    expect(quiet && good(await subject.enforcer.closeStale(quiet.session, 'nas_restarted'))).toBe(false);
    expect(now && good(await subject.enforcer.closeStale(now, 'nas_restarted'))).toBe(false);
    expect(await found(id)).toBeUndefined();
  });

  it('R8: a refused login of the very user is told, a good one and another’s are not', async () => {
    const [refused, other] = [await quietUser('dewi', 1_000, '10.9.1.3'), await quietUser('eka', 1_000, '10.9.1.3')];
    const login = (username: string, reply: string) =>
      subject.database.query('insert into radpostauth (username, pass, reply) values (?, ?, ?)', [username, '', reply]);
    await login('dewi', 'Access-Reject');
    await login('eka', 'Access-Accept');
    expect((await found(refused))?.refusedAt).toBeInstanceOf(Date);
    expect(await found(other)).toMatchObject({ refusedAt: null, intervalSeconds: 300 });
  });

  it('R8: silence is no proof before three of the session’s own intervals, however long they are', async () => {
    const id = await quietUser('fajar', 1_000, '10.9.1.4');
    const quiet = await found(id);
    await subject.database.query('update radacct set acctinterval = 600 where acctuniqueid = ?', [id]);
    expect(quiet && good(await subject.enforcer.closeStale(quiet.session, 'silent_three_intervals'))).toBe(false);
    await subject.database.query('update radacct set acctinterval = 300 where acctuniqueid = ?', [id]);
    expect(quiet && good(await subject.enforcer.closeStale(quiet.session, 'silent_three_intervals'))).toBe(true);
  });
});
