import { z } from '@hono/zod-openapi';
import { PageQuery, pageOf } from '#platform/routing.ts';
import { storedText } from '#platform/stored-text.ts';

const at = z.iso.datetime();

export const Schedule = z
  .object({
    name: z.string(),
    tenant_id: z.uuid().nullable().openapi({ description: "Null: the platform's own" }),
    cron: z.string().openapi({ description: 'Minute, hour, day, month, weekday on the clocks of `zone`' }),
    zone: z.string(),
    next_due_at: at,
    retry_at: at.nullable().openapi({ description: 'Of one whose last run failed' }),
    attempts: z.number().int(),
    is_running: z.boolean(),
    last_due_at: at.nullable(),
    last_run_at: at.nullable(),
    last_error: z.string().nullable(),
  })
  .openapi('Schedule', {
    example: {
      name: 'usage.count',
      tenant_id: '0f8fad5b-d9cb-469f-a165-70867728950e',
      cron: '30 1 * * *',
      zone: 'Asia/Jakarta',
      next_due_at: '2026-11-20T18:30:00.000Z',
      retry_at: null,
      attempts: 0,
      is_running: false,
      last_due_at: '2026-11-19T18:30:00.000Z',
      last_run_at: '2026-11-19T18:30:00.412Z',
      last_error: null,
    },
  });
export type Schedule = z.infer<typeof Schedule>;

export const SchedulePage = pageOf(Schedule).openapi('SchedulePage');
export type SchedulePage = z.infer<typeof SchedulePage>;

export const ScheduleQuery = PageQuery.omit({ search: true }).extend({
  name: storedText(60).optional(),
  tenant_id: z.uuid().optional(),
  failing: z.enum(['true', 'false']).optional(),
});
export type ScheduleQuery = z.infer<typeof ScheduleQuery>;
