import { describe, expect, it } from 'vitest';
import type { MoveBody, WorkOrder } from '../api/shapes.ts';
import { type Deed, fresh, type Item, refusedWith, sent } from './item.ts';
import { nextStep, stateAhead } from './orders-ahead.ts';

const order = { id: 'o', kind: 'install', state: 'assigned' } as WorkOrder;
const item = (no: number, deed: Deed): Item => ({
  ...fresh({ ref: `r${no}`, userId: 'budi', lane: 'o', label: '', madeAt: 0, deed }),
  no,
});
const move = (no: number, state: NonNullable<MoveBody['state']>): Item =>
  item(no, { is: 'move', orderId: 'o', body: { state } });
const install = item(9, { is: 'scan', scan: { kind: 'install', code: 'A', scanned_at: '' } });

describe('an order on a phone without signal', () => {
  it('A3: stands where the technician left it, whatever has been sent of it', () => {
    const done = [move(1, 'picked_up'), move(2, 'on_site')];
    expect(stateAhead(order, done, 0)).toBe('on_site');
    expect(stateAhead({ ...order, state: 'on_site' }, done, 0)).toBe('on_site');
    expect(stateAhead(order, [...done, install], 0)).toBe('installed');
    expect(stateAhead(order, [...done, refusedWith(install, 'tidak', [])], 0)).toBe('on_site');
    expect(stateAhead({ ...order, state: 'cancelled' }, [install], 0)).toBe('cancelled');
    expect(stateAhead(order, [move(1, 'failed')], 0)).toBe('failed');
  });

  it('A3: does not fall back between the answer to a step and the next list', () => {
    const told = sent(move(1, 'picked_up'), 1_000);
    expect(stateAhead(order, [told], 999)).toBe('picked_up');
    // Asked after it was done: whatever the hub says then is so.
    expect(stateAhead(order, [told], 1_001)).toBe('assigned');
  });

  it('A3, A4: has one next step for each kind and state, and none when it is over', () => {
    expect(nextStep('install', 'assigned')).toEqual({ is: 'move', to: 'picked_up' });
    expect(nextStep('install', 'picked_up')).toEqual({ is: 'move', to: 'on_site' });
    expect(nextStep('install', 'on_site')).toEqual({ is: 'scan', kind: 'install' });
    expect(nextStep('replace', 'on_site')).toEqual({ is: 'scan', kind: 'replace' });
    expect(nextStep('repair', 'on_site')).toEqual({ is: 'move', to: 'installed' });
    for (const over of ['installed', 'verified', 'cancelled', 'failed', 'something new'])
      expect(nextStep('install', over).is).toBe('nothing');
  });
});
