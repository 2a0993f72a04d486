import type { Operation } from '#db/asset-operation.ts';
import type { Database, Tx } from '#db/database.ts';
import { appendTimeline } from '#db/timeline.ts';
import type { Appended, Handing } from '#outbox/append.ts';
import type { AppendMessage } from '#outbox/append-message.ts';
import type { AskedHere } from '#outbox/asked-here.ts';
import type { Claimed, Verdict } from '#outbox/claim.ts';
import type { ForeseenMoves } from '#outbox/foreseen-moves.ts';
import type { Pacing } from '#outbox/nas-pace.ts';
import type { Log } from '#platform/log.ts';
import type { TenantVault } from '#platform/secrets.ts';
import type { UnsubscribeLinks } from '#platform/unsubscribe-links.ts';
import type { AssetFailure, AssetTracker, TrackedAsset } from '#ports/asset-tracker/port.ts';
import type { Enforcer, EnforcerFailure } from '#ports/enforcer/port.ts';
import type { Ledger } from '#ports/ledger/port.ts';
import type { Notifier } from '#ports/notifier/port.ts';
import type { WebhookSender } from '#ports/webhook-sender/port.ts';

/** What messages to people are sent with. */
export type Mailing = {
  /** The tenant's own carrier, else the installation's; null while there is neither. */
  readonly notifierOf: (tenantId: string) => Promise<Notifier | null>;
  readonly unsubscribeLinks: UnsubscribeLinks;
};

/** What other systems are told with. */
export type Hooking = { readonly sender: WebhookSender; readonly appendMessage: AppendMessage };

/**
 * What became of an operation on a unit at its tracker. `waits`: nobody knows yet, and it is tried again; `held`: a person
 * must look.
 */
export type MoveOutcome =
  | { readonly state: 'done'; readonly asset: TrackedAsset }
  | { readonly state: 'waits'; readonly detail: string }
  | {
      readonly state: 'refused' | 'held';
      readonly failure: AssetFailure;
      /** The unit as the tracker has it, where that is known. */
      readonly found: TrackedAsset | null;
    };

/** Whose the units are. */
export type Stocking = {
  readonly trackerOf: (tenantId: string) => Promise<AssetTracker>;
  readonly askedHere: AskedHere;
  readonly foreseen: ForeseenMoves;
  /** What follows from a move, in the transaction that settles its intent (journeys/scans). */
  readonly moved: (
    tx: Tx,
    tenantId: string,
    operation: Operation,
    outcome: MoveOutcome,
    handing: Handing | null,
  ) => Promise<Appended | null>;
  /** Judges scans again that waited for a unit; does nothing twice. */
  readonly resume: (tenantId: string, assetId: string, handing: Handing | null) => Promise<void>;
};

/** What the dispatchers work with. The ports are the tenant's own; null while it has none. */
export type Dispatching = {
  readonly db: Database;
  readonly log: Log;
  readonly vaultOf: (tenantId: string) => Promise<TenantVault>;
  readonly enforcerOf: (tenantId: string) => Promise<Enforcer | null>;
  readonly ledgerOf: (tenantId: string) => Promise<Ledger | null>;
  readonly mail: Mailing;
  readonly hooks: Hooking;
  readonly stock: Stocking;
  /** Makes what resellers earn by a customer's money what it should be (journeys/settle-commission.ts). */
  readonly settleCommission: (tx: Tx, tenantId: string, customerId: string) => Promise<void>;
  /** Of this process: its orders to each router. */
  readonly pacing: Pacing;
  readonly leaseMs: number;
  /** Takes on at once what follows from an intent; null: it waits for whoever claims it. */
  readonly handing: Handing | null;
};

export const noEnforcer: Verdict = { state: 'later', error: 'no enforcer is connected', waitMs: 60_000 };

/** A database that is away comes back at once or after an outage: asked every few seconds, it is caught up with soon. */
const awayCapMs = 10_000;

/**
 * Out of reach, or too early (a group is an intent of its own, and may be tried after its users), is tried again for three
 * days; refused is for a person.
 */
export const verdictOf = (failure: EnforcerFailure): Verdict =>
  failure.reason === 'rejected'
    ? { state: 'dead', error: failure.detail }
    : { state: 'retry', error: failure.detail, capMs: awayCapMs };

/** One line of a subscription's timeline. */
export async function tell(
  tx: Tx,
  claimed: Claimed,
  kind: string,
  text: string,
  data: Record<string, unknown> = {},
): Promise<void> {
  const { tenantId, subscriptionId, correlationId } = claimed;
  if (subscriptionId === null) return;
  await appendTimeline(tx, tenantId, [{ subscriptionId, kind, text, correlationId, data }]);
}

/** Logs the attempt: what it was, what came of it, what happens next. */
export function logAttempt(log: Log, claimed: Claimed, verdict: Verdict): void {
  const line = {
    tenant: claimed.tenantId,
    kind: claimed.intent.kind,
    subscription_id: claimed.subscriptionId ?? undefined,
    correlation_id: claimed.correlationId,
    generation: claimed.generation.toString(),
    attempts: claimed.attempts,
    outcome: verdict.state,
    error: 'error' in verdict ? verdict.error : undefined,
  };
  if (verdict.state === 'dead') log.error('an intent was given up; a person must look at it', line);
  else if (verdict.state === 'retry') log.warn('an intent will be tried again', line);
  else log.debug('an intent was dispatched', line);
}
