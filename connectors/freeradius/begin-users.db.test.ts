import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { freshUsername, good, userAccess } from '#ports/enforcer/contract-subject.ts';
import type { BegunUsers, Enforcer, UserAccess } from '#ports/enforcer/port.ts';
import type { FreeradiusSubject } from './testing/subject.ts';
import { readySubject } from './testing/wishes.ts';

const servers = [
  ['MariaDB', () => inject('mariadbUrl')],
  ['PostgreSQL', () => inject('postgresUrl')],
] as const;

function begin(enforcer: Enforcer, user: UserAccess): BegunUsers {
  const begun = enforcer.beginUsers?.([user]);
  if (!begun) throw new Error('it cannot begin');
  return begun;
}

const endings = ['apply', 'commit', 'undo'] as const;

describe.each(servers)('users that are begun on %s', (_name, server) => {
  let subject: FreeradiusSubject;
  beforeAll(async () => {
    subject = await readySubject(server());
  });
  afterAll(() => subject.close());

  const passwordOf = async (username: string): Promise<string | undefined> =>
    good(await subject.enforcer.readUser(username))?.check[0]?.value;

  /** A user that stands, and one that is begun for the same name: its fence is raised, so other writers of the name wait. */
  async function begunOver(before: UserAccess, wish: UserAccess): Promise<BegunUsers> {
    good(await subject.enforcer.applyUsers([before]));
    const begun = begin(subject.enforcer, wish);
    const free = `select name from hub_fence where kind = 'user' and name = ? for update skip locked`;
    await expect.poll(() => subject.database.query(free, [wish.username]), { timeout: 10_000 }).toEqual([]);
    return begun;
  }

  it('law 2: nobody sees them before the commit, and everybody after it', async () => {
    const before = userAccess(freshUsername(), { password: 'before' });
    const begun = await begunOver(before, userAccess(before.username, { password: 'after' }));
    expect(await passwordOf(before.username)).toBe('before');
    expect(good(await begun.commit())).toMatchObject([{ outcome: 'written' }]);
    expect(await passwordOf(before.username)).toBe('after');
  });

  it('law 2: what is taken back leaves nothing, and holds nobody up', async () => {
    const before = userAccess(freshUsername(), { password: 'before' });
    const begun = await begunOver(before, userAccess(before.username, { password: 'begun' }));
    begun.undo();
    const next = userAccess(before.username, { password: 'next' });
    expect(good(await subject.enforcer.applyUsers([next]))).toMatchObject([{ outcome: 'written' }]);
    expect(await begun.commit()).toMatchObject({ ok: false, error: { reason: 'unreachable' } });
    expect(await passwordOf(before.username)).toBe('next');
  });

  it('law 2: whoever decided later waits for what was begun, and stands in the end', async () => {
    const before = userAccess(freshUsername(), { password: 'before' });
    const begun = await begunOver(before, userAccess(before.username, { password: 'older' }));
    const following = subject.enforcer.applyUsers([userAccess(before.username, { password: 'newer' })]);
    expect(good(await begun.commit())).toMatchObject([{ outcome: 'written' }]);
    expect(good(await following)).toMatchObject([{ outcome: 'written' }]);
    expect(await passwordOf(before.username)).toBe('newer');
  });

  it('REL-5: however writers of one name begin, commit and take back at once, the newest that was committed stands', async () => {
    const writer = fc.record({ offset: fc.integer({ min: 1, max: 50 }), ending: fc.constantFrom(...endings) });
    const some = fc.uniqueArray(writer, { minLength: 2, maxLength: 4, selector: ({ offset }) => offset });
    let base = 1_000_000n;
    await fc.assert(
      fc.asyncProperty(some, async (writers) => {
        const { enforcer } = subject;
        const username = freshUsername();
        base += 100n;
        const write = async ({ offset, ending }: (typeof writers)[number]): Promise<void> => {
          const user = userAccess(username, { generation: base + BigInt(offset), password: `secret${offset}` });
          if (ending === 'apply') return void good(await enforcer.applyUsers([user]));
          const begun = begin(enforcer, user);
          if (ending === 'commit') return void good(await begun.commit());
          begun.undo();
          expect((await begun.commit()).ok).toBe(false);
        };
        await Promise.all(writers.map(write));
        const standing = writers.filter(({ ending }) => ending !== 'undo').map(({ offset }) => offset);
        const newest = standing.length > 0 ? `secret${Math.max(...standing)}` : undefined;
        expect(await passwordOf(username)).toBe(newest);
      }),
      { numRuns: 100 },
    );
  });
});
