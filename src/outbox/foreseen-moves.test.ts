import { describe, expect, it } from 'vitest';
import type { Operation } from '#db/asset-operation.ts';
import { createFakeTracker } from '#ports/asset-tracker/fake.ts';
import { createForeseenMoves } from './foreseen-moves.ts';

const operation = (id: string): Operation => ({
  id,
  asset_id: 'unit',
  kind: 'install',
  technician_id: null,
  subscription_id: 'line',
  condition: null,
  scan_id: 'scan',
  happened_at: new Date(0),
  requested_by: 'user',
  correlation_id: 'c',
  tracker: 'inventree',
  tracker_ref: '7',
  serial: null,
  technician: null,
  requester: null,
  email: null,
  customer_id: null,
  owner_id: null,
  owner_code: null,
  owner: null,
  bag: null,
  at: null,
  scan_kind: 'install',
  work_order_id: null,
  latitude: null,
  longitude: null,
  is_last: true,
});

describe('moves that are foreseen', () => {
  it('are told once each, and of many at once none beyond a few: those are read as ever', () => {
    const moves = createForeseenMoves(async () => createFakeTracker());
    const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
    for (const id of ids) moves.know(operation(id));
    expect(ids.map((id) => moves.take(id)?.id ?? null)).toEqual(['a', 'b', 'c', 'd', null, null]);
    expect(moves.take('a')).toBeNull();
    moves.know(operation('g'));
    expect(moves.take('g')?.id).toBe('g');
  });

  it('have their tracker look already; one that cannot be had is no fault of the scan', async () => {
    const seen: string[] = [];
    const tracker = { ...createFakeTracker(), foresee: (id: string, ref: string) => void seen.push(`${id} ${ref}`) };
    const moves = createForeseenMoves(async (tenant) => {
      if (tenant === 'away') throw new Error('its settings cannot be read');
      return tracker;
    });
    moves.begin('away', 'a', '1');
    moves.begin('there', 'b', '2');
    await expect.poll(() => seen).toEqual(['b 2']);
  });
});
