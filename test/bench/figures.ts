/** One measured figure and what it stands beside, both from this run. `ratio` = value ÷ floor. */
export type Figure = {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly floor: number;
};

/** The value below which `share` (0 to 1) of the samples lie, by nearest rank; NaN for no samples. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const rank = Math.max(1, Math.ceil(sorted.length * share));
  return sorted[rank - 1] ?? Number.NaN;
}

export const median = (samples: readonly number[]): number => quantile(samples, 0.5);

/** Slope of the line that lies nearest to the points in log-log: 1 is linear growth. */
export function exponentOf(points: readonly (readonly [size: number, seconds: number])[]): number {
  const logs = points.map(([size, seconds]) => [Math.log(size), Math.log(seconds)] as const);
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const [x, y] = [mean(logs.map(([a]) => a)), mean(logs.map(([, b]) => b))];
  const covariance = logs.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0);
  return covariance / logs.reduce((sum, [a]) => sum + (a - x) ** 2, 0);
}

/** Four significant digits: what a shared machine can tell apart, and more. */
const rounded = (value: number): number => Number(value.toPrecision(4));

/** Prints a figure as one JSON line on stdout. */
export function printFigure({ name, value, unit, floor }: Figure): void {
  const line = { name, value: rounded(value), unit, floor: rounded(floor), ratio: rounded(value / floor) };
  console.log(JSON.stringify(line));
}

/** What a reader may want to know beside the figures; on stderr, so that stdout stays one JSON line per figure. */
export const remark = (text: string): void => console.error(text);

/** Milliseconds since 1970; finer than Date.now(), and comparable with what the databases' clocks say. */
export const nowMs = (): number => performance.timeOrigin + performance.now();
