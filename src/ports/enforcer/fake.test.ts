import { describe, expect, it } from 'vitest';
import { enforcerContract } from './contract.ts';
import { type EnforcerSubject, planGroup, userAccess } from './contract-subject.ts';
import { createFakeEnforcer } from './fake.ts';
import type { Session } from './port.ts';

async function fakeSubject(): Promise<EnforcerSubject> {
  const enforcer = createFakeEnforcer();
  let opened = 0;
  return {
    enforcer,
    putForeign: async (username, rows) => enforcer.putForeign(username, rows),
    groupRows: async (name) => enforcer.group(name) ?? { check: [], reply: [] },
    openSession: async ({ username, group, ageSeconds }) => {
      const since = new Date(Date.now() - ageSeconds * 1000);
      const session: Session = {
        uniqueId: `unique-${++opened}`,
        sessionId: '81d00001',
        username,
        nasAddress: '10.9.0.1',
        framedAddress: '10.66.0.7',
        callingStationId: 'AA:BB:CC:DD:EE:FF',
        startedAt: since,
        updatedAt: since,
        inputOctets: 0,
        outputOctets: 0,
        group,
      };
      enforcer.putSession(session);
      return session;
    },
    updateSession: async (session) => enforcer.putSession({ ...session, updatedAt: new Date() }),
    close: async () => undefined,
  };
}

enforcerContract('in memory', fakeSubject);

describe('the enforcer in memory', () => {
  it('fails as often as it is told, then works again', async () => {
    const enforcer = createFakeEnforcer();
    enforcer.fail({ reason: 'unreachable', detail: 'as told' }, 2);
    expect((await enforcer.test()).ok).toBe(false);
    expect((await enforcer.readUser('budi')).ok).toBe(false);
    expect((await enforcer.test()).ok).toBe(true);
    enforcer.fail({ reason: 'unreachable', detail: 'as told' });
    expect((await enforcer.applyUsers([userAccess('budi')])).ok).toBe(false);
    enforcer.recover();
    const group = { group: planGroup('10-mbps'), generation: 1n, check: [] };
    const reply = [{ attribute: 'Mikrotik-Rate-Limit', op: ':=', value: '1M/1M' }];
    expect((await enforcer.applyGroup({ ...group, reply })).ok).toBe(true);
  });

  it('plays a NAS that answers what a test wants', async () => {
    const enforcer = createFakeEnforcer();
    enforcer.onDrop(() => ({ answer: 'nak', errorCause: 503, roundTripMs: 2, attempts: 1 }));
    const subject = await fakeSubject();
    const session = await subject.openSession({ username: 'budi', group: planGroup('10-mbps'), ageSeconds: 1 });
    const target = { host: '127.0.0.1', port: 3799, secret: 'x', signed: false };
    expect(await enforcer.dropSession(session, target)).toMatchObject({ value: { errorCause: 503 } });
    expect(enforcer.drops).toEqual([{ session, target }]);
  });
});
