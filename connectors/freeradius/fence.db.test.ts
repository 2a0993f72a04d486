import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';
import { isolir } from '#ports/enforcer/contract-subject.ts';
import type { UserAccess } from '#ports/enforcer/port.ts';
import type { raiseFences } from './fence.ts';
import type { FreeradiusSubject } from './testing/subject.ts';
import { expectedRows, plan, readySubject, scaled, userRows, wish } from './testing/wishes.ts';

const servers = [
  ['MariaDB', () => inject('mariadbUrl')],
  ['PostgreSQL', () => inject('postgresUrl')],
] as const;

/** At full length, on a busy machine. */
const longest = 15 * 60_000;

/** The broken variant: everybody may write, nobody waits. */
const noFence: typeof raiseFences = async (_transaction, _database, _kind, claims) =>
  new Map(claims.map(({ name, generation }) => [name, { generation, appliedAt: new Date(0) }]));

/**
 * Rounds of two writers who decided at different times about one user; half of the users exist before. Answers what
 * should stand: in every round the wish of the newer generation.
 */
async function race({ enforcer }: FreeradiusSubject, rounds: number): Promise<readonly UserAccess[]> {
  const random = fc.sample(fc.tuple(fc.boolean(), fc.boolean(), fc.nat(3)), rounds);
  const winners: UserAccess[] = [];
  for (const [index, [exists, lateFirst, delayMs]] of random.entries()) {
    const username = `race${index}`;
    if (exists) await enforcer.applyUsers([wish(username, 1n)]);
    const pair = [wish(username, 10n, isolir), wish(username, 11n, plan)];
    winners.push(wish(username, 11n, plan));
    if (lateFirst) pair.reverse();
    const writers = pair.map(async (user, place) => {
      if (place === 1 && delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
      return enforcer.applyUsers([user]);
    });
    const answers = await Promise.all(writers);
    expect(answers.filter((answer) => !answer.ok)).toEqual([]);
  }
  return winners;
}

describe.each(servers)('the fence on %s', { timeout: longest }, (_name, server) => {
  it('REL-5: of two racing writers the newer decision stands, always, and no row is doubled', async () => {
    const subject = await readySubject(server());
    const winners = await race(subject, scaled(1_500));
    expect(await userRows(subject)).toEqual(expectedRows(winners));
    await subject.close();
  });

  it('REL-5: without the fence the same races go wrong', async () => {
    const subject = await readySubject(server(), { raise: noFence });
    const winners = await race(subject, scaled(1_500));
    expect(await userRows(subject)).not.toEqual(expectedRows(winners));
    await subject.close();
  });

  it('8 writers at once on the same few users: no error surfaces, the newest stands, no row is doubled', async () => {
    const subject = await readySubject(server());
    const usernames = Array.from({ length: 7 }, (_, index) => `busy${index}`);
    const newest = new Map<string, UserAccess>();
    let generation = 0n;
    const someUsers = fc.subarray(usernames, { minLength: 1 });
    const batches = fc.sample(fc.tuple(someUsers, fc.boolean()), scaled(800)).map(([names, isolated]) => {
      generation += 1n;
      const users = names.map((username) => wish(username, generation, isolated ? isolir : plan));
      for (const user of users) newest.set(user.username, user);
      return users;
    });
    const shuffled = fc.sample(fc.shuffledSubarray(batches, { minLength: batches.length }), 1)[0] ?? [];
    const writers = Array.from({ length: 8 }, async () => {
      for (let batch = shuffled.pop(); batch; batch = shuffled.pop()) {
        const answer = await subject.enforcer.applyUsers(batch);
        expect(answer).toMatchObject({ ok: true });
      }
    });
    await Promise.all(writers);
    expect(await userRows(subject)).toEqual(expectedRows([...newest.values()]));
    await subject.close();
  });

  it('law 2: 1,201 users move to isolir in three transactions, and a second time nothing is written', async () => {
    const subject = await readySubject(server());
    const many = (generation: bigint, group: string) =>
      Array.from({ length: 1_201 }, (_, index) => wish(`mass${index}`, generation, group)).reverse();
    for (const [generation, group] of [
      [1n, plan],
      [2n, isolir],
    ] as const) {
      const wishes = many(generation, group);
      expect(await subject.enforcer.applyUsers(wishes)).toMatchObject({ ok: true });
      expect(await userRows(subject)).toEqual(expectedRows(wishes));
    }
    const again = await subject.enforcer.applyUsers(many(2n, isolir));
    expect(again.ok && new Set(again.value.map((one) => `${one.outcome} ${one.rowsChanged}`))).toEqual(
      new Set(['unchanged 0']),
    );
    const late = await subject.enforcer.applyUsers(many(1n, plan));
    expect(late.ok && new Set(late.value.map((one) => one.outcome))).toEqual(new Set(['superseded']));
    await subject.close();
  });
});
