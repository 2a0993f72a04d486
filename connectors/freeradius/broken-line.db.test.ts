import { describe, expect, inject, it } from 'vitest';
import { createFreeradiusEnforcer } from './enforcer.ts';
import { startStallingProxy } from './testing/stalling-proxy.ts';
import { acknowledging } from './testing/subject.ts';
import { expectedRows, readySubject, userRows, wish } from './testing/wishes.ts';

const servers = [
  ['MariaDB', () => inject('mariadbUrl')],
  ['PostgreSQL', () => inject('postgresUrl')],
] as const;

const timeouts = { connectMs: 400, queryMs: 400 };

describe.each(servers)('a RADIUS database out of reach, %s', (_name, server) => {
  it('B10: one that falls silent is told as unreachable in time, and all is well once it speaks again', async () => {
    const subject = await readySubject(server());
    const proxy = await startStallingProxy(subject.database.url);
    const enforcer = createFreeradiusEnforcer({ databaseUrl: proxy.url, coa: acknowledging, timeouts });
    expect(await enforcer.applyUsers([wish('budi', 1n)])).toMatchObject({ ok: true });
    proxy.stall();
    const began = Date.now();
    for (const attempt of [1, 2]) {
      const answer = await enforcer.applyUsers([wish('budi', 1n + BigInt(attempt))]);
      expect(answer).toMatchObject({ ok: false, error: { reason: 'unreachable' } });
    }
    expect(Date.now() - began).toBeLessThan(4_000);
    proxy.flow();
    const wishes = Array.from({ length: 7 }, (_, index) => wish(`later${index}`, 9n));
    const answers = await Promise.all([...wishes, wish('budi', 9n)].map((one) => enforcer.applyUsers([one])));
    expect(answers.filter((answer) => !answer.ok)).toEqual([]);
    expect(await userRows(subject)).toEqual(expectedRows([...wishes, wish('budi', 9n)]));
    await enforcer.close();
    await proxy.close();
    await subject.close();
  });

  it.each([
    ['a port where nothing listens', { port: '1' }, 'nothing answers there'],
    ['a database that is not there', { pathname: '/nowhere' }, 'no database of that name'],
  ])('doctor: %s is told in words', async (_what, wrong, words) => {
    const url = Object.assign(new URL(server()), wrong);
    const enforcer = createFreeradiusEnforcer({ databaseUrl: url.href, coa: acknowledging, timeouts });
    const answer = await enforcer.test();
    expect(answer).toMatchObject({ ok: false, error: { reason: 'unreachable' } });
    expect(answer.ok ? '' : answer.error.detail).toContain(words);
    await enforcer.close();
  });

  it('doctor: a database without the tables names what is missing, a whole one says so', async () => {
    const subject = await readySubject(server());
    expect(await subject.enforcer.test()).toMatchObject({ ok: true });
    await subject.database.query('drop table hub_fence');
    const answer = await subject.enforcer.test();
    expect(answer.ok ? '' : answer.error.detail).toContain('no table hub_fence');
    const write = await subject.enforcer.applyUsers([wish('budi', 1n)]);
    expect(write.ok ? '' : write.error.detail).toContain('a table is missing');
    await subject.close();
  });

  it('a value that the columns do not take is rejected, and its words tell nothing of the value', async () => {
    const subject = await readySubject(server());
    await subject.database.query('alter table radcheck add constraint narrow check (length(value) < 12)');
    const answer = await subject.enforcer.applyUsers([{ ...wish('budi', 1n), password: 'a-long-secret-password' }]);
    expect(answer).toMatchObject({ ok: false, error: { reason: 'rejected' } });
    expect(answer.ok ? '' : answer.error.detail).not.toContain('secret');
    await subject.close();
  });

  it('R8: a session is closed at its last known time, with its counters as they were', async () => {
    const subject = await readySubject(server());
    const session = await subject.openSession({ username: 'budi', group: 't1a2b3c4d:isolir', ageSeconds: 60 });
    const columns = 'acctinputoctets, acctoutputoctets, acctsessiontime, acctupdatetime';
    const read = () => subject.database.query(`select ${columns} from radacct`);
    const before = await read();
    await subject.enforcer.closeStale(session, 'nas_says_gone');
    expect(await read()).toEqual(before);
    const closed = 'select acctterminatecause as cause from radacct where acctstoptime = acctupdatetime';
    expect(await subject.database.query(closed)).toEqual([{ cause: 'Hub-Stale' }]);
    expect(session.inputOctets).toBe(12_884_902_388);
    await subject.close();
  });
});
