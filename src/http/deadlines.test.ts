import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDeadlines } from './deadlines.ts';

describe('deadlines', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('REL-10: each wait that is not over ends when its own time is up, and no other', () => {
    const { begin } = createDeadlines(100);
    const ended: string[] = [];
    begin(() => ended.push('a'));
    vi.advanceTimersByTime(60);
    const isOver = begin(() => ended.push('b'));
    begin(() => ended.push('c'));
    vi.advanceTimersByTime(39);
    expect(ended).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(ended).toEqual(['a']);
    isOver();
    vi.advanceTimersByTime(60);
    expect(ended).toEqual(['a', 'c']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('many waits are one timer, and it begins anew after all were over', () => {
    const { begin } = createDeadlines(100);
    const ended: number[] = [];
    const overs = Array.from({ length: 50 }, (_, i) => begin(() => ended.push(i)));
    expect(vi.getTimerCount()).toBe(1);
    for (const isOver of overs) isOver();
    vi.advanceTimersByTime(500);
    expect(ended).toEqual([]);
    begin(() => ended.push(99));
    vi.advanceTimersByTime(100);
    expect(ended).toEqual([99]);
  });
});
