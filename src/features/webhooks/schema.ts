import { z } from '@hono/zod-openapi';
import { announcedTypes } from '#domain/announcements.ts';
import { PageQuery, pageOf } from '#platform/routing.ts';
import { storedText } from '#platform/stored-text.ts';

const at = z.iso.datetime();
const partsOf = (text: string): URL | null => (URL.canParse(text) ? new URL(text) : null);
/** Whether a check of an address holds; what is no address at all is told by another check. */
const where = (text: string, holds: (url: URL) => boolean): boolean => {
  const parts = partsOf(text);
  return parts === null || holds(parts);
};

const endpointUrl = storedText(500)
  .refine(
    (text) => /^https?:$/.test(partsOf(text)?.protocol ?? ''),
    'must be an address such as https://isp.example/hook',
  )
  .refine((text) => where(text, (url) => url.username === '' && url.password === ''), 'must not carry a password')
  .refine((text) => where(text, (url) => url.hash === ''), 'must not have a fragment');

const EventTypes = z
  .array(z.enum(['*', ...announcedTypes]))
  .min(1)
  .max(announcedTypes.length + 1);

const fields = {
  url: endpointUrl.openapi({ example: 'https://isp.example/hooks/jembatan' }),
  description: storedText(500).openapi({ example: 'The app of our field team' }),
  event_types: EventTypes.openapi({
    example: ['customer.created', 'subscription.state_changed'],
    description: '`*`: all',
  }),
};

export const NewEndpoint = z
  .strictObject({ ...fields, description: fields.description.default(''), event_types: EventTypes.default(['*']) })
  .openapi('NewWebhookEndpoint', {
    example: {
      url: 'https://isp.example/hooks/jembatan',
      description: 'The app of our field team',
      event_types: ['customer.created'],
    },
  });
export type NewEndpoint = z.infer<typeof NewEndpoint>;

export const EndpointChange = z
  .strictObject({ ...fields, is_active: z.boolean() })
  .partial()
  .openapi('WebhookEndpointChange', { example: { is_active: true } });
export type EndpointChange = z.infer<typeof EndpointChange>;

const example = {
  id: '0b5c7f1e-3a2d-4e6f-9b8a-7c6d5e4f3a21',
  url: 'https://isp.example/hooks/jembatan',
  description: 'The app of our field team',
  event_types: ['customer.created'],
  is_active: true,
  disabled_at: null,
  disabled_reason: null,
  failing_since: null,
  created_at: '2026-01-05T02:00:00.000Z',
  updated_at: '2026-01-05T02:00:00.000Z',
};

const endpoint = z.object({
  id: z.uuid(),
  url: z.string(),
  description: z.string(),
  event_types: z.array(z.string()),
  is_active: z.boolean(),
  disabled_at: at.nullable(),
  disabled_reason: z.string().nullable().openapi({ description: 'Why it was turned off by itself' }),
  failing_since: at.nullable().openapi({ description: 'Since when it has done nothing but fail' }),
  created_at: at,
  updated_at: at,
});
export const Endpoint = endpoint.openapi('WebhookEndpoint', { example });
export type Endpoint = z.infer<typeof Endpoint>;
export const EndpointPage = pageOf(Endpoint).openapi('WebhookEndpointPage');

const shownSecret = z.string().openapi({ description: 'Told this once; the receiver verifies with it' });
export const EndpointWithSecret = endpoint.extend({ secret: shownSecret }).openapi('WebhookEndpointWithSecret', {
  example: { ...example, secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' },
});
export type EndpointWithSecret = z.infer<typeof EndpointWithSecret>;

export const EndpointQuery = PageQuery.extend({ is_active: z.enum(['true', 'false']).optional() });
export type EndpointQuery = z.infer<typeof EndpointQuery>;

const deliveryStates = ['pending', 'delivered', 'failed', 'cancelled'] as const;

export const Delivery = z
  .object({
    id: z.uuid(),
    endpoint_id: z.uuid(),
    webhook_id: z.string().openapi({ description: 'What the receiver sees as `webhook-id`' }),
    type: z.string(),
    state: z.enum(deliveryStates),
    attempts: z.number().int(),
    status_code: z.number().int().nullable(),
    error: z.string().nullable(),
    latency_ms: z.number().int().nullable(),
    created_at: at,
    last_attempt_at: at.nullable(),
    delivered_at: at.nullable(),
  })
  .openapi('WebhookDelivery', {
    example: {
      id: '5d3f9a7c-6b1e-4c2d-8f0a-1e2d3c4b5a69',
      endpoint_id: example.id,
      webhook_id: 'msg_8c1d2e3f-4a5b-4c6d-9e7f-0a1b2c3d4e5f',
      type: 'customer.created',
      state: 'delivered',
      attempts: 1,
      status_code: 204,
      error: null,
      latency_ms: 87,
      created_at: '2026-01-05T02:00:00.000Z',
      last_attempt_at: '2026-01-05T02:00:00.090Z',
      delivered_at: '2026-01-05T02:00:00.090Z',
    },
  });
export type Delivery = z.infer<typeof Delivery>;
export const DeliveryPage = pageOf(Delivery).openapi('WebhookDeliveryPage');

export const DeliveryQuery = PageQuery.extend({
  endpoint_id: z.uuid().optional(),
  state: z.enum(deliveryStates).optional(),
  type: z.enum(announcedTypes).optional(),
});
export type DeliveryQuery = z.infer<typeof DeliveryQuery>;

export const ReplayRange = z
  .strictObject({ from: z.iso.datetime({ offset: true }), to: z.iso.datetime({ offset: true }) })
  .refine(({ from, to }) => Date.parse(from) <= Date.parse(to), { path: ['to'], error: 'must not be before `from`' })
  .openapi('WebhookReplay', { example: { from: '2026-01-05T00:00:00Z', to: '2026-01-06T00:00:00Z' } });
export type ReplayRange = z.infer<typeof ReplayRange>;

export const Replayed = z
  .object({ replayed: z.number().int() })
  .openapi('WebhookReplayed', { example: { replayed: 12 } });
