/**
 * Growth against the month before in percent, to a hundredth (spec P42): `(now - last) / last * 100`; null where nothing
 * was there before, for no figure says how much more than nothing something is. Amounts in minor units.
 */
export function growthPercent(now: bigint, last: bigint): number | null {
  if (last === 0n) return null;
  const scaled = ((now - last) * 100_000n) / last;
  // A thousandth of a percent, rounded half away from zero to a hundredth.
  const rounded = scaled >= 0n ? (scaled + 5n) / 10n : (scaled - 5n) / 10n;
  return Number(rounded) / 100;
}
