import { z } from '@hono/zod-openapi';
import { accessStates } from '#domain/access.ts';

const count = z.number().int().min(0);

export const CustomerStatistics = z
  .object({ total: count, by_status: z.record(z.string(), count) })
  .openapi('CustomerStatistics', {
    example: { total: 3, by_status: Object.fromEntries(accessStates.map((state, i) => [state, i === 1 ? 3 : 0])) },
  });

const Change = z.object({
  at: z.iso.datetime(),
  kind: z.string().openapi({ example: 'decision' }),
  state: z.string().nullable().openapi({ example: 'isolated' }),
  was: z.string().nullable(),
  text: z.string(),
  by: z.string().nullable().openapi({ description: 'The person who did it', example: 'Sari' }),
  cause: z.string().nullable().openapi({ description: 'The event that it followed from', example: 'the clock' }),
  correlation_id: z.string(),
});

export const CustomerHistory = z
  .object({
    subscriptions: z.array(z.object({ subscription_id: z.uuid(), username: z.string(), changes: z.array(Change) })),
    positions: z.array(
      z.object({
        latitude: z.number(),
        longitude: z.number(),
        recorded_by: z.uuid(),
        recorded_at: z.iso.datetime(),
      }),
    ),
  })
  .openapi('CustomerHistory');

export const RevealAsk = z
  .object({ field: z.enum(['national_id', 'phone']) })
  .openapi('RevealAsk', { example: { field: 'national_id' } });
export const Revealed = z
  .object({ field: z.enum(['national_id', 'phone']), value: z.string() })
  .openapi('Revealed', { example: { field: 'national_id', value: '3215012345670001' } });

/** As it is held, in the words of the tables: for the person, not for programs. */
export const PersonalData = z
  .record(z.string(), z.unknown())
  .openapi('PersonalData', { example: { customer: { name: 'Budi' }, subscriptions: [], positions: [], leads: [] } });
