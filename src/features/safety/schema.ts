import { z } from '@hono/zod-openapi';
import { PageQuery, pageOf } from '#platform/routing.ts';
import { filledText, storedText } from '#platform/stored-text.ts';

const at = z.iso.datetime();
const count = z.number().int();

export const Hold = z
  .object({
    id: z.uuid(),
    state: z.enum(['waiting', 'releasing', 'released', 'lapsed']),
    since: at,
    reason: z.string(),
    evidence: z.record(z.string(), z.unknown()),
    note: z.string().nullable().openapi({ description: 'Why a release stopped or was taken back' }),
    lines: z.object({ held: count, released: count, cut: count, spared: count }),
    asked_by: z.uuid().nullable().openapi({ description: 'Wants to release it; a second person must as well' }),
    released_by: z.uuid().nullable(),
    released_at: at.nullable(),
    ended_at: at.nullable(),
  })
  .openapi('Hold', {
    example: {
      id: '7a0e3a58-5d8b-4f64-9b0c-0d6b2f6f5a10',
      state: 'waiting',
      since: '2026-11-20T17:01:02.000Z',
      reason: 'More lines would be cut off in an hour than the limit of 20 allows.',
      evidence: { limit: 20, active: 140, cut_in_last_hour: 20, forecast: null, first_run: false },
      note: null,
      lines: { held: 35, released: 0, cut: 0, spared: 0 },
      asked_by: null,
      released_by: null,
      released_at: null,
      ended_at: null,
    },
  });
export type Hold = z.infer<typeof Hold>;

export const HoldPage = pageOf(Hold).openapi('HoldPage');
export type HoldPage = z.infer<typeof HoldPage>;
export const HoldQuery = PageQuery.omit({ search: true }).extend({ state: Hold.shape.state.optional() });
export type HoldQuery = z.infer<typeof HoldQuery>;

const Switch = z.object({ on: z.boolean(), reason: z.string(), changed_by: z.uuid(), changed_at: at }).nullable();

export const KillSwitch = z
  .object({
    on: z.boolean().openapi({ description: 'Nobody of this tenant is cut off just now' }),
    tenant: Switch,
    installation: Switch.openapi({ description: "The platform owner's, for every tenant" }),
  })
  .openapi('KillSwitch', { example: { on: false, tenant: null, installation: null } });
export type KillSwitch = z.infer<typeof KillSwitch>;

export const KillSwitchChange = z
  .object({ on: z.boolean(), reason: filledText(500) })
  .openapi('KillSwitchChange', { example: { on: true, reason: 'The bank has not sent its statement' } });
export type KillSwitchChange = z.infer<typeof KillSwitchChange>;

const what_if = z.strictObject({
  grace_days_plus: z.int().min(0).max(90).optional(),
  invoice_paid: storedText(140).optional(),
  ledger_unreachable: z.boolean().optional(),
});

export const DryRunAsk = z
  .strictObject({ at: z.iso.datetime({ offset: true }), what_if: what_if.optional() })
  .openapi('DryRunAsk', { example: { at: '2026-12-21T00:01:00+07:00', what_if: { grace_days_plus: 3 } } });
export type DryRunAsk = z.infer<typeof DryRunAsk>;

const Planned = z.object({
  subscription_id: z.uuid(),
  username: z.string(),
  customer: z.object({ id: z.uuid(), code: z.string(), name: z.string() }),
  reason: z.string(),
  reason_code: z.string(),
});

export const DryRun = z
  .object({
    at,
    cuts: z.array(Planned),
    restores: z.array(Planned),
    held: count.openapi({ description: 'Lines that owe, and that the safety brake would keep online' }),
    held_lines: z.array(Planned),
    stopped: count.openapi({ description: 'Lines that owe, and that the kill switch keeps online' }),
    spared: z.array(Planned).openapi({
      description: 'Lines that owe, and stay online by a promise, the no-cut calendar, or for want of a notice',
    }),
    limit: count.openapi({ description: 'How many lines may be cut in that hour without a person' }),
  })
  .openapi('DryRun', {
    example: {
      at: '2026-12-20T17:01:00.000Z',
      cuts: [],
      restores: [],
      held: 0,
      held_lines: [],
      stopped: 0,
      spared: [],
      limit: 20,
    },
  });
