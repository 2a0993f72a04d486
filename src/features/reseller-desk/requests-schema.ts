import { z } from '@hono/zod-openapi';
import { requestKinds, requestStates } from '#domain/reseller-request.ts';
import { PageQuery, pageOf } from '#platform/routing.ts';
import { filledText } from '#platform/stored-text.ts';

const at = z.iso.datetime();
const kind = z.enum(requestKinds);
const state = z.enum(requestStates).openapi({ description: 'open: the provider’s turn; answered: the reseller’s' });
const Named = z.object({ id: z.uuid(), name: z.string() });
const text = filledText(2_000).openapi({ example: 'Modem menyala merah sejak pagi' });

export const NewRequest = z
  .object({ kind, text, customer_id: z.uuid().nullable().default(null) })
  .openapi('NewResellerRequest', { example: { kind: 'no_internet', text: 'Modem menyala merah sejak pagi' } });
export type NewRequest = z.infer<typeof NewRequest>;

export const NewMessage = z.object({ text }).openapi('NewRequestMessage', { example: { text: 'Sudah menyala lagi' } });
export type NewMessage = z.infer<typeof NewMessage>;

const example = {
  id: '3f0c2a52-6a55-4f5e-9d2e-7c1f0b6f1a10',
  kind: 'no_internet' as const,
  state: 'open' as const,
  reseller: { id: '7c9e6679-7425-40de-944b-e07fc1f90ae7', name: 'Toko Sari' },
  customer: { id: '0f8fad5b-d9cb-469f-a165-70867728950e', name: 'Budi Santoso' },
  text: 'Modem menyala merah sejak pagi',
  created_at: '2026-11-21T03:00:00.000Z',
  updated_at: '2026-11-21T03:00:00.000Z',
};

export const ResellerRequest = z
  .object({
    id: z.uuid(),
    kind,
    state,
    reseller: Named,
    customer: Named.nullable(),
    text: z.string().openapi({ description: 'What it began with' }),
    created_at: at,
    updated_at: at,
  })
  .openapi('ResellerRequest', { example });
export type ResellerRequest = z.infer<typeof ResellerRequest>;
export const RequestPage = pageOf(ResellerRequest).openapi('ResellerRequestPage');

const Message = z.object({
  id: z.uuid(),
  by: z.enum(['reseller', 'provider']),
  name: z.string(),
  text: z.string(),
  at,
});
export const RequestThread = ResellerRequest.extend({
  messages: z.array(Message).openapi({ description: 'The oldest first' }),
}).openapi('ResellerRequestThread', {
  example: {
    ...example,
    messages: [
      {
        id: '16fd2706-8baf-433b-82eb-8c7fada847da',
        by: 'reseller',
        name: 'Sari',
        text: example.text,
        at: example.created_at,
      },
    ],
  },
});
export type RequestThread = z.infer<typeof RequestThread>;

export const RequestQuery = PageQuery.omit({ search: true }).extend({
  state: state.optional(),
  reseller_id: z.uuid().optional(),
  customer_id: z.uuid().optional(),
});
export type RequestQuery = z.infer<typeof RequestQuery>;
