import { z } from '@hono/zod-openapi';
import { accessStates } from '#domain/access.ts';
import { PageQuery, pageOf } from '#platform/routing.ts';
import { filledText, storedText } from '#platform/stored-text.ts';

const at = z.iso.datetime();
const State = z.enum(accessStates);

const Session = z
  .object({
    session_id: z.string(),
    nas_address: z.string(),
    framed_address: z.string().nullable(),
    calling_station_id: z.string().nullable(),
    started_at: at.nullable(),
    updated_at: at.nullable(),
    input_octets: z.number(),
    output_octets: z.number(),
    group: z.string().nullable().openapi({ description: 'The RADIUS group that it was let in under' }),
  })
  .openapi('RadiusSession');

export const Line = z
  .object({
    id: z.uuid(),
    customer: z.object({ id: z.uuid(), code: z.string(), name: z.string() }),
    service_plan: z.object({ id: z.uuid(), name: z.string() }),
    username: z.string().openapi({ example: 'CKP001' }),
    state: State,
    reason: z.string().nullable().openapi({ example: 'Tidak ada tagihan jatuh tempo.' }),
    reason_code: z.string().nullable().openapi({ example: 'nothing_due' }),
    generation: z.number().int().nullable(),
    applied_generation: z.number().int().nullable(),
    billing_mode: z.enum(['prepaid', 'postpaid']),
    due_date: z.number().int().openapi({ description: 'Day of the month', example: 20 }),
    next_due_date: z.iso.date(),
    monthly_fee: z.number().int(),
    mac: z.string().nullable(),
    router_id: z.uuid().nullable(),
    erp_subscription: z.string().nullable(),
    installed_at: at.nullable(),
    activated_at: at.nullable(),
    suspended_at: at.nullable(),
    terminated_at: at.nullable(),
    created_at: at,
  })
  .openapi('Subscription');
export type Line = z.infer<typeof Line>;

const Link = z.object({ kind: z.string(), value: z.string(), source: z.string(), recorded_at: at });

export const LineDetail = Line.extend({
  links: z.array(Link),
  online: z.array(Session).nullable().openapi({ description: 'Null: RADIUS did not answer; online_note says why' }),
  online_note: z.string().nullable(),
}).openapi('SubscriptionDetail');
export type LineDetail = z.infer<typeof LineDetail>;

export const LineQuery = PageQuery.extend({
  username: storedText(100).optional(),
  state: State.optional(),
  customer_id: z.uuid().optional(),
  sort: z.enum(['username', '-username', 'created_at', '-created_at']).default('created_at'),
});
export type LineQuery = z.infer<typeof LineQuery>;

export const SessionQuery = PageQuery.omit({ search: true }).extend({
  from: at.optional().openapi({ description: 'Sessions that were open then or later' }),
  to: at.optional().openapi({ description: 'Sessions that began before' }),
});
export type SessionQuery = z.infer<typeof SessionQuery>;

const octets = z.int().openapi({ description: 'Whole, beyond 4 GiB too (gigawords)' });

export const PastSession = z
  .object({
    id: z.string(),
    session_id: z.string(),
    started_at: at.nullable(),
    ended_at: at.nullable().openapi({ description: 'Null: it is open' }),
    last_seen_at: at.nullable().openapi({ description: 'The last word of it' }),
    seconds: z.int().nullable().openapi({ description: 'Until its end; of an open one until it was last seen' }),
    download_octets: octets,
    upload_octets: octets,
    nas_address: z.string(),
    framed_address: z.string().nullable(),
    calling_station_id: z.string().nullable().openapi({ description: 'The MAC of the modem' }),
    group: Session.shape.group,
    terminate_cause: z.string().nullable().openapi({ description: 'As the router spelt it' }),
    ended_because: z.string().nullable().openapi({ description: 'The cause in words, in the tenant’s language' }),
  })
  .openapi('PastSession', {
    example: {
      id: '4711',
      session_id: '8100000a',
      started_at: '2026-11-20T10:00:00.000Z',
      ended_at: '2026-11-20T17:01:00.000Z',
      last_seen_at: '2026-11-20T17:01:00.000Z',
      seconds: 25_260,
      download_octets: 12_884_902_388,
      upload_octets: 120_000_000,
      nas_address: '10.0.0.1',
      framed_address: '10.1.1.1',
      calling_station_id: 'AA:BB:CC:DD:EE:FF',
      group: 't1a2b3c4d:home-10',
      terminate_cause: 'Lost-Carrier',
      ended_because: 'Sambungan ke modem hilang.',
    },
  });
export type PastSession = z.infer<typeof PastSession>;
export const SessionPage = pageOf(PastSession).openapi('PastSessionPage');
export type SessionPage = z.infer<typeof SessionPage>;

const reason = filledText(500);

export const ByHand = z.object({ reason }).openapi('ByHand', { example: { reason: 'Moved house' } });
export const PlanMove = z.object({ service_plan_id: z.uuid(), reason }).openapi('PlanMove');
export const PasswordAsk = z.object({ action: z.enum(['reveal', 'rotate']) }).openapi('PasswordAsk');
export const PasswordAnswer = z.object({ username: z.string(), password: z.string() }).openapi('PppoePassword');

const Row = z.object({ attribute: z.string(), op: z.string(), value: z.string() });

export const Explanation = z
  .object({
    subscription_id: z.uuid(),
    username: z.string(),
    customer: Line.shape.customer,
    state: State,
    reason: z.string().nullable(),
    reason_code: z.string().nullable(),
    evidence: z.record(z.string(), z.unknown()),
    desired: z
      .object({
        state: State,
        group: z.string(),
        mac: z.string().nullable(),
        reply: z.array(Row),
        generation: z.number().int(),
        decided_at: at,
      })
      .nullable(),
    applied: z.object({
      generation: z.number().int().nullable(),
      applied_at: at.nullable(),
      rows: z
        .object({
          groups: z.array(z.string()),
          check: z.array(Row),
          reply: z.array(Row),
          foreign: z.object({ groups: z.array(z.string()), check: z.array(Row), reply: z.array(Row) }),
        })
        .nullable(),
      differences: z.array(z.string()).nullable().openapi({ description: 'Null: RADIUS did not answer' }),
      note: z.string().nullable(),
    }),
    sessions: z.array(Session).nullable(),
    sessions_note: z.string().nullable(),
    timeline: z.array(
      z.object({
        at,
        kind: z.string(),
        text: z.string(),
        correlation_id: z.string(),
        data: z.record(z.string(), z.unknown()),
      }),
    ),
  })
  .openapi('Explanation');
export type Explanation = z.infer<typeof Explanation>;