export type DryRun = z.infer<typeof DryRun>;

const Lines = z.array(z.uuid()).min(1).max(5_000);

export const CutNotice = z
  .object({
    subscription_id: z.uuid(),
    username: z.string(),
    customer: z.object({ id: z.uuid(), code: z.string(), name: z.string() }),
    invoice: z.string(),
    amount: z.number().int(),
    due_date: z.iso.date(),
    state: z.enum(['wanted', 'queued', 'delivered', 'undeliverable', 'overridden']),
    at: at.openapi({ description: 'Since when it is so' }),
    detail: z.string().nullable().openapi({ description: 'Why it was not delivered, or why a person went without it' }),
    message_id: z.uuid().nullable(),
  })
  .openapi('CutNotice', {
    example: {
      subscription_id: '0f8fad5b-d9cb-469f-a165-70867728950e',
      username: 'CKP123',
      customer: { id: '7a0e3a58-5d8b-4f64-9b0c-0d6b2f6f5a10', code: 'KCB-CKP010225-001', name: 'Budi' },
      invoice: 'ACC-SINV-2026-00042',
      amount: 150_000,
      due_date: '2026-11-20',
      state: 'undeliverable',
      at: '2026-11-19T14:01:09.000Z',
      detail: 'the customer has no e-mail address',
      message_id: null,
    },
  });
export type CutNotice = z.infer<typeof CutNotice>;
export const CutNoticePage = pageOf(CutNotice).openapi('CutNoticePage');
export type CutNoticePage = z.infer<typeof CutNoticePage>;
export const CutNoticeQuery = PageQuery.omit({ search: true }).extend({
  state: CutNotice.shape.state.optional(),
  subscription_id: z.uuid().optional(),
});
export type CutNoticeQuery = z.infer<typeof CutNoticeQuery>;

export const Override = z
  .strictObject({
    reason: filledText(500),
    subscription_ids: Lines.optional().openapi({ description: 'Left out: every line that waits for a notice now' }),
  })
  .openapi('CutNoticeOverride', { example: { reason: 'Told by telephone' } });
export type Override = z.infer<typeof Override>;
export const Overridden = z
  .object({ lines: count, bills: count })
  .openapi('CutNoticesOverridden', { example: { lines: 3, bills: 3 } });
export type Overridden = z.infer<typeof Overridden>;

const Waiting = z.record(z.string(), count).openapi({
  description: 'Lines that owe and are online all the same, by the code of the reason',
});

export const SafetyStatus = z
  .object({
    kill_switch: KillSwitch,
    open_holds: count.openapi({
      description: 'Engagements of the brake that wait for a person, or are being released',
    }),
    waiting: Waiting,
    promises_running: count,
    no_cut_until: at
      .nullable()
      .openapi({ description: 'Nobody is newly cut before then; null: cuts are permitted now' }),
    source: z
      .object({ rows: count, expected: count, read_at: at, has_shrunk: z.boolean() })
      .nullable()
      .openapi({ description: 'How many subscriptions the ledger lists, and listed a day ago' }),
  })
  .openapi('SafetyStatus', {
    example: {
      kill_switch: { on: false, tenant: null, installation: null },
      open_holds: 0,
      waiting: { promised: 2, awaiting_notice: 1 },
      promises_running: 2,
      no_cut_until: null,
      source: { rows: 812, expected: 812, read_at: '2026-11-20T17:00:41.000Z', has_shrunk: false },
    },
  });
export type SafetyStatus = z.infer<typeof SafetyStatus>;
