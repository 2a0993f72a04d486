/** What WCAG 2.2 asks of text that is read in sunlight (AAA). */
const enough = 7;

const partsOf = (hex: string): readonly number[] => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));

/** How much lighter white is than `#rrggbb` (WCAG's contrast ratio, 1 to 21). */
export function contrastWithWhite(hex: string): number {
  const [red = 0, green = 0, blue = 0] = partsOf(hex).map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05);
}

/** An ISP's colour, as dark as it must be for white writing on it and for writing in it on white; null: it is no colour. */
export function readable(colour: string | null): string | null {
  if (!/^#[0-9a-fA-F]{6}$/.test(colour ?? '')) return null;
  let hex = String(colour).toLowerCase();
  while (contrastWithWhite(hex) < enough)
    hex = `#${partsOf(hex)
      .map((part) =>
        Math.floor(part * 0.95)
          .toString(16)
          .padStart(2, '0'),
      )
      .join('')}`;
  return hex;
}
