import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import type { IntentKind } from '#domain/intents.ts';
import type { Dispatching } from '#outbox/dispatching.ts';

/**
 * Has intents of some lines go out now that were not tried yet, for what they named was not in the ledger: called in the
 * transaction that keeps its name. What failed otherwise waits on.
 */
export const hurry = (tx: Tx, tenantId: string, kinds: readonly IntentKind[], subscriptionIds: readonly string[]) =>
  sql`
    update outbox set next_at = now() where tenant_id = ${tenantId} and subscription_id = any(${subscriptionIds}::uuid[])
      and kind = any(${kinds}::text[]) and state = 'ready' and attempts = 0 and next_at > now()`.execute(tx);

/** Tells the lanes of it, after the commit. */
export const callLanes = ({ handing }: Dispatching): void => handing?.take({ claimed: [], isSomeLeft: true });
