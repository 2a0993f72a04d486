import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { groupName } from '#domain/groups.ts';
import { err, ok } from '#domain/result.ts';
import { createVault } from '#platform/secrets.ts';
import { createFakeEnforcer } from '#ports/enforcer/fake.ts';
import type { Enforcer } from '#ports/enforcer/port.ts';
import type { AccessIntent } from './append.ts';
import { createForeseenRows } from './foreseen-rows.ts';

const tenantId = '1a2b3c4d-0000-4000-8000-000000000001';
const vault = createVault(randomBytes(32));
const ownVault = vault.tenant(tenantId, vault.newDataKey(tenantId));

function intent(username: string): AccessIntent {
  const subscriptionId = '2a2b3c4d-0000-4000-8000-000000000002';
  const place = { table: 'subscriptions', column: 'password', row: subscriptionId } as const;
  const desired = { state: 'active', group: groupName(tenantId, { plan: '10-mbps' }), mac: null, reply: [] } as const;
  const passwordSealed = ownVault.seal('secret', place);
  return { kind: 'access.apply', subscriptionId, username, passwordSealed, desired, keepSessions: false };
}

/** An enforcer that notes what becomes of what was begun. */
function recording(answer: 'ok' | 'premature' | 'throws' | 'cannot' = 'ok') {
  const noted: string[] = [];
  const beginUsers: Enforcer['beginUsers'] = ([user]) => {
    if (answer === 'throws') throw new Error('its settings cannot be read');
    const name = `${user?.username} ${user?.generation}`;
    noted.push(`begun ${name}`);
    return {
      commit: async () => {
        noted.push(`committed ${name}`);
        return answer === 'ok'
          ? ok([{ outcome: 'written' as const, rowsChanged: 3, appliedAt: new Date(0) }])
          : err({ reason: 'premature' as const, detail: 'its group is not written yet' });
      },
      undo: () => void noted.push(`undone ${name}`),
    };
  };
  const enforcer: Enforcer = { ...createFakeEnforcer(), ...(answer === 'cannot' ? {} : { beginUsers }) };
  const rows = createForeseenRows({ enforcerOf: async () => enforcer, vaultOf: async () => ownVault });
  return { rows, noted };
}

describe('rows that are foreseen', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('law 2: stand once they are asked for after the commit, once', async () => {
    const { rows, noted } = recording();
    const one = intent('andi');
    rows.begin(tenantId, one, 7n);
    await vi.advanceTimersByTimeAsync(1_500);
    expect(noted).toEqual(['begun andi 7']);
    expect(await rows.commit(one)).toMatchObject({ ok: true, value: { outcome: 'written' } });
    expect(await rows.commit(one)).toBeNull();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(noted).toEqual(['begun andi 7', 'committed andi 7']);
  });

  it('law 2: of a decision that was rolled back nothing ever stands, and its locks are let go', async () => {
    const { rows, noted } = recording();
    rows.begin(tenantId, intent('andi'), 7n);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(noted).toEqual(['begun andi 7', 'undone andi 7']);
  });

  it('of a line that is decided about anew the first is taken back before the second is begun', async () => {
    const { rows, noted } = recording();
    const again = intent('andi');
    rows.begin(tenantId, intent('andi'), 7n);
    await vi.advanceTimersByTimeAsync(1);
    rows.begin(tenantId, again, 8n);
    await vi.advanceTimersByTimeAsync(1);
    expect((await rows.commit(again))?.ok).toBe(true);
    expect(noted).toEqual(['begun andi 7', 'undone andi 7', 'begun andi 8', 'committed andi 8']);
  });

  it('of many at once none beyond a few are begun: those are written as ever', async () => {
    const { rows, noted } = recording();
    const many = ['a', 'b', 'c', 'd', 'e', 'f'].map(intent);
    for (const one of many) rows.begin(tenantId, one, 1n);
    await vi.advanceTimersByTimeAsync(1);
    expect(noted).toHaveLength(4);
    const answers = await Promise.all(many.map((one) => rows.commit(one)));
    expect(answers.map((answer) => answer?.ok ?? null)).toEqual([true, true, true, true, null, null]);
  });

  it('what could not be written is answered as it was, and what could not be begun is written as ever', async () => {
    const answerOf = async (answer: Parameters<typeof recording>[0]) => {
      const { rows } = recording(answer);
      const one = intent('andi');
      rows.begin(tenantId, one, 1n);
      await vi.advanceTimersByTimeAsync(1);
      return rows.commit(one);
    };
    expect(await answerOf('premature')).toMatchObject({ ok: false, error: { reason: 'premature' } });
    expect(await answerOf('throws')).toBeNull();
    expect(await answerOf('cannot')).toBeNull();
  });
});
