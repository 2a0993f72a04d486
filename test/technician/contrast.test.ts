import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const style = readFileSync(new URL('../../web/app/style.css', import.meta.url), 'utf8');
const colours = new Map(
  [...style.matchAll(/--color-([\w-]+): (#[0-9a-f]{6})/g)].map(([, name = '', hex = '']) => [name, hex]),
);
colours.set('white', '#ffffff');

/** Relative luminance (WCAG 2.2). */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [a, b] = [luminance(colours.get(one) ?? ''), luminance(colours.get(other) ?? '')];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

describe('the page in sunlight', () => {
  it.each([
    ['ink', 'page'],
    ['quiet', 'page'],
    ['quiet', 'white'],
    ['white', 'deep'],
    ['white', 'bad'],
    ['good', 'good-pale'],
    ['bad', 'bad-pale'],
    ['wait', 'wait-pale'],
    ['bad', 'page'],
  ])('A5: %s on %s has a contrast of 7 to 1 or more', (one, other) => {
    expect(contrast(one, other)).toBeGreaterThanOrEqual(7);
  });
});
