import { z } from '@hono/zod-openapi';
import { PageQuery, pageOf } from '#platform/routing.ts';

const uuid = z.uuid();
/** The day after it has to be a day of four digits as well. */
const day = z.iso.date().refine((text) => text < '9999', 'is too far ahead');
const month = z.string().regex(/^20\d{2}-(0[1-9]|1[0-2])$/, 'must be a month such as 2026-11');
const money = z.int().openapi({ description: 'In the minor unit' });
const technician = '16fd2706-8baf-433b-82eb-8c7fada847da';

export const FigureQuery = z.object({
  from: day.openapi({ description: 'The first day, by the calendar of the tenant', example: '2026-11-01' }),
  to: day.openapi({ description: 'The last day', example: '2026-11-30' }),
});
export type FigureQuery = z.infer<typeof FigureQuery>;

const Figures = z.object({
  technician_id: uuid,
  name: z.string(),
  installs: z.int(),
  repairs: z.int().openapi({ description: 'Repairs and replacements' }),
  others: z.int(),
  failures: z.int().openapi({ description: 'How often the technician came away without having done it' }),
  resolve_minutes_median: z.int().nullable().openapi({ description: 'From the order to the work done' }),
  resolve_minutes_p90: z.int().nullable(),
  on_time_percent: z
    .int()
    .nullable()
    .openapi({ description: 'Of those with a day: done by the end of it; null: none had' }),
  accepted_installs: z.int().openapi({ description: 'Those that the office has accepted' }),
  incentive: money,
});

export const TechnicianFigures = z.object({ from: day, to: day, data: z.array(Figures) }).openapi('TechnicianFigures', {
  example: {
    from: '2026-11-01',
    to: '2026-11-30',
    data: [
      {
        technician_id: technician,
        name: 'Dewi',
        installs: 21,
        repairs: 12,
        others: 1,
        failures: 2,
        resolve_minutes_median: 1_210,
        resolve_minutes_p90: 3_005,
        on_time_percent: 91,
        accepted_installs: 20,
        incentive: 1_000_000,
      },
    ],
  },
});
export type TechnicianFigures = z.infer<typeof TechnicianFigures>;

export const Incentive = z
  .object({
    id: uuid,
    month,
    technician_id: uuid,
    technician_name: z.string(),
    installs: z.int(),
    rate: money,
    amount: money,
    state: z.enum(['kept', 'waiting', 'pushed', 'refused']).openapi({
      description: '`kept`: here alone; `waiting`, `pushed`, `refused`: in the payroll of ERPNext',
    }),
    erp_employee: z.string().nullable(),
    erp_salary: z.string().nullable(),
    error: z.string().nullable(),
    counted_at: z.iso.datetime(),
  })
  .openapi('Incentive', {
    example: {
      id: '9a7c1c52-9d6e-4b57-8a51-4a2c3f1f0b11',
      month: '2026-10',
      technician_id: technician,
      technician_name: 'Dewi',
      installs: 20,
      rate: 50_000,
      amount: 1_000_000,
      state: 'pushed',
      erp_employee: 'HR-EMP-00012',
      erp_salary: 'HR-ADS-26-11-00003',
      error: null,
      counted_at: '2026-11-02T02:00:00.000Z',
    },
  });
export type Incentive = z.infer<typeof Incentive>;
export const IncentivePage = pageOf(Incentive).openapi('IncentivePage');
export const IncentiveQuery = PageQuery.omit({ search: true }).extend({
  month: month.optional(),
  technician_id: uuid.optional(),
});
export type IncentiveQuery = z.infer<typeof IncentiveQuery>;

export const MonthParam = z.object({ month: month.openapi({ example: '2026-10' }) });
export const Counted = z
  .object({ month, data: z.array(Incentive) })
  .openapi('CountedIncentives', { example: { month: '2026-10', data: [] } });
export type Counted = z.infer<typeof Counted>;
