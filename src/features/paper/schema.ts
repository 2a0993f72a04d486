import { z } from '@hono/zod-openapi';

const language = z.enum(['id', 'en']).optional().openapi({ description: "Left out: the tenant's own" });
export const PaperQuery = z.object({ language });
export type PaperQuery = z.infer<typeof PaperQuery>;

export const StatementQuery = z.object({
  from: z.iso.date().optional().openapi({ description: 'Left out: the first day of the month of `to`' }),
  to: z.iso.date().optional().openapi({ description: 'Left out: today' }),
  language,
});
export type StatementQuery = z.infer<typeof StatementQuery>;
