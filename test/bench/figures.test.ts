import { describe, expect, it, vi } from 'vitest';
import { median, printFigure, quantile } from './figures.ts';

describe('figures', () => {
  it('a quantile is one of the samples, whatever their order', () => {
    const samples = [5, 1, 4, 2, 3, 10, 9, 8, 7, 6];
    expect([quantile(samples, 0), quantile(samples, 0.5), quantile(samples, 0.99)]).toEqual([1, 5, 10]);
    expect(median([3])).toBe(3);
    expect(median([])).toBeNaN();
  });

  it('a figure is one JSON line of name, value, unit, floor and ratio', () => {
    const log = vi.spyOn(console, 'log').mockReturnValue(undefined);
    printFigure({ name: 'intake', value: 9_000.123, unit: '1/s', floor: 12_000 });
    expect(log.mock.calls).toEqual([['{"name":"intake","value":9000,"unit":"1/s","floor":12000,"ratio":0.75}']]);
  });
});
