import type { LinePolicy } from '#domain/line.ts';
import type { Language } from '#domain/reason.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';

/** A reading of the ledger older than this cuts nobody (spec B3). */
const evidenceMaxAgeMs = 60_000;

/** The part of a tenant's stored settings that decides. */
export function readPolicy(settings: unknown): LinePolicy & { readonly language: Language } {
  const { time_zone: zone, grace_days: graceDays, language } = readTenantSettings(settings);
  return { zone, graceDays, language, evidenceMaxAgeMs };
}
