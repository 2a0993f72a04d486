import type { BrakeLimits } from '#decide/brake.ts';
import { isolationOf } from '#domain/dunning.ts';
import type { LinePolicy } from '#domain/line.ts';
import type { Language } from '#domain/reason.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';

/** A reading of the ledger older than this cuts nobody (spec B3). */
const evidenceMaxAgeMs = 60_000;

/** The part of a tenant's stored settings that decides. */
export function readPolicy(
  settings: unknown,
): LinePolicy & { readonly language: Language; readonly brake: BrakeLimits } {
  const { time_zone: zone, grace_days: graceDays, language, ...set } = readTenantSettings(settings);
  const brake = { percent: set.brake_percent, minimum: set.brake_minimum };
  const { no_cut: noCut, notice_hours: noticeHours } = set;
  const isolation = isolationOf(set.dunning.steps);
  return { zone, graceDays, isolation, language, evidenceMaxAgeMs, noCut, noticeHours, brake };
}
