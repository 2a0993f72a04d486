import { z } from '@hono/zod-openapi';
import { PageQuery, pageOf } from '#platform/routing.ts';
import { storedText } from '#platform/stored-text.ts';

const at = z.iso.datetime();
const Changed = z.object({ old: z.unknown(), new: z.unknown() });

export const AuditEntry = z
  .object({
    id: z.string(),
    at,
    action: z.string(),
    entity_type: z.string(),
    entity_id: z.string(),
    actor: z.object({
      kind: z.enum(['user', 'key']),
      id: z.uuid(),
      role: z.string(),
      name: z.string().nullable().openapi({ description: 'As it is today; null: a key, or somebody who is gone' }),
    }),
    address: z.string(),
    changes: z
      .record(z.string(), Changed)
      .openapi({ description: 'Fields that differ; secrets and personal data as `***`' }),
    correlation_id: z.string(),
    tenant_id: z.uuid().nullable().openapi({ description: 'Null: on the platform itself' }),
    linked: z.boolean().openapi({ description: 'Whether it stands in the hash chain yet; within a second it does' }),
  })
  .openapi('AuditEntry', {
    example: {
      id: '42',
      at: '2026-11-20T03:00:00.000Z',
      action: 'update',
      entity_type: 'service_plan',
      entity_id: '0f8fad5b-d9cb-469f-a165-70867728950e',
      actor: { kind: 'user', id: '7c9e6679-7425-40de-944b-e07fc1f90ae7', role: 'admin', name: 'Sari' },
      address: '192.0.2.7',
      changes: { price: { old: '150000', new: '175000' } },
      correlation_id: '6fa459ea-ee8a-4ca4-894e-db77e160355e',
      tenant_id: 'd9428888-122b-41e1-b85c-61cb6f5b6f7a',
      linked: true,
    },
  });
export type AuditEntry = z.infer<typeof AuditEntry>;

export const AuditPage = pageOf(AuditEntry).openapi('AuditPage');
export type AuditPage = z.infer<typeof AuditPage>;

const instant = z.iso.datetime({ offset: true });

/** `from` belongs to the time asked for, `to` does not. `search` looks in the act, the entity and the correlation id. */
export const AuditQuery = PageQuery.extend({
  actor_id: z.uuid().optional(),
  action: storedText(40).optional(),
  entity_type: storedText(60).optional(),
  entity_id: storedText(200).optional(),
  from: instant.optional().openapi({ example: '2026-11-01T00:00:00Z' }),
  to: instant.optional().openapi({ example: '2026-12-01T00:00:00Z' }),
  sort: z.enum(['at', '-at']).default('-at'),
});
export type AuditQuery = z.infer<typeof AuditQuery>;
