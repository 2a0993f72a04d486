import type { Decided } from '#access/save-decisions.ts';
import type { Tx } from '#db/database.ts';
import { type Language, reasonText } from '#domain/reason.ts';
import { announceAll } from '#outbox/announce.ts';

/** Tells the tenant's other systems which lines are in another state now (spec X12). */
export const announceStates = (
  tx: Tx,
  tenantId: string,
  decided: readonly Decided[],
  language: Language,
): Promise<void> =>
  announceAll(
    tx,
    tenantId,
    decided
      .filter(({ line, decision }) => line.facts.present !== decision.desired.state)
      .map(({ line, decision, dirty }) => ({
        type: 'subscription.state_changed',
        data: {
          id: line.facts.subscriptionId,
          username: line.username,
          state: decision.desired.state,
          was: line.facts.present,
          reason: reasonText(decision.reason, language),
        },
        correlationId: dirty.correlationId,
      })),
  );
