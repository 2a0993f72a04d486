import { z } from '@hono/zod-openapi';
import { PageQuery, pageOf } from '#platform/routing.ts';

const count = z.number().int().nonnegative();
const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'must be a month such as 2026-11');

export const Usage = z
  .object({
    tenant_id: z.uuid(),
    month,
    subscribers_peak: count.openapi({ description: 'The most lines that were not terminated at one time' }),
    subscribers_end: count.openapi({ description: 'At the end of the month, or now' }),
    active_end: count.openapi({ description: 'Lines in state `active` when it was last counted in that month' }),
    events: count.openapi({ description: 'Deliveries that came in' }),
    messages: count.openapi({ description: 'Messages that went out' }),
    counted_at: z.iso.datetime(),
  })
  .openapi('Usage', {
    example: {
      tenant_id: '0f8fad5b-d9cb-469f-a165-70867728950e',
      month: '2026-11',
      subscribers_peak: 812,
      subscribers_end: 807,
      active_end: 790,
      events: 5120,
      messages: 1644,
      counted_at: '2026-11-20T18:30:00.000Z',
    },
  });
export type Usage = z.infer<typeof Usage>;

export const UsagePage = pageOf(Usage).openapi('UsagePage');
export type UsagePage = z.infer<typeof UsagePage>;

export const MonthQuery = z.object({ month });
export const UsageQuery = PageQuery.omit({ search: true }).extend({ month });
export type UsageQuery = z.infer<typeof UsageQuery>;
