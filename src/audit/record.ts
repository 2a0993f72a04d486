import { masked } from '#audit/mask.ts';
import type { Tx } from '#db/database.ts';
import type { Who } from '#platform/caller.ts';

/** What was done to one entity. `before` is left out where it was created, `after` where it was deleted. */
export type Change = {
  readonly action: 'create' | 'update' | 'delete' | 'reveal' | 'login' | 'logout' | 'run';
  /** The entity in the field's word and singular: `customer`, `service_plan`, `nas`. */
  readonly entity: string;
  readonly id: string;
  readonly before?: Readonly<Record<string, unknown>>;
  readonly after?: Readonly<Record<string, unknown>>;
};

/** Who, and whose trail it belongs to: that of the tenant that the entity is of; null: the platform's own. */
export type Recorder = Omit<Who, 'tenantId'> & { readonly tenantId: string | null };

/**
 * Notes in the caller's transaction what a person or a key did (spec V4). Only fields that differ are kept, and what is
 * secret or personal in them is masked. The entry is linked into its tenant's hash chain soon after the commit.
 */
export async function record(tx: Tx, who: Recorder, change: Change): Promise<void> {
  await tx
    .insertInto('audit_logs')
    .values({
      tenant_id: who.tenantId,
      actor_kind: who.caller.scopes ? 'key' : 'user',
      actor_id: who.caller.userId,
      actor_role: who.caller.role,
      address: who.address,
      action: change.action,
      entity_type: change.entity,
      entity_id: change.id,
      changes: JSON.stringify(masked(change.entity, change.before ?? {}, change.after ?? {})),
      correlation_id: who.correlationId,
    })
    .execute();
}
