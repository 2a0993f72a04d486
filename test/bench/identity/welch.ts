const mean = (samples: readonly number[]): number => samples.reduce((sum, one) => sum + one, 0) / samples.length;
const variance = (samples: readonly number[]): number => {
  const middle = mean(samples);
  return samples.reduce((sum, one) => sum + (one - middle) ** 2, 0) / (samples.length - 1);
};

/** The normal distribution's area beyond |z| on both sides (Abramowitz and Stegun 26.2.17; off by less than 1.5e-7). */
function beyond(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const series = [0.31938153, -0.356563782, 1.781477937, -1.821255978, 1.330274429];
  const area = series.reduce((sum, factor, n) => sum + factor * t ** (n + 1), 0);
  return 2 * area * (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI));
}

export type Comparison = { readonly means: readonly [number, number]; readonly t: number; readonly p: number };

/**
 * Welch's test of two samples of some hundred each, where Student's distribution is the normal one to three digits. `p`
 * is how often two samples of the same thing would differ so much by chance.
 */
export function compared(a: readonly number[], b: readonly number[]): Comparison {
  const error = Math.sqrt(variance(a) / a.length + variance(b) / b.length);
  const t = (mean(a) - mean(b)) / error;
  return { means: [mean(a), mean(b)], t, p: beyond(t) };
}
