import { describe, expect, it } from 'vitest';
import { rfc5080Timers, sendTimes } from './retransmission.ts';

describe('retransmission', () => {
  it('R8: five tries at 0, 2, 6, 14 and 28 s; the last can still be answered within the 30 s', () => {
    expect(sendTimes(rfc5080Timers)).toEqual([0, 2_000, 6_000, 14_000, 28_000]);
  });

  it('RFC 5080 §2.2.1: the wait doubles up to its cap', () => {
    expect(sendTimes({ firstMs: 100, capMs: 300, tries: 6, totalMs: 10_000 })).toEqual([0, 100, 300, 600, 900, 1200]);
  });

  it('no try leaves after the end, however the figures are set', () => {
    expect(sendTimes({ firstMs: 500, capMs: 500, tries: 3, totalMs: 100 })).toEqual([0, 0, 0]);
  });
});
