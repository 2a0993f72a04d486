import { z } from '@hono/zod-openapi';
import { PageQuery, pageOf } from '#platform/routing.ts';
import { filledText } from '#platform/stored-text.ts';

const at = z.iso.datetime();
const of = z.enum(['line', 'customer']);
const State = z.enum(['running', 'kept', 'broken', 'withdrawn']);

export const NewPromise = z
  .strictObject({
    until: z.iso.date().openapi({ description: 'The last day of it, by the calendar of the tenant' }),
    note: filledText(500).openapi({ description: 'Who said what, for colleagues; never sent to anybody' }),
    of: of.default('line').openapi({ description: '`customer`: it holds for all lines of the customer' }),
  })
  .openapi('NewPromise', { example: { until: '2026-11-25', note: 'Salary comes on the 25th', of: 'line' } });
export type NewPromise = z.infer<typeof NewPromise>;

export const PromiseToPay = z
  .object({
    id: z.uuid(),
    customer: z.object({ id: z.uuid(), code: z.string(), name: z.string() }),
    subscription_id: z.uuid().nullable().openapi({ description: 'Null: it holds for all lines of the customer' }),
    until: z.iso.date(),
    note: z
      .string()
      .nullable()
      .openapi({ description: 'Null: the customer was erased, or its contact data are not for you' }),
    state: State.openapi({ description: '`kept`, `broken`: how it ended; `withdrawn`: a person took it back' }),
    recorded_by: z.uuid(),
    recorded_at: at,
    ended_at: at.nullable(),
  })
  .openapi('PromiseToPay', {
    example: {
      id: '7a0e3a58-5d8b-4f64-9b0c-0d6b2f6f5a10',
      customer: { id: '0f8fad5b-d9cb-469f-a165-70867728950e', code: 'KCB-CKP010225-001', name: 'Budi' },
      subscription_id: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
      until: '2026-11-25',
      note: 'Salary comes on the 25th',
      state: 'running',
      recorded_by: '16fd2706-8baf-433b-82eb-8c7fada847da',
      recorded_at: '2026-11-20T03:10:00.000Z',
      ended_at: null,
    },
  });
export type PromiseToPay = z.infer<typeof PromiseToPay>;

export const PromisePage = pageOf(PromiseToPay).openapi('PromisePage');
export type PromisePage = z.infer<typeof PromisePage>;
export const PromiseQuery = PageQuery.omit({ search: true }).extend({
  state: State.optional(),
  customer_id: z.uuid().optional(),
});
export type PromiseQuery = z.infer<typeof PromiseQuery>;

export const OneOfLine = z.object({ id: z.uuid(), promise_id: z.uuid() });
