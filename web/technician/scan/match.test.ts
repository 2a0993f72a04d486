import { describe, expect, it } from 'vitest';
import type { Asset } from '../api/shapes.ts';
import { matchAsset } from './match.ts';

const unit = (id: string, serial: string, mac: string | null = null): Asset => ({
  ...{ id, serial, mac, gpon_sn: null, barcode: null },
  ...{ part: 'ONT', state: 'in_transit', place: '' },
});
const bag = [unit('a', 'ZTEGC8D2F011', '4C:5E:0C:AA:BB:01'), unit('b', 'HWTC-1A2B-3C4D'), unit('c', '12')];

describe('a scanned text', () => {
  it.each([
    ['S/N: ztegc8d2f011; MAC 4c5e.0caa.bb01', 'a'],
    ['4C-5E-0C-AA-BB-01', 'a'],
    ['hwtc1a2b3c4d', 'b'],
    ['12', 'c'],
    // A short serial is no part of a longer text, and two units in one text are none.
    ['AB120000', undefined],
    ['ZTEGC8D2F011 HWTC1A2B3C4D', undefined],
    ['', undefined],
  ])('%s means the unit %s of the bag', (code, id) => {
    expect(matchAsset(bag, code)?.id).toBe(id);
  });
});
