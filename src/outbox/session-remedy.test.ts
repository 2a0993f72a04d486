import { describe, expect, it } from 'vitest';
import type { ChangedSession } from '#db/changed-sessions.ts';
import { isolirGroupRows, planGroupRows } from '#domain/radius-groups.ts';
import type { Session } from '#ports/enforcer/port.ts';
import type { History, Version } from './session-history.ts';
import { remedyForGroup, remedyForRows } from './session-remedy.ts';
import { lookAt } from './watch-session.ts';

const [slow, fast, isolir] = ['t1a2b3c4d:slow', 't1a2b3c4d:fast', 't1a2b3c4d:isolir'] as const;
const at = (minute: number): Date => new Date(Date.UTC(2026, 10, 21, 8, minute));
const plan = (generation: bigint, minute: number, mbps: number, addressPool?: string): Version => ({
  generation,
  at: at(minute),
  reply: planGroupRows({ downKbps: mbps * 1_000, upKbps: mbps * 1_000 }, addressPool ? { addressPool } : {}).reply,
});
const session = (change: Partial<Session> = {}): Session => ({
  uniqueId: 'u1',
  sessionId: 's1',
  username: 'budi',
  nasAddress: '10.0.0.1',
  framedAddress: null,
  callingStationId: null,
  startedAt: at(10),
  updatedAt: at(10),
  inputOctets: 0,
  outputOctets: 0,
  group: slow,
  ...change,
});
const standing = {
  generation: 50n,
  applied_generation: 50n,
  applied_at: at(20),
  state: 'active',
  group: fast,
  reason: 'nothing_due',
};
const history = (change: Partial<History> = {}): History => ({
  access: standing,
  versions: new Map([
    [slow, [plan(1n, 0, 10)]],
    [fast, [plan(2n, 0, 50)]],
    [isolir, [{ generation: 3n, at: at(0), reply: isolirGroupRows().reply }]],
  ]),
  own: [{ generation: 40n, at: at(5), own: '[]' }],
  changed: new Map(),
  ...change,
});
const acknowledged: ChangedSession = {
  unique_id: 'u1',
  group_name: fast,
  rate_limit: '50M/50M',
  rows_generation: 2n,
  generation: 50n,
  answered_at: at(21),
  refused_at: null,
  watch_until: null,
  seen_at: null,
  seen_input: null,
  seen_output: null,
};
const told = (change: Partial<ChangedSession> = {}): ReadonlyMap<string, ChangedSession> =>
  new Map([['u1', { ...acknowledged, ...change }]]);

describe('a session of another group than the one that stands', () => {
  it('R2: is told the speed where nothing else differs', () => {
    expect(remedyForGroup(session(), fast, history())).toEqual({
      remedy: 'change',
      rateLimit: '50M/50M',
      isSlower: false,
      rows: 2n,
    });
  });

  it('stays once it was told, although accounting goes on repeating its old Class', () => {
    expect(remedyForGroup(session(), fast, history({ changed: told() }))).toEqual({ remedy: 'stay' });
  });

  it('comes back the same way: what its Class says is no longer what it runs under', () => {
    expect(remedyForGroup(session(), slow, history({ changed: told() }))).toMatchObject({
      remedy: 'change',
      rateLimit: '10M/10M',
      isSlower: true,
    });
  });

  it.each<[string, Partial<Session>, string, Partial<History>]>([
    ['its router refused or ignored the CoA', {}, fast, { changed: told({ answered_at: null, refused_at: at(22) }) }],
    ['it goes to the walled garden', {}, isolir, {}],
    ['it leaves the walled garden', { group: isolir }, fast, {}],
    ['the line is not served', {}, fast, { access: { ...standing, state: 'suspended' } }],
    ['R6: its quota is used up', {}, fast, { access: { ...standing, reason: 'quota_throttled' } }],
    ['nobody knows the rows that it was let in under', {}, fast, { versions: new Map([[fast, [plan(2n, 0, 50)]]]) }],
    [
      'the pools differ',
      {},
      fast,
      {
        versions: new Map([
          [slow, [plan(1n, 0, 10, 'a')]],
          [fast, [plan(2n, 0, 50)]],
        ]),
      },
    ],
    [
      'it may have been let in under rows of another pool',
      {},
      fast,
      {
        versions: new Map([
          [slow, [plan(1n, 0, 10, 'a'), plan(4n, 11, 10)]],
          [fast, [plan(2n, 0, 50)]],
        ]),
      },
    ],
    [
      'its own address has changed since it began',
      {},
      fast,
      {
        own: [
          { generation: 40n, at: at(5), own: '[]' },
          { generation: 50n, at: at(20), own: '[address]' },
        ],
      },
    ],
    ['nobody knows what it had of its own', {}, fast, { own: [] }],
  ])('is sent away where %s', (_why, change, group, past) => {
    expect(remedyForGroup(session(change), group, history(past))).toEqual({ remedy: 'drop' });
  });
});

