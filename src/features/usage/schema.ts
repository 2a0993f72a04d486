import { z } from '@hono/zod-openapi';
import { filledText } from '#platform/stored-text.ts';

const octets = z.number().int().nonnegative();
const traffic = { upload_octets: octets, download_octets: octets };
const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'must be a month such as 2026-11');
const at = z.iso.datetime();

export const LineUsageQuery = z.object({
  from: z.iso.date().optional().openapi({ description: 'First day; the first of this month when left out' }),
  to: z.iso.date().optional().openapi({ description: 'Last day; today when left out. At most 400 days' }),
});
export type LineUsageQuery = z.infer<typeof LineUsageQuery>;

const Quota = z.object({
  quota_octets: octets,
  used_octets: octets,
  action: z.enum(['isolate', 'throttle']).nullable().openapi({ description: 'Null: nothing happens beyond it' }),
  begins_anew_at: at,
});

export const LineUsage = z
  .object({
    subscription_id: z.uuid(),
    from: z.iso.date(),
    to: z.iso.date(),
    ...traffic,
    days: z.array(z.object({ day: z.iso.date(), ...traffic })).openapi({ description: 'Days with traffic' }),
    periods: z
      .array(z.object({ month, ...traffic }))
      .openapi({ description: 'The months of those days, each as far as its days were asked for' }),
    quota: Quota.nullable().openapi({ description: 'Of this month; null: the plan has none' }),
    valid_until: at.nullable().openapi({ description: 'Null: the line renews by invoice' }),
    counted_at: at.nullable().openapi({ description: 'When accounting was last read; null: never yet' }),
  })
  .openapi('SubscriptionUsage', {
    example: {
      subscription_id: '0f8fad5b-d9cb-469f-a165-70867728950e',
      from: '2026-11-01',
      to: '2026-11-21',
      upload_octets: 2_000_000_000,
      download_octets: 30_000_000_000,
      days: [{ day: '2026-11-20', upload_octets: 2_000_000_000, download_octets: 30_000_000_000 }],
      periods: [{ month: '2026-11', upload_octets: 2_000_000_000, download_octets: 30_000_000_000 }],
      quota: {
        quota_octets: 300_000_000_000,
        used_octets: 32_000_000_000,
        action: 'throttle',
        begins_anew_at: '2026-11-30T17:00:00.000Z',
      },
      valid_until: null,
      counted_at: '2026-11-21T03:00:00.000Z',
    },
  });
export type LineUsage = z.infer<typeof LineUsage>;

export const Validity = z
  .object({
    valid_until: at.nullable().openapi({ description: 'Null: the line renews by invoice again' }),
    reason: filledText(500),
  })
  .openapi('Validity', { example: { valid_until: '2026-12-21T17:00:00.000Z', reason: 'Voucher 30 days' } });
export type Validity = z.infer<typeof Validity>;
