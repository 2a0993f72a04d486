import { z } from '@hono/zod-openapi';
import { driftKinds, reconcileScopes } from '#domain/drift.ts';
import { PageQuery, pageOf } from '#platform/routing.ts';

const at = z.iso.datetime();

export const NewReconciliation = z
  .strictObject({
    scope: z
      .enum(reconcileScopes)
      .default('all')
      .openapi({ description: 'What is looked at; `all` is the three others' }),
  })
  .openapi('NewReconciliation', { example: { scope: 'radius' } });
export type NewReconciliation = z.infer<typeof NewReconciliation>;

const runStates = ['waiting', 'running', 'done', 'failed'] as const;

export const Reconciliation = z
  .object({
    id: z.uuid(),
    scope: z.enum(reconcileScopes),
    state: z.enum(runStates),
    asked_by: z.string().openapi({ description: "A user's or a key's id; `schedule` or `command`: the hub's own" }),
    asked_at: at,
    started_at: at.nullable(),
    finished_at: at.nullable(),
    checked: z.number().int().openapi({ description: 'Lines that were compared with RADIUS' }),
    found: z.record(z.string(), z.number().int()).openapi({ description: 'Differences by kind' }),
    error: z.string().nullable().openapi({ description: 'Why it failed; nothing is concluded from it then' }),
  })
  .openapi('Reconciliation', {
    example: {
      id: '0f8fad5b-d9cb-469f-a165-70867728950e',
      scope: 'all',
      state: 'done',
      asked_by: 'schedule',
      asked_at: '2026-11-20T03:10:00.000Z',
      started_at: '2026-11-20T03:10:00.412Z',
      finished_at: '2026-11-20T03:10:01.003Z',
      checked: 812,
      found: { wrong_group: 1 },
      error: null,
    },
  });
export type Reconciliation = z.infer<typeof Reconciliation>;

export const Drift = z
  .object({
    id: z.uuid(),
    kind: z.enum(driftKinds),
    subject: z.string().openapi({ description: 'The username, or the group' }),
    subscription_id: z.uuid().nullable(),
    was: z.string().openapi({ description: 'What was found; passwords are not shown' }),
    should_be: z.string(),
    why: z.string(),
    action: z.enum(['repaired', 'reported', 'adopted']).openapi({
      description:
        'What was done: `repaired` sent what stands once more, and `resolved_at` says that it was seen to hold',
    }),
    since: at.openapi({ description: 'When it was still right, as far as is known' }),
    found_at: at,
    times: z.number().int().openapi({ description: 'How many runs found it' }),
    resolved_at: at.nullable(),
    reconciliation_id: z.uuid(),
  })
  .openapi('Drift', {
    example: {
      id: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
      kind: 'wrong_group',
      subject: 'ckp123',
      subscription_id: '0f8fad5b-d9cb-469f-a165-70867728950e',
      was: 't1a2b3c4d:home-50, priority 1',
      should_be: 't1a2b3c4d:isolir, priority 1',
      why: 'Somebody else changed its group in RADIUS.',
      action: 'repaired',
      since: '2026-11-20T03:00:00.000Z',
      found_at: '2026-11-20T03:10:00.500Z',
      times: 1,
      resolved_at: '2026-11-20T03:20:00.480Z',
      reconciliation_id: '0f8fad5b-d9cb-469f-a165-70867728950e',
    },
  });
export type Drift = z.infer<typeof Drift>;

export const ReconciliationPage = pageOf(Reconciliation).openapi('ReconciliationPage');
export const DriftPage = pageOf(Drift).openapi('DriftPage');

export const ReconciliationQuery = PageQuery.omit({ search: true }).extend({
  state: z.enum(runStates).optional(),
  scope: z.enum(reconcileScopes).optional(),
});
export type ReconciliationQuery = z.infer<typeof ReconciliationQuery>;

export const DriftQuery = PageQuery.extend({
  kind: z.enum(driftKinds).optional(),
  open: z.enum(['true', 'false']).optional(),
  subscription_id: z.uuid().optional(),
  reconciliation_id: z.uuid().optional(),
});
export type DriftQuery = z.infer<typeof DriftQuery>;
