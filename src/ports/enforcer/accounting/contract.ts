import { expect, it } from 'vitest';
import { groupName, tenantKey } from '#domain/groups.ts';
import { groupNamespace, planGroupRows } from '#domain/radius-groups.ts';
import { type EnforcerSubject, freshUsername, good, isolir, nextGeneration, userAccess } from '../contract-subject.ts';
import type { Part } from '../inspection/port.ts';

const ownId = 'acc0acc0-0000-4000-8000-000000000011';
const ownKey = tenantKey(ownId);
const group = groupName(ownId, { plan: '10-mbps' });
const otherId = 'acc1acc1-0000-4000-8000-000000000012';
const otherGroup = groupName(otherId, { plan: '10-mbps' });
const quarterHour = 15 * 60;

async function whole<T>(ask: (from: string | null) => Promise<Part<T>>): Promise<readonly T[]> {
  const all: T[] = [];
  for (let from: string | null = null; ; ) {
    const { entries, next }: Part<T> = await ask(from);
    all.push(...entries);
    if (next === null) return all;
    from = next;
  }
}

/** Looking at the accounting of a tenant's users (spec R6, R8). */
export function accountingContract(given: () => EnforcerSubject): void {
  async function addUser(under: string): Promise<string> {
    const { enforcer } = given();
    const rows = planGroupRows({ downKbps: 10_000, upKbps: 5_000 });
    good(await enforcer.applyGroup({ group: under, generation: nextGeneration(), ...rows }));
    const username = freshUsername();
    good(await enforcer.applyUsers([userAccess(username, { group: under })]));
    return username;
  }

  it('R6: figures are those of the tenant’s users, to the last octet, whatever spelling the router used', async () => {
    const { enforcer, openSession } = given();
    const [own, other] = [await addUser(group), await addUser(otherGroup)];
    const session = await openSession({ username: own, group, ageSeconds: 60 });
    await openSession({ username: other, group: otherGroup, ageSeconds: 60 });
    const query = { lastSeconds: 600, isWhole: false };
    const figures = await whole(async (from) => good(await enforcer.figures(ownKey, query, from)));
    expect(figures.map(({ username }) => username)).not.toContain(other);
    const [figure] = figures.filter(({ username }) => username === own);
    expect(figure).toMatchObject({
      inputOctets: BigInt(session.inputOctets),
      outputOctets: BigInt(session.outputOctets),
    });
    expect(figure?.toldAt).toEqual(figure?.startedAt);
  });

  it('R6: what was told earlier is left out, unless all that is open is asked for', async () => {
    const { enforcer, openSession } = given();
    const own = await addUser(group);
    await openSession({ username: own, group, ageSeconds: 1_200 });
    const namesOf = async (isWhole: boolean) =>
      (await whole(async (from) => good(await enforcer.figures(ownKey, { lastSeconds: 600, isWhole }, from)))).map(
        ({ username }) => username,
      );
    expect(await namesOf(false)).not.toContain(own);
    expect(await namesOf(true)).toContain(own);
  });

  it('R8: sessions that have fallen quiet are found, and none that was heard, nor another tenant’s', async () => {
    const { enforcer, openSession } = given();
    const [quiet, loud, other] = [await addUser(group), await addUser(group), await addUser(otherGroup)];
    const silent = await openSession({ username: quiet, group, ageSeconds: quarterHour + 5 });
    await openSession({ username: loud, group, ageSeconds: 60 });
    await openSession({ username: other, group: otherGroup, ageSeconds: quarterHour + 5 });
    const found = await whole(async (from) => good(await enforcer.quietSessions(ownKey, from)));
    const names = found.map(({ session }) => session.username.toLowerCase());
    expect(names).toContain(quiet);
    expect(names).not.toContain(loud);
    expect(names).not.toContain(other);
    expect(found.find(({ session }) => session.uniqueId === silent.uniqueId)).toMatchObject({
      session: silent,
      intervalSeconds: null,
      restartedAt: null,
      refusedAt: null,
    });
  });

  it('R8: a router is heard as long as any of its sessions is, by the enforcer’s own clock', async () => {
    const { enforcer, openSession } = given();
    // The subject's sessions are at this router, which is the contract's first tenant's.
    const first = groupNamespace(isolir) ?? '';
    const nas = { address: '10.9.0.1', shortname: 'ckp', secret: 'a-secret', type: 'mikrotik', tenantKey: first };
    good(await enforcer.applyNas({ ...nas, generation: nextGeneration() }));
    const own = freshUsername();
    good(await enforcer.applyUsers([userAccess(own)]));
    const session = await openSession({ username: own, group: isolir, ageSeconds: 5 });
    const { now, routers } = good(await enforcer.pulses(first));
    const [router] = routers.filter(({ address }) => address === nas.address);
    expect(router?.heardAt.getTime()).toBeGreaterThanOrEqual(session.updatedAt?.getTime() ?? Number.POSITIVE_INFINITY);
    expect(now.getTime()).toBeGreaterThanOrEqual(router?.heardAt.getTime() ?? Number.POSITIVE_INFINITY);
  });
}
