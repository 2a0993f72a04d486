import { expect, it } from 'vitest';
import { groupName, tenantKey } from '#domain/groups.ts';
import { isolirGroupRows, planGroupRows } from '#domain/radius-groups.ts';
import { type EnforcerSubject, freshUsername, good, nextGeneration, userAccess } from '../contract-subject.ts';
import type { UserAccess, UserRows } from '../port.ts';

const leaving = 'abcdef01-0000-4000-8000-000000000007';
const staying = 'abcdef02-0000-4000-8000-000000000008';
const group = (tenantId: string): string => groupName(tenantId, { plan: '10-mbps' });
const expiry: UserRows['foreign'] = {
  groups: ['vip'],
  check: [{ attribute: 'Expiration', op: ':=', value: '31 Dec 2030' }],
  reply: [],
};

/** A tenant as it is at an enforcer: groups, an entry, a router, users of whom some are online. */
async function settle({ enforcer, openSession }: EnforcerSubject, tenantId: string, address: string) {
  const generation = nextGeneration;
  const users: UserAccess[] = [];
  good(await enforcer.applyTenant({ tenantKey: tenantKey(tenantId), generation: generation(), allowRoaming: false }));
  good(
    await enforcer.applyGroup({
      group: group(tenantId),
      generation: generation(),
      ...planGroupRows({ downKbps: 10_000, upKbps: 5_000 }),
    }),
  );
  good(
    await enforcer.applyGroup({ group: groupName(tenantId, 'isolir'), generation: generation(), ...isolirGroupRows() }),
  );
  const nas = {
    address,
    shortname: 'ckp',
    secret: 'a-secret-of-its-own',
    type: 'mikrotik',
    tenantKey: tenantKey(tenantId),
  };
  good(await enforcer.applyNas({ ...nas, generation: generation() }));
  for (let i = 0; i < 3; i++) {
    const reply = [{ attribute: 'Framed-IP-Address', op: ':=', value: `10.20.0.${i + 1}` }];
    users.push(userAccess(freshUsername(), { group: group(tenantId), mac: '02:00:00:00:00:01', reply }));
  }
  good(await enforcer.applyUsers(users));
  const [online] = users;
  if (!online) throw new Error('nobody is online');
  const session = await openSession({ username: online.username, group: group(tenantId), ageSeconds: 60 });
  return { nas, users, session };
}

/** A tenant that is deleted: nothing of it is left, and of nobody else anything is missing (spec T4, P2). */
export function departureContract(given: () => EnforcerSubject): void {
  it('T4: takes out a tenant whole, and leaves its neighbour and foreign rows as they were', async () => {
    const subject = given();
    const { enforcer } = subject;
    const gone = await settle(subject, leaving, '10.9.7.1');
    const other = await settle(subject, staying, '10.9.7.2');
    const [first, second, third] = gone.users.map(({ username }) => username);
    await subject.putForeign(first ?? '', expiry);
    const usernames = [third ?? '', first ?? '', second ?? '', freshUsername()];
    const before = await Promise.all(other.users.map(({ username }) => enforcer.readUser(username)));

    expect(good(await enforcer.removeTenant({ tenantKey: tenantKey(leaving), usernames }))).toBeGreaterThan(0);

    expect(good(await enforcer.readUser(first ?? ''))).toEqual({
      groups: [],
      check: [],
      reply: [],
      foreign: expiry,
      generation: null,
    });
    expect(good(await enforcer.readUser(second ?? ''))).toBeNull();
    expect(await subject.groupRows(group(leaving))).toEqual({ check: [], reply: [] });
    expect(good(await enforcer.openSessions(first ?? ''))).toEqual([]);
    expect(await Promise.all(other.users.map(({ username }) => enforcer.readUser(username)))).toEqual(before);
    expect((await subject.groupRows(group(staying))).reply.length).toBeGreaterThan(0);
    expect(good(await enforcer.isOpen(other.session.uniqueId))).toBe(true);
    const stolen = await enforcer.applyNas({ ...gone.nas, address: '10.9.7.2', generation: nextGeneration() });
    expect(stolen).toMatchObject({ ok: false, error: { reason: 'rejected' } });
  });

  it('T4: taking out again what is gone takes out nothing, and its router may become another one’s', async () => {
    const subject = given();
    const { enforcer } = subject;
    const { nas, users } = await settle(subject, leaving, '10.9.7.3');
    const gone = { tenantKey: tenantKey(leaving), usernames: users.map(({ username }) => username) };
    expect(good(await enforcer.removeTenant(gone))).toBeGreaterThan(0);
    expect(good(await enforcer.removeTenant(gone))).toBe(0);
    const heir = { ...nas, tenantKey: tenantKey(staying), generation: 1n };
    expect(good(await enforcer.applyNas(heir)).outcome).toBe('written');
  });

  it('T4: a write that comes late finds no group, and brings nobody back', async () => {
    const subject = given();
    const { enforcer } = subject;
    const { users } = await settle(subject, leaving, '10.9.7.4');
    const usernames = users.map(({ username }) => username);
    good(await enforcer.removeTenant({ tenantKey: tenantKey(leaving), usernames }));
    expect(await enforcer.applyUsers(users)).toMatchObject({ ok: false, error: { reason: 'premature' } });
    for (const username of usernames) expect(good(await enforcer.readUser(username))).toBeNull();
  });

  it('T4: a name that another tenant has is left to it', async () => {
    const subject = given();
    const { enforcer } = subject;
    const { users, session } = await settle(subject, staying, '10.9.7.5');
    const usernames = users.map(({ username }) => username);
    const before = await Promise.all(usernames.map((username) => enforcer.readUser(username)));
    expect(good(await enforcer.removeTenant({ tenantKey: tenantKey(leaving), usernames }))).toBe(0);
    expect(await Promise.all(usernames.map((username) => enforcer.readUser(username)))).toEqual(before);
    expect(good(await enforcer.isOpen(session.uniqueId))).toBe(true);
  });
}
