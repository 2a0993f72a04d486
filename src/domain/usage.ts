import type { LocalDate } from '#domain/facts.ts';
import { addDays, instantAt, localDate } from '#domain/local-time.ts';

/** Octets of one session as its router counts them: input is what the line sent. Times in ms since 1970. */
export type Octets = { readonly input: bigint; readonly output: bigint };

/** What accounting says of a session now. */
export type Figure = Octets & {
  readonly startedAt: number;
  /** The counters stood at zero then, or later. */
  readonly countsFrom: number;
  readonly toldAt: number;
};

/** How far a session has been counted. */
export type CountedUntil = Octets & { readonly toldAt: number };

/** Traffic that is new, and the time in which it arose. */
export type Growth = Octets & { readonly from: number; readonly to: number; readonly counted: CountedUntil };

const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);

/** 100 Gbit/s: no line is faster, so more than this is nonsense, and nonsense cuts nobody. */
const octetsPerSecond = 12_500_000_000n;

const isPlausible = ({ input, output, from, to }: Growth): boolean =>
  input + output <= octetsPerSecond * BigInt(Math.ceil((to - from) / 1000) + 60);

/**
 * What a figure tells beyond what was counted (spec R6); null: nothing. In doubt it tells less, never more: figures come
 * late, twice and out of order, and whoever is counted too much is cut off wrongly. A counter that went down counts from
 * zero only where it stood at zero after the last figure; otherwise an old packet came late, and the larger figure stays.
 */
export function growthOf(before: CountedUntil | null, figure: Figure): Growth | null {
  const { input, output, startedAt, countsFrom, toldAt } = figure;
  const isNewCount = before !== null && countsFrom > before.toldAt && (input < before.input || output < before.output);
  const base = before === null || isNewCount ? { input: 0n, output: 0n } : before;
  const grown = { input: larger(input - base.input, 0n), output: larger(output - base.output, 0n) };
  if (grown.input === 0n && grown.output === 0n && before !== null && !isNewCount) return null;
  const from = before === null ? startedAt : isNewCount ? countsFrom : before.toldAt;
  const counted = {
    input: larger(input, base.input),
    output: larger(output, base.output),
    toldAt: Math.max(toldAt, before?.toldAt ?? toldAt),
  };
  const growth = { ...grown, from: Math.min(from, toldAt), to: toldAt, counted };
  return isPlausible(growth) ? growth : null;
}

/** So many days at most are gone through for one figure: what began before is of the first of them. */
const mostDays = 400;

/** The part of `octets` that `share` of `whole` milliseconds has. */
const partOf = (octets: bigint, share: number, whole: number): bigint => (octets * BigInt(share)) / BigInt(whole);

/**
 * Traffic by the days of a calendar. Accounting keeps one total for a session, so what arose between two figures is taken
 * to have flowed evenly: of an update that spans midnight each day has its share of the time. The days together hold
 * exactly the whole.
 */
export function byDay(
  { input, output, from, to }: Omit<Growth, 'counted'>,
  zone: string,
): ReadonlyMap<LocalDate, Octets> {
  const last = localDate(to, zone);
  const days = new Map<LocalDate, Octets>();
  let done: Octets = { input: 0n, output: 0n };
  let day = localDate(Math.max(from, to - mostDays * 86_400_000), zone);
  for (; day < last; day = addDays(day, 1)) {
    const share = instantAt(addDays(day, 1), 0, 0, zone) - from;
    const until = { input: partOf(input, share, to - from), output: partOf(output, share, to - from) };
    days.set(day, { input: until.input - done.input, output: until.output - done.output });
    done = until;
  }
  return days.set(last, { input: input - done.input, output: output - done.output });
}
