import { z } from '@hono/zod-openapi';
import { storedText } from '#platform/stored-text.ts';
import { intentKinds, rowId } from './schema.ts';

const at = z.iso.datetime({ offset: true });
const ids = z.array(rowId).min(1).max(1_000).optional();
const after = rowId.optional().openapi({ description: 'Go on behind this id: `next` of the answer before' });
/** Nobody means everything by an empty body. */
const all = z.literal(true).optional().openapi({ description: 'Everything that the tenant has' });

const namesSome = (asked: Readonly<Record<string, unknown>>): boolean =>
  Object.entries(asked).some(([field, value]) => field !== 'after' && value !== undefined);
const whatIsMissing = 'say which: ids, from and to, or all';

export const EventRange = z
  .strictObject({
    ids,
    from: at.optional().openapi({ description: 'Received then or later', example: '2026-11-20T00:00:00Z' }),
    to: at.optional().openapi({ description: 'Received before', example: '2026-11-21T00:00:00Z' }),
    doctype: storedText(140).optional(),
    state: z.enum(['done', 'dead']).optional(),
    all,
    after,
  })
  .refine(namesSome, whatIsMissing)
  .openapi('EventRange');
export type EventRange = z.infer<typeof EventRange>;

export const Replayed = z
  .object({
    replayed: z.number().int(),
    left_out: z.number().int().openapi({ description: 'Name no document, or none that the hub has a use for' }),
    next: rowId.nullable().openapi({ description: 'Ask again with `after` set to this; null: that was all' }),
  })
  .openapi('Replayed');
export type Replayed = z.infer<typeof Replayed>;

export const IntentRange = z
  .strictObject({
    ids,
    from: at.optional().openapi({ description: 'Made then or later', example: '2026-11-20T00:00:00Z' }),
    to: at.optional().openapi({ description: 'Made before', example: '2026-11-21T00:00:00Z' }),
    kind: z.enum(intentKinds).optional(),
    all,
    after,
  })
  .refine(namesSome, whatIsMissing)
  .openapi('IntentRange');
export type IntentRange = z.infer<typeof IntentRange>;

export const Retried = z
  .object({ retried: z.number().int(), next: rowId.nullable().openapi({ description: 'As in a replay' }) })
  .openapi('Retried');
export type Retried = z.infer<typeof Retried>;
