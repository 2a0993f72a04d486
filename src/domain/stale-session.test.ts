import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Hearing, hearAgain, type Quiet, stalenessOf } from './stale-session.ts';

const seconds = 1_000;
const minute = 60 * seconds;

type Span = { readonly from: number; readonly to: number };
const inside = (spans: readonly Span[], at: number): boolean => spans.some(({ from, to }) => at >= from && at < to);

type Living = {
  readonly startedAt: number;
  /** Infinity: it lives to the end. */
  readonly endsAt: number;
  readonly jitter: readonly number[];
  /** Of each update whether it is lost on the way; never two on end. */
  readonly lost: readonly boolean[];
};

type History = {
  readonly intervalMs: number;
  readonly sessions: readonly Living[];
  /** FreeRADIUS, its database or the way to them is down: nothing of this router is recorded. */
  readonly outages: readonly Span[];
  readonly hubDown: readonly Span[];
  /** The router restarts: all sessions end, and it may or may not say so. */
  readonly restartAt: number | null;
  readonly tellsRestart: boolean;
  /** Users whose session has ended dial again each so often, and are refused while the row is open. */
  readonly redialMs: number | null;
};

const length = 6 * 60 * minute;
// What is shorter loses a packet, as `lost` does.
const span = fc
  .record({ from: fc.nat({ max: length }), length: fc.integer({ min: 7 * minute, max: 90 * minute }) })
  .map(({ from, length: long }): Span => ({ from, to: from + long }));
const history: fc.Arbitrary<History> = fc.record({
  intervalMs: fc.constantFrom(5 * minute, 5 * minute, 10 * minute, 30 * minute),
  sessions: fc.array(
    fc.record({
      startedAt: fc.nat({ max: length / 2 }),
      endsAt: fc.option(fc.nat({ max: length }), { nil: Number.POSITIVE_INFINITY }),
      jitter: fc.array(fc.integer({ min: -15, max: 15 }), { minLength: 1, maxLength: 5 }),
      lost: fc.constantFrom([false], [false, true], [false, false, true], [true, false]),
    }),
    { minLength: 1, maxLength: 5 },
  ),
  outages: fc.array(span, { maxLength: 2 }),
  hubDown: fc.array(span, { maxLength: 2 }),
  restartAt: fc.option(fc.nat({ max: length }), { nil: null }),
  tellsRestart: fc.boolean(),
  redialMs: fc.option(fc.integer({ min: minute, max: 10 * minute }), { nil: null }),
});

type Row = { startedAt: number; lastSeenAt: number; interval: number | null; refusedAt: number | null; open: boolean };
type Judge = (quiet: Quiet, router: Hearing | null, now: number) => unknown;
type Played = { readonly wrong: number; readonly closed: number; readonly leftOpen: number };

/** Plays a history minute by minute, as the database sees it, and closes what `judge` says is proved. */
function play(
  { intervalMs, sessions, outages, hubDown, restartAt, tellsRestart, redialMs }: History,
  judge: Judge,
): Played {
  const ends = sessions.map(({ startedAt, endsAt }) =>
    restartAt !== null && restartAt >= startedAt ? Math.min(endsAt, restartAt) : endsAt,
  );
  const updates = sessions.map(({ startedAt, jitter, lost }, n) => {
    const told: number[] = [];
    for (let k = 1; startedAt + k * intervalMs < Math.min(ends[n] ?? 0, length); k++) {
      const at = startedAt + k * intervalMs + (jitter[k % jitter.length] ?? 0) * seconds;
      if (!lost[k % lost.length] && !inside(outages, at)) told.push(at);
    }
    return told;
  });
  const rows: (Row | null)[] = sessions.map(({ startedAt }) =>
    inside(outages, startedAt)
      ? null
      : { startedAt, lastSeenAt: startedAt, interval: null, refusedAt: null, open: true },
  );
  let hearing: Hearing | null = null;
  let [wrong, closed] = [0, 0];
  for (let now = 0; now <= length; now += minute) {
    const isHeardRestart = restartAt !== null && tellsRestart && restartAt <= now && !inside(outages, restartAt);
    for (const [n, row] of rows.entries()) {
      if (!row || row.startedAt > now) continue;
      for (const at of updates[n] ?? []) {
        if (at > now || at <= row.lastSeenAt) continue;
        row.interval = Math.round((at - row.lastSeenAt) / seconds);
        row.lastSeenAt = at;
      }
      const isDialling = redialMs !== null && (ends[n] ?? 0) <= now && now % redialMs < minute && !inside(outages, now);
      if (isDialling && row.open) row.refusedAt = now;
    }
    if (inside(hubDown, now)) continue;
    const open = rows.filter((row): row is Row => row?.open === true && row.startedAt <= now);
    if (open.length > 0) {
      const intervals = open.flatMap(({ interval }) => interval ?? []);
      hearing = hearAgain(hearing, {
        heardAt: Math.max(...open.map(({ lastSeenAt }) => lastSeenAt)),
        intervalSeconds: intervals.length === 0 ? null : Math.max(...intervals),
      });
    }
    for (const [n, row] of rows.entries()) {
      if (!row?.open || row.startedAt > now) continue;
      const { lastSeenAt, interval: intervalSeconds, refusedAt } = row;
      const quiet = { lastSeenAt, intervalSeconds, refusedAt, restartedAt: isHeardRestart ? restartAt : null };
      if (!judge(quiet, hearing, now)) continue;
      row.open = false;
      closed += 1;
      if ((ends[n] ?? 0) > now) wrong += 1;
    }
  }
  return { wrong, closed, leftOpen: rows.filter((row) => row?.open).length };
}

