import { expect, it } from 'vitest';
import type { HistoryQuery } from '../accounting/port.ts';
import { type EnforcerSubject, freshUsername, good, isolir } from '../contract-subject.ts';

const quarterHour = 15 * 60;
const target = { host: '127.0.0.1', port: 3799, secret: 'a-secret', signed: true };

/** What is read of accounting, and the one thing that may be written there (spec R8, R9; laws 8 and 9). */
export function sessionContract(given: () => EnforcerSubject): void {
  const opened = async (ageSeconds: number) => {
    const username = freshUsername();
    const session = await given().openSession({ username, group: isolir, ageSeconds });
    return { username, session };
  };

  it('R9: an open session is found by its user, with the group that it was let in under', async () => {
    const { enforcer } = given();
    const { username, session } = await opened(60);
    expect(good(await enforcer.openSessions(username))).toEqual([session]);
    expect(session).toMatchObject({ group: isolir });
    expect(good(await enforcer.isOpen(session.uniqueId))).toBe(true);
    expect(good(await enforcer.openSessions(freshUsername()))).toEqual([]);
  });

  it('R10: whoever has an open session is found by its address, and nobody by another one', async () => {
    const { enforcer } = given();
    const { session } = await opened(60);
    const address = session.framedAddress ?? '';
    expect(good(await enforcer.whoIsAt(address)).sessions).toContainEqual(session);
    expect(good(await enforcer.whoIsAt('10.66.0.8'))).toEqual({ sessions: [], routerOf: null });
    for (const none of ['', 'budi', "10.66.0.7' or '1'='1", '::1', '10.66.0.7/24'])
      expect(good(await enforcer.whoIsAt(none)), none).toEqual({ sessions: [], routerOf: null });
    good(await enforcer.closeStale(session, 'nas_says_gone'));
    expect(good(await enforcer.whoIsAt(address)).sessions).not.toContainEqual(session);
  });

  it('S1: who of many is online is told in one look, whatever spelling the router used', async () => {
    const { enforcer } = given();
    const { username, session } = await opened(60);
    const other = freshUsername();
    expect(good(await enforcer.online([username, other]))).toEqual(new Set([username]));
    expect(good(await enforcer.online([other]))).toEqual(new Set());
    expect(good(await enforcer.online([]))).toEqual(new Set());
    good(await enforcer.closeStale(session, 'nas_says_gone'));
    expect(good(await enforcer.online([username]))).toEqual(new Set());
  });

  it('S1: the last sessions of a user are its own, the newest first, no more than asked for', async () => {
    const { enforcer, openSession } = given();
    const { username, session: old } = await opened(7_200);
    const session = await openSession({ username, group: isolir, ageSeconds: 60 });
    await opened(30);
    const { startedAt, inputOctets, outputOctets, nasAddress } = session;
    const newest = { startedAt, seenAt: session.updatedAt, endedAt: null, inputOctets, outputOctets, nasAddress };
    const last = good(await enforcer.lastSessions(username, 5));
    expect(last.map((one) => one.startedAt)).toEqual([startedAt, old.startedAt]);
    expect(last[0]).toMatchObject(newest);
    expect(good(await enforcer.lastSessions(username, 1))).toMatchObject([newest]);
  });

  it('R9: the history of a user is its own sessions, the newest first, in pages, of the time that is asked for', async () => {
    const { enforcer, openSession } = given();
    const { username, session: old } = await opened(7_200);
    const session = await openSession({ username, group: isolir, ageSeconds: 60 });
    await opened(30);
    const all = { from: null, to: null, limit: 10, offset: 0 };
    const ids = async (query: Partial<HistoryQuery>) => {
      const { sessions, total } = good(await enforcer.history(username, { ...all, ...query }));
      return [
        total,
        ...sessions.map(({ startedAt }) => (startedAt?.getTime() === old.startedAt?.getTime() ? 'old' : 'new')),
      ];
    };
    expect(await ids({})).toEqual([2, 'new', 'old']);
    expect(await ids({ limit: 1 })).toEqual([2, 'new']);
    expect(await ids({ limit: 1, offset: 1 })).toEqual([2, 'old']);
    expect(await ids({ to: session.startedAt })).toEqual([1, 'old']);
    // What is open lasts until it is known to be over.
    expect(await ids({ from: new Date((session.startedAt?.getTime() ?? 0) + 30_000) })).toEqual([2, 'new', 'old']);
    expect(await ids({ to: new Date(0) })).toEqual([0]);
    const { startedAt, updatedAt, sessionId, nasAddress, framedAddress, callingStationId, group } = session;
    const { inputOctets, outputOctets } = session;
    const told = { startedAt, seenAt: updatedAt, sessionId, nasAddress, framedAddress, callingStationId, group };
    expect(good(await enforcer.history(username, all)).sessions[0]).toMatchObject({
      ...told,
      inputOctets,
      outputOctets,
      endedAt: null,
      terminateCause: null,
    });
    expect(good(await enforcer.history(freshUsername(), all))).toEqual({ sessions: [], total: 0 });
  });

  it('law 8: an acknowledged Disconnect closes nothing by itself', async () => {
    const { enforcer } = given();
    const { session } = await opened(60);
    expect(good(await enforcer.dropSession(session, target))).toMatchObject({ answer: 'ack' });
    expect(good(await enforcer.isOpen(session.uniqueId))).toBe(true);
  });

  it('R2: an acknowledged CoA leaves the session open, with the Class that it was let in under', async () => {
    const { enforcer } = given();
    const { username, session } = await opened(60);
    expect(good(await enforcer.changeSession(session, target, { rateLimit: '5M/10M' }))).toMatchObject({
      answer: 'ack',
    });
    expect(good(await enforcer.openSessions(username))).toEqual([session]);
  });

  it('R8: a session that the NAS says is gone is closed, once', async () => {
    const { enforcer } = given();
    const { session } = await opened(60);
    expect(good(await enforcer.closeStale(session, 'nas_says_gone'))).toBe(true);
    expect(good(await enforcer.isOpen(session.uniqueId))).toBe(false);
    expect(good(await enforcer.closeStale(session, 'nas_says_gone'))).toBe(false);
  });

  it('R8: a session that gave a sign of life since it was read is left open', async () => {
    const { enforcer, updateSession } = given();
    const { session } = await opened(60);
    await updateSession(session);
    expect(good(await enforcer.closeStale(session, 'nas_says_gone'))).toBe(false);
    expect(good(await enforcer.isOpen(session.uniqueId))).toBe(true);
  });

  it('R8: silence counts as proof only after three interim intervals', async () => {
    const { enforcer } = given();
    const quiet = await opened(quarterHour + 5);
    const fresh = await opened(quarterHour - 60);
    expect(good(await enforcer.closeStale(quiet.session, 'silent_three_intervals'))).toBe(true);
    expect(good(await enforcer.closeStale(fresh.session, 'silent_three_intervals'))).toBe(false);
  });
}
