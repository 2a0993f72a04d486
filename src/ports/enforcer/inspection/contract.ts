import { expect, it } from 'vitest';
import { groupName, tenantKey } from '#domain/groups.ts';
import { planGroupRows } from '#domain/radius-groups.ts';
import { type EnforcerSubject, freshUsername, good, nextGeneration, userAccess } from '../contract-subject.ts';
import type { Enforcer } from '../port.ts';
import type { Part } from './port.ts';

const ownId = 'dcba4321-0000-4000-8000-000000000009';
const ownKey = tenantKey(ownId);
const group = groupName(ownId, { plan: '10-mbps' });
const other = groupName(ownId, { plan: '20-mbps' });
const rows = planGroupRows({ downKbps: 10_000, upKbps: 5_000 });

async function withGroups(enforcer: Enforcer): Promise<void> {
  for (const one of [group, other])
    good(await enforcer.applyGroup({ group: one, generation: nextGeneration(), ...rows }));
}

/** All parts of a long list, one after the other. */
async function whole<T>(ask: (from: string | null) => Promise<Part<T>>): Promise<readonly T[]> {
  const all: T[] = [];
  for (let from: string | null = null; ; ) {
    const { entries, next }: Part<T> = await ask(from);
    all.push(...entries);
    if (next === null) return all;
    from = next;
  }
}

/** Looking at what an enforcer holds (spec B5). */
export function inspectionContract(given: () => EnforcerSubject): void {
  it('B5: what was written differs in nothing, whatever else stands beside it', async () => {
    const { enforcer, putForeign } = given();
    await withGroups(enforcer);
    const reply = [{ attribute: 'Framed-IP-Address', op: ':=', value: '10.20.30.40' }];
    const users = [userAccess(freshUsername(), { group, reply }), userAccess(freshUsername(), { group: other })];
    good(await enforcer.applyUsers(users));
    const check = [{ attribute: 'Expiration', op: ':=', value: '31 Dec 2030' }];
    await putForeign(users[0]?.username ?? '', { groups: [], check, reply: [] });
    expect(good(await enforcer.inspectUsers(users))).toEqual([]);
    expect(good(await enforcer.inspectGroups([{ group, ...rows }]))).toEqual([]);
    expect(good(await enforcer.inspectUsers([]))).toEqual([]);
  });

  it('B5: tells a missing user, a wrong group, a wrong password and a group that is not there, and no secret', async () => {
    const { enforcer } = given();
    await withGroups(enforcer);
    const there = userAccess(freshUsername(), { group, password: 'rahasia-lama' });
    good(await enforcer.applyUsers([there]));
    const missing = userAccess(freshUsername(), { group });
    const wanted = { ...there, group: other, password: 'rahasia-baru' };
    const found = good(await enforcer.inspectUsers([missing, wanted]));
    expect(found.map(({ kind, subject }) => [kind, subject])).toEqual([
      ['missing_user', missing.username],
      ['wrong_group', there.username],
      ['wrong_password', there.username],
    ]);
    const [, , password] = found;
    expect(password?.foundPassword).toBe('rahasia-lama');
    expect(`${password?.was} ${password?.shouldBe}`).not.toContain('rahasia');
    const ghost = groupName(ownId, { plan: 'never-written' });
    const changed = planGroupRows({ downKbps: 99_000, upKbps: 5_000 });
    const groups = good(
      await enforcer.inspectGroups([
        { group: ghost, ...rows },
        { group, ...changed },
      ]),
    );
    expect(groups.map(({ kind, subject }) => [kind, subject])).toEqual([
      ['missing_group', ghost],
      ['wrong_group_rows', group],
    ]);
  });

  it('B5: a fence that has seen more than the bridge knows is told', async () => {
    const { enforcer } = given();
    await withGroups(enforcer);
    const user = userAccess(freshUsername(), { group });
    good(await enforcer.applyUsers([user]));
    const [found, ...more] = good(await enforcer.inspectUsers([{ ...user, generation: user.generation - 1n }]));
    expect(found).toMatchObject({ kind: 'fence_ahead', seen: user.generation });
    expect(more).toEqual([]);
  });

  it("B5: members and sessions of a tenant are listed, and none of another's", async () => {
    const { enforcer, openSession } = given();
    await withGroups(enforcer);
    const user = userAccess(freshUsername(), { group });
    const stranger = userAccess(freshUsername());
    good(await enforcer.applyUsers([user, stranger]));
    const own = await openSession({ username: user.username, group: other, ageSeconds: 60 });
    await openSession({ username: stranger.username, group: stranger.group, ageSeconds: 60 });
    const members = await whole(async (from) => good(await enforcer.members(ownKey, from)));
    expect(members).toContainEqual({ username: user.username, group });
    expect(members.map(({ username }) => username)).not.toContain(stranger.username);
    const sessions = await whole(async (from) => good(await enforcer.tenantSessions(ownKey, from)));
    expect(sessions.map(({ uniqueId, group: under }) => [uniqueId, under])).toEqual([[own.uniqueId, other]]);
  });
}
