import { z } from 'zod';
import type { TenantSettingsChange } from '#platform/tenant-settings.ts';

const Stored = z.record(z.string(), z.unknown());

const brandingOf = (stored: unknown): Record<string, unknown> =>
  Stored.parse(Stored.parse(stored ?? {}).branding ?? {});

export const logoOf = (stored: unknown): string | null =>
  z.string().nullable().default(null).parse(brandingOf(stored).logo);

export const withLogo = (stored: unknown, logo: string | null): Record<string, unknown> => ({
  ...Stored.parse(stored ?? {}),
  branding: { ...brandingOf(stored), logo },
});

/** What is stored after a change: only what was ever set, so that a default may still become another one. */
export function merged(stored: unknown, change: TenantSettingsChange): Record<string, unknown> {
  const before = Stored.parse(stored ?? {});
  const within = (key: 'code_formats' | 'branding' | 'field_work' | 'commissions') =>
    change[key] && { [key]: { ...Stored.parse(before[key] ?? {}), ...change[key] } };
  return {
    ...before,
    ...change,
    ...within('code_formats'),
    ...within('branding'),
    ...within('field_work'),
    ...within('commissions'),
  };
}
