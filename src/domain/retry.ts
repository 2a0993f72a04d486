const steps = [1_000, 5_000, 30_000, 120_000, 600_000, 1_800_000];
const hourMs = 3_600_000;

/** What could not be done for so long (72 h) is dead, and a person is told. */
export const giveUpAfterMs = 72 * hourMs;

/**
 * How long to wait after `attempts` failures: 1 s, 5 s, 30 s, 2 min, 10 min, 30 min, then hourly, ± 20 %, at most `capMs`.
 * `random` is in [0, 1); it spreads what failed together.
 */
export function backOffMs(attempts: number, random: number, capMs = hourMs): number {
  const base = steps[Math.max(0, attempts - 1)] ?? hourMs;
  return Math.round(Math.min(base, capMs) * (0.8 + 0.4 * random));
}

/** A message is tried four times: at once and three times more (spec P60). */
export const messageTries = 4;
const messageSteps = [30_000, 300_000, 1_800_000];

/** How long a message waits after `attempts` failures: 30 s, 5 min (who greylists takes it then), 30 min; ± 20 %. */
export const messageBackOffMs = (attempts: number, random: number): number =>
  Math.round((messageSteps[Math.max(0, attempts - 1)] ?? 1_800_000) * (0.8 + 0.4 * random));
