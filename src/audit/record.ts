import { masked } from '#audit/mask.ts';
import type { Tx } from '#db/database.ts';
import { insertRows } from '#db/insert-rows.ts';
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
export const record = (tx: Tx, who: Recorder, change: Change): Promise<void> => recordAll(tx, [{ who, change }]);

/** The same of several, each in the name of its own. */
export const recordAll = (
  tx: Tx,
  deeds: readonly { readonly who: Recorder; readonly change: Change }[],
): Promise<void> =>
  insertRows(
    tx,
    'audit_logs',
    deeds.map(({ who: { tenantId, caller, address, correlationId }, change }) => ({
      tenant_id: tenantId,
      actor_kind: caller.scopes ? 'key' : 'user',
      actor_id: caller.userId,
      actor_role: caller.role,
      address,
      action: change.action,
      entity_type: change.entity,
      entity_id: change.id,
      changes: masked(change.entity, change.before ?? {}, change.after ?? {}),
      correlation_id: correlationId,
    })),
  );