describe('a session of a group whose rows have changed', () => {
  const access = { ...standing, group: slow };
  const faster = (addressPool?: string) =>
    history({ access, versions: new Map([[slow, [plan(1n, 0, 10), plan(9n, 15, 20, addressPool)]]]) });

  it('R2: is told the new speed, whoever came in before it', () => {
    expect(remedyForRows(session(), slow, at(15), faster())).toMatchObject({
      remedy: 'change',
      rateLimit: '20M/20M',
      rows: 9n,
    });
    expect(remedyForRows(session({ startedAt: at(16) }), slow, at(15), faster())).toEqual({ remedy: 'stay' });
  });

  it('is sent away where more than the speed has changed, but only if it surely read the old rows', () => {
    const justAfter = new Date(at(15).getTime() + 5_000);
    expect(remedyForRows(session(), slow, at(15), faster('pool'))).toEqual({ remedy: 'drop' });
    expect(remedyForRows(session({ startedAt: justAfter }), slow, at(15), faster('pool'))).toEqual({ remedy: 'stay' });
    expect(remedyForRows(session({ startedAt: justAfter }), slow, at(15), faster())).toMatchObject({
      remedy: 'change',
    });
  });

  it('stays once it was told these rows, and is nobody’s business in another group', () => {
    const changed = told({ group_name: slow, rows_generation: 9n });
    expect(remedyForRows(session(), slow, at(15), { ...faster(), changed })).toEqual({ remedy: 'stay' });
    expect(remedyForRows(session({ group: fast }), slow, at(15), faster())).toEqual({ remedy: 'stay' });
  });
});

describe('whether a session that was told to be slower is', () => {
  const watched = { ...acknowledged, rate_limit: '1M/1M', watch_until: at(40) };
  const megabytes = (count: number) => count * 1_000_000;

  it('counting begins with the first accounting update after the answer, and the second decides', () => {
    const first = lookAt(session({ updatedAt: at(25), inputOctets: 7 }), { ...watched, seen_at: at(20) }, at(26));
    expect(first).toEqual({ seen: 'first', at: at(25), input: 7n, output: 0n });
    const begun = { ...watched, seen_at: at(25), seen_input: 0n, seen_output: 0n };
    const minutesLater = (inputOctets: number) =>
      lookAt(session({ updatedAt: at(30), inputOctets }), begun, at(31)).seen;
    // 1 Mbps over five minutes are 37.5 MB.
    expect(minutesLater(megabytes(40))).toBe('obeyed');
    expect(minutesLater(megabytes(60))).toBe('ignored');
    expect(lookAt(session({ updatedAt: at(25) }), begun, at(31)).seen).toBe('nothing_yet');
    expect(lookAt(session({ updatedAt: at(25) }), begun, at(41)).seen).toBe('unseen');
  });
});
