import { type Pixel, png } from './png.ts';

const sky: Pixel = [11, 79, 138];
const bridge: Pixel = [255, 255, 255];
const water: Pixel = [255, 190, 46];

/** A bridge over water, in a square from (0, 0) to (1, 1), within the middle four fifths that every mask leaves. */
function colourOf(x: number, y: number): Pixel {
  if (x < 0.16 || x > 0.84) return sky;
  if (y > 0.56 && y < 0.63) return bridge;
  const isPillar = Math.abs(x - 0.32) < 0.028 || Math.abs(x - 0.68) < 0.028;
  if (isPillar && y > 0.26 && y < 0.76) return bridge;
  // The cable hangs between the pillars as a parabola, and falls to the deck outside them.
  const cable =
    Math.abs(x - 0.5) < 0.18 ? 0.48 - ((x - 0.5) / 0.18) ** 2 * 0.2 : 0.28 + (Math.abs(x - 0.5) - 0.18) * 1.8;
  if (Math.abs(y - cable) < 0.022 && y < 0.6) return bridge;
  if (Math.abs(y - 0.78 - 0.014 * Math.sin(x * 42)) < 0.016) return water;
  return sky;
}

/** The icon of that many pixels: each is the mean of nine places in it, so that edges are smooth. */
export function icon(size: number): Buffer {
  return png(size, (px, py) => {
    const sum: [number, number, number] = [0, 0, 0];
    for (let i = 0; i < 9; i++) {
      const colour = colourOf((px + ((i % 3) + 0.5) / 3) / size, (py + (Math.floor(i / 3) + 0.5) / 3) / size);
      for (const part of [0, 1, 2] as const) sum[part] += colour[part];
    }
    return [Math.round(sum[0] / 9), Math.round(sum[1] / 9), Math.round(sum[2] / 9)];
  });
}
