import { z } from '@hono/zod-openapi';
import { stepNames } from './steps.ts';

const at = z.iso.datetime({ offset: true });

export const LatencyQuery = z.object({
  from: at.optional().openapi({ description: 'Decided then or later; left out: a day before `to`' }),
  to: at.optional().openapi({ description: 'Decided before; left out: now' }),
  nas_id: z.uuid().optional().openapi({ description: 'Acknowledged by this router' }),
});
export type LatencyQuery = z.infer<typeof LatencyQuery>;

const ms = z.number().nonnegative();
const Figures = z.object({
  step: z.enum(stepNames),
  count: z.number().int().openapi({ description: 'How many walked this step', example: 120 }),
  p50_ms: ms,
  p95_ms: ms,
  p99_ms: ms,
});

export const Latency = z
  .object({
    from: at,
    to: at,
    suspend: z.array(Figures).openapi({ description: 'From active to isolated or suspended' }),
    restore: z.array(Figures).openapi({ description: 'Back to active' }),
  })
  .openapi('Latency');
export type Latency = z.infer<typeof Latency>;
export type Figures = z.infer<typeof Figures>;