describe('accounting rows that were left open', () => {
  it('R8: on random histories no living session is ever closed', () => {
    let closed = 0;
    fc.assert(
      fc.property(history, (one) => {
        const played = play(one, stalenessOf);
        closed += played.closed;
        expect(played.wrong).toBe(0);
      }),
      { numRuns: 1_000 },
    );
    // The histories are such that there is something to close.
    expect(closed).toBeGreaterThan(100);
  });

  it('R8: controls: silence alone, and silence while anybody was heard just now, close living sessions', () => {
    const silent = (quiet: Quiet, now: number): boolean => now - quiet.lastSeenAt >= 15 * minute;
    const naive: readonly Judge[] = [
      (quiet, _router, now) => silent(quiet, now),
      (quiet, router, now) => silent(quiet, now) && router !== null && now - router.heardAt < 6 * minute,
      (quiet, router, now) => silent(quiet, now) && quiet.intervalSeconds !== null && router !== null,
    ];
    for (const judge of naive) {
      const property = fc.property(history, (one) => play(one, judge).wrong === 0);
      expect(fc.check(property, { numRuns: 1_000 }).failed).toBe(true);
    }
  });

  const dead = { lastSeenAt: 0, intervalSeconds: 300, restartedAt: null, refusedAt: null };
  const heard = (at: number): Hearing => ({ heardAt: at, unbrokenSince: 0, intervalSeconds: 300 });

  it('R8: a row whose interim interval nobody knows is left, however long it is silent', () => {
    const unknown = { ...dead, intervalSeconds: null, refusedAt: 10 * 60 * minute };
    const deaf = { ...heard(20 * 60 * minute), intervalSeconds: null };
    expect(stalenessOf(unknown, deaf, 20 * 60 * minute)).toBeNull();
    expect(stalenessOf({ ...unknown, intervalSeconds: 2 }, deaf, 20 * 60 * minute)).toBeNull();
  });

  it('R8: a router that nobody hears proves nothing; its user that dials again does', () => {
    expect(stalenessOf(dead, heard(0), 60 * minute)).toBeNull();
    expect(stalenessOf({ ...dead, refusedAt: 10 * minute }, heard(0), 60 * minute)).toBeNull();
    expect(stalenessOf({ ...dead, refusedAt: 40 * minute }, heard(0), 60 * minute)).toBe('dials_anew');
  });

  it('R8: a restart is a proof, but for what has sent anything since', () => {
    expect(stalenessOf({ ...dead, restartedAt: minute }, null, 10 * minute)).toBe('restarted');
    expect(stalenessOf({ ...dead, restartedAt: minute }, null, 5 * minute)).toBeNull();
    expect(stalenessOf({ ...dead, lastSeenAt: 2 * minute, restartedAt: minute }, null, 10 * minute)).toBeNull();
  });
});
