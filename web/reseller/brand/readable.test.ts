import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contrastWithWhite, readable } from './readable.ts';

describe('an ISP’s colour on its reseller’s page', () => {
  it('S1: white writing on it has a contrast of 7 to 1 or more, whatever the colour', () => {
    const colours = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`);
    const isReadable = (colour: string): boolean => contrastWithWhite(readable(colour) ?? '#ffffff') >= 7;
    fc.assert(fc.property(colours, isReadable), { examples: [['#ffffff'], ['#000000'], ['#ffff00']] });
  });

  it('stays as it is where it is dark enough, and is left out where it is none', () => {
    expect(readable('#0B4F8A')).toBe('#0b4f8a');
    expect([readable(null), readable('red'), readable('#fff'), readable('#12345g')]).toEqual([null, null, null, null]);
  });
});
