import { z } from '@hono/zod-openapi';
import type { IntentKind } from '#domain/intents.ts';
import { PageQuery } from '#platform/routing.ts';
import { storedText } from '#platform/stored-text.ts';

const at = z.iso.datetime();
/** Ids of deliveries and intents: whole numbers, as text. */
export const rowId = z
  .string()
  .regex(/^\d{1,18}$/, 'must be a number')
  .openapi({ example: '42' });

export const RowParam = z.object({ id: rowId });

const eventStates = ['new', 'done', 'ignored', 'dead'] as const;

export const Event = z
  .object({
    id: rowId.openapi({ example: '42' }),
    source: z.string().openapi({ example: 'erpnext' }),
    state: z.enum(eventStates),
    doctype: z.string().openapi({ example: 'Sales Invoice' }),
    name: z.string().openapi({ example: 'ACC-SINV-2026-00001' }),
    event: z.string().openapi({ example: 'on_change' }),
    modified: z.string(),
    error: z.string().nullable(),
    correlation_id: z.string(),
    received_at: at,
    consumed_at: at.nullable(),
  })
  .openapi('Event');
export type Event = z.infer<typeof Event>;

export const EventQuery = PageQuery.extend({
  state: z.enum(eventStates).optional(),
  doctype: storedText(140).optional(),
});
export type EventQuery = z.infer<typeof EventQuery>;

const intentStates = ['ready', 'running', 'done', 'superseded', 'dead'] as const;
/** A kind that the hub has and this has not does not compile: it could not be asked for. */
const everyKind: Readonly<Record<IntentKind, true>> = {
  'access.apply': true,
  'group.apply': true,
  'nas.apply': true,
  'nas.remove': true,
  'tenant.apply': true,
  'tenant.remove': true,
  'sessions.change': true,
  'sessions.drop': true,
  'sessions.refresh': true,
  'session.close': true,
  'user.describe': true,
  'ledger.username': true,
  'ledger.customer': true,
  'ledger.subscription': true,
  'ledger.payment': true,
  'ledger.invoice': true,
  'ledger.modem': true,
  'asset.move': true,
  'asset.label': true,
  'scan.resume': true,
  'scan.watch': true,
  'ledger.salary': true,
  'ledger.payout': true,
  'commission.settle': true,
  'ledger.checkin': true,
  'message.send': true,
  'webhook.deliver': true,
};

export const intentKinds = Object.keys(everyKind) as [IntentKind, ...IntentKind[]];

export const OutboxRow = z
  .object({
    id: rowId.openapi({ example: '43' }),
    kind: z.string().openapi({ example: 'access.apply' }),
    key: z.string().openapi({ description: 'The username, group or document that it is about' }),
    subscription_id: z.uuid().nullable(),
    intent: z.record(z.string(), z.unknown()).openapi({ description: 'Without its secrets' }),
    generation: z.number().int(),
    urgency: z.number().int().openapi({ description: '0 goes first' }),
    state: z.enum(intentStates),
    attempts: z.number().int(),
    next_at: at,
    error: z.string().nullable(),
    correlation_id: z.string(),
    created_at: at,
    finished_at: at.nullable(),
  })
  .openapi('OutboxRow');
export type OutboxRow = z.infer<typeof OutboxRow>;

export const OutboxQuery = PageQuery.extend({
  state: z.enum(intentStates).optional(),
  kind: z.enum(intentKinds).optional(),
  subscription_id: z.uuid().optional(),
});
export type OutboxQuery = z.infer<typeof OutboxQuery>;
