import { z } from 'zod';
import type { Speed } from '#domain/rate-limit.ts';
import { invalid } from '#platform/refusal.ts';

/** A burst as the table keeps it, in kbps. */
const StoredBurst = z
  .object({
    downKbps: z.number(),
    upKbps: z.number(),
    downThresholdKbps: z.number(),
    upThresholdKbps: z.number(),
    seconds: z.number(),
  })
  .nullable();
export type Burst = NonNullable<Speed['burst']>;

export const readBurst = (stored: unknown): Burst | null => StoredBurst.parse(stored ?? null);

/** The burst as a plan's form has it: five fields, Mbps and seconds. */
export type BurstFields = {
  readonly burst_download: number | null;
  readonly burst_upload: number | null;
  readonly burst_threshold_download: number | null;
  readonly burst_threshold_upload: number | null;
  readonly burst_time: number | null;
};

export const toKbps = (mbps: number): number => Math.round(mbps * 1000);
export const toMbps = (kbps: number): number => kbps / 1000;

export const burstFields = (burst: Burst | null): BurstFields => ({
  burst_download: burst && toMbps(burst.downKbps),
  burst_upload: burst && toMbps(burst.upKbps),
  burst_threshold_download: burst && toMbps(burst.downThresholdKbps),
  burst_threshold_upload: burst && toMbps(burst.upThresholdKbps),
  burst_time: burst === null ? null : burst.seconds,
});

/** The router takes all parts of a burst or none: its fields are positional. */
export function burstOf(plan: BurstFields): Burst | null {
  const { burst_download, burst_upload, burst_threshold_download, burst_threshold_upload, burst_time } = plan;
  const fields = { burst_download, burst_upload, burst_threshold_download, burst_threshold_upload, burst_time };
  const missing = Object.entries(fields).flatMap(([field, value]) => (value === null ? [field] : []));
  if (missing.length === Object.keys(fields).length) return null;
  if (
    burst_download === null ||
    burst_upload === null ||
    burst_threshold_download === null ||
    burst_threshold_upload === null ||
    burst_time === null
  ) {
    throw invalid(
      missing[0] ?? 'burst_time',
      'A burst needs its two speeds, its two thresholds and its time, or none of them.',
    );
  }
  return {
    downKbps: toKbps(burst_download),
    upKbps: toKbps(burst_upload),
    downThresholdKbps: toKbps(burst_threshold_download),
    upThresholdKbps: toKbps(burst_threshold_upload),
    seconds: burst_time,
  };
}
