/** `dividend / divisor` rounded down, also below zero; `divisor` above zero. */
const floored = (dividend: bigint, divisor: bigint): bigint => {
  const towardsZero = dividend / divisor;
  return towardsZero * divisor > dividend ? towardsZero - 1n : towardsZero;
};

/**
 * `amount * numerator / denominator` to the minor unit, half up: the one rounding of everything that is billed.
 * It never falls while the amount grows, so what is divided by the differences of such shares sums to the whole.
 * `denominator` above zero.
 */
export const shareOf = (amount: bigint, numerator: bigint, denominator: bigint): bigint =>
  floored(2n * amount * numerator + denominator, 2n * denominator);
