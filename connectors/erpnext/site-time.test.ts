import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { siteClock } from '#sandbox/erpnext/site/site-clock.ts';
import { askedFrom } from './site-time.ts';

const overlapMs = 600_000;
const stampAt = (ms: number, zone: string): string => siteClock(zone, () => new Date(ms)).stamp();

/** Zones with and without summer time, on both sides of UTC; the days are those on which they change it, and others. */
const zones = [
  'Asia/Jakarta',
  'Asia/Jayapura',
  'Asia/Kolkata',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
];
const aroundJumps = [
  '2026-03-08T07:00Z',
  '2026-03-29T01:00Z',
  '2026-10-25T01:00Z',
  '2026-11-01T06:00Z',
  '2026-04-04T15:00Z',
];

const moment = fc
  .tuple(fc.constantFrom(...aroundJumps), fc.integer({ min: -3 * 3_600_000, max: 3 * 3_600_000 }))
  .map(([around, ms]) => Date.parse(around) + ms);

describe('REL-7: from where changes are asked for', () => {
  it('leaves out nothing that began within the overlap or after the last poll, whatever summer time does', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        moment,
        fc.integer({ min: 0, max: overlapMs }),
        fc.integer({ min: 60_000, max: 3_600_000 }),
        fc.integer({ min: 0, max: 12 * 3_600_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (zone, lastPoll, openMs, pauseMs, idleMs, share) => {
          const now = lastPoll + pauseMs;
          const seenAt = lastPoll - idleMs;
          const newest = stampAt(seenAt - openMs, zone);
          // Committed after the last poll, so begun at the earliest an overlap before it.
          const begun = lastPoll - overlapMs + share * (now - lastPoll + overlapMs);
          const from = askedFrom({ newest, askedAt: new Date(seenAt) }, new Date(now), zone, overlapMs);
          expect(from <= stampAt(Math.min(begun, now), zone)).toBe(true);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('a document from the future hides nothing of today, with the zone known or not', () => {
    const now = new Date('2026-11-21T05:00:00Z');
    const last = { newest: '2031-01-01 00:00:00.000000', askedAt: new Date(now.getTime() - 60_000) };
    for (const zone of ['Asia/Jakarta', null, 'Nowhere/At-all']) {
      expect(askedFrom(last, now, zone, overlapMs) < stampAt(now.getTime() - overlapMs, 'Asia/Jakarta')).toBe(true);
    }
  });

  it('in a zone without summer time it is the overlap, and an hour more while the zone is not known', () => {
    const now = new Date('2026-11-21T05:00:00Z');
    const last = { newest: '2026-11-21 11:58:00.123456', askedAt: new Date('2026-11-21T04:59:00Z') };
    expect(askedFrom(last, now, 'Asia/Jakarta', overlapMs)).toBe('2026-11-21 11:48:00.123000');
    expect(askedFrom(last, now, null, overlapMs)).toBe('2026-11-21 10:48:00.123000');
  });
});
