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
    limit: count.openapi({ description: 'How many lines may be cut in that hour without a person' }),
  })
  .openapi('DryRun', {
    example: { at: '2026-12-20T17:01:00.000Z', cuts: [], restores: [], held: 0, held_lines: [], stopped: 0, limit: 20 },
  });
export type DryRun = z.infer<typeof DryRun>;
