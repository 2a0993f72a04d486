import { describe, expect, it } from 'vitest';
import { mayMoveOrder, workOrderNumber, workOrderStates } from './work-order.ts';

const everyPair = workOrderStates.flatMap((from) => workOrderStates.map((to) => ({ from, to })));

describe('the moves of a work order', () => {
  it('A3: a technician neither gives, accepts nor cancels, and a scan only says that it is done', () => {
    const reached = (by: 'technician' | 'scan') => [
      ...new Set(everyPair.filter(({ from, to }) => mayMoveOrder(from, to, by)).map(({ to }) => to)),
    ];
    expect(reached('technician').sort()).toEqual(['failed', 'installed', 'on_site', 'picked_up']);
    expect(reached('scan')).toEqual(['installed']);
  });

  it('A3: whatever has begun can be ended, and what is accepted or cancelled is the end', () => {
    for (const end of ['verified', 'cancelled'] as const) {
      expect(workOrderStates.filter((to) => mayMoveOrder(end, to, 'office'))).toEqual([]);
    }
    const open = workOrderStates.filter((state) => !['installed', 'verified', 'cancelled'].includes(state));
    for (const state of open) expect(mayMoveOrder(state, 'cancelled', 'office')).toBe(true);
  });

  it('A3: a number names its month and counts in it', () => {
    expect([workOrderNumber('2026-11', 1n), workOrderNumber('2026-11', 1234n)]).toEqual([
      'SPK202611001',
      'SPK2026111234',
    ]);
  });
});
