import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';
import { isolir } from '#ports/enforcer/contract-subject.ts';
import { expectedRows, plan, readySubject, scaled, userRows, wish } from './testing/wishes.ts';

async function startWriter(url: string): Promise<ChildProcess> {
  const script = new URL('./testing/writing-process.ts', import.meta.url);
  const child = fork(script, [url], { execArgv: ['--import', 'tsx'] });
  expect(await once(child, 'message')).toContain('ready');
  return child;
}

describe.each([
  ['MariaDB', () => inject('mariadbUrl')],
  ['PostgreSQL', () => inject('postgresUrl')],
] as const)('a paused hub process beside a living one, on %s', { timeout: 15 * 60_000 }, (_name, server) => {
  it('REL-22: whenever it is stopped, its old decision never stands after the newer one', async () => {
    const subject = await readySubject(server());
    const child = await startWriter(subject.database.url);
    const winners = [];
    for (const [index, delayMs] of fc.sample(fc.nat(12), scaled(100)).entries()) {
      const username = `zombie${index}`;
      const answered = once(child, 'message');
      child.send({ username, generation: '20', group: isolir });
      await pause(delayMs);
      child.kill('SIGSTOP');
      // The stopped one may hold the fence: the living one then waits for it, and comes after it.
      const newer = subject.enforcer.applyUsers([wish(username, 21n, plan)]);
      await pause(20);
      child.kill('SIGCONT');
      expect(await newer).toMatchObject({ ok: true, value: [{ outcome: 'written' }] });
      expect(['written', 'superseded']).toContain((await answered)[0]);
      winners.push(wish(username, 21n, plan));
    }
    expect(await userRows(subject)).toEqual(expectedRows(winners));
    child.disconnect();
    await once(child, 'exit');
    await subject.close();
  });
});
