import type { Tx } from '#db/database.ts';
import { takeGeneration } from '#db/generations.ts';
import type { Result } from '#domain/result.ts';
import { giveUpAfterMs } from '#domain/retry.ts';
import { appendIntents, urgency } from '#outbox/append.ts';
import { type Claimed, settleIntent, type Verdict } from '#outbox/claim.ts';
import { type Dispatching, logAttempt } from '#outbox/dispatching.ts';
import { tellRefused } from '#outbox/tell-refused.ts';
import type { LedgerFailure } from '#ports/ledger/port.ts';
import type { LedgerPush } from '#ports/ledger/push/port.ts';

/** One kind of thing that the hub originates and the ledger is to have once (spec L1). */
export type Pushing<Row> = {
  /** What is to go out, read when it goes out; or why nothing does. */
  readonly read: (tx: Tx) => Promise<{ readonly row: Row } | { readonly verdict: Verdict }>;
  readonly push: (push: LedgerPush, row: Row) => Promise<Result<string, LedgerFailure>>;
  /** Keeps the ledger's name for it, in the transaction that settles the intent (law 5). */
  readonly keep: (tx: Tx, name: string) => Promise<unknown>;
  /** It was given up. */
  readonly died?: (tx: Tx, error: string) => Promise<unknown>;
  /** For whoever must look at it then; null: nobody is written to, for what it is of shows it. */
  readonly words: string | null;
};

/** A call that makes ERPNext crash may never pass; one that met its restart does soon. */
const crashTries = 8;

/** `now` in ms since 1970. What failed for three days is given up here, not in `settleIntent`: somebody is to be told. */
function verdictOf({ attempts, createdAt }: Claimed, failure: LedgerFailure, now: number): Verdict {
  const { reason, detail, retryAfterMs } = failure;
  const isHopeless = failure.isCrash === true && attempts >= crashTries;
  const isOld = now - createdAt.getTime() > giveUpAfterMs;
  if (reason === 'rejected' || isHopeless || isOld) return { state: 'dead', error: detail };
  return { state: 'retry', error: detail, ...(retryAfterMs === undefined ? {} : { waitMs: retryAfterMs }) };
}

/** Whatever is of a customer waits until the ledger has the customer; that one is pushed too if nobody has seen to it. */
export async function awaitCustomer(
  tx: Tx,
  { tenantId, correlationId }: Claimed,
  customerId: string,
): Promise<Verdict> {
  const customer = await tx
    .selectFrom('customers')
    .where('tenant_id', '=', tenantId)
    .where('id', '=', customerId)
    .select('erased_at')
    .executeTakeFirst();
  if (!customer || customer.erased_at !== null) {
    return { state: 'dead', error: 'its customer was erased before ERPNext had it' };
  }
  const known = await tx
    .selectFrom('outbox')
    .where('tenant_id', '=', tenantId)
    .where('kind', '=', 'ledger.customer')
    .where('key', '=', customerId)
    .where('state', 'in', ['ready', 'running', 'dead'])
    .select('state')
    .limit(1)
    .executeTakeFirst();
  if (!known) {
    const intent = { kind: 'ledger.customer', customerId } as const;
    const generation = await takeGeneration(tx);
    const outgoing = {
      intent,
      key: customerId,
      subscriptionId: null,
      urgency: urgency.other,
      generation,
      correlationId,
    };
    await appendIntents(tx, tenantId, [outgoing]);
  }
  const error = known?.state === 'dead' ? 'ERPNext has refused its customer' : 'its customer is not in ERPNext yet';
  return { state: 'later', error, waitMs: known?.state === 'dead' ? 60_000 : 2_000, isUntried: true };
}

type Done = { readonly verdict: Verdict; readonly name: string | null };

async function attempt<Row>(d: Dispatching, claimed: Claimed, pushing: Pushing<Row>): Promise<Done> {
  const ledger = await d.ledgerOf(claimed.tenantId);
  if (!ledger?.push) {
    return { verdict: { state: 'later', error: 'no ledger is connected', waitMs: 60_000 }, name: null };
  }
  const read = await d.db.worker(claimed.tenantId, pushing.read);
  if ('verdict' in read) return { verdict: read.verdict, name: null };
  const pushed = await pushing.push(ledger.push, read.row);
  if (pushed.ok) return { verdict: { state: 'done' }, name: pushed.value };
  return { verdict: verdictOf(claimed, pushed.error, Date.now()), name: null };
}

/**
 * Brings something to the ledger and keeps its name there. Repeated after any crash it makes nothing twice, for the ledger
 * is asked by the hub's reference first (REL-19); what was given up is told to the admins.
 */
export async function dispatchPush<Row>(d: Dispatching, claimed: Claimed, pushing: Pushing<Row>): Promise<void> {
  const { tenantId } = claimed;
  const { verdict, name } = await attempt(d, claimed, pushing);
  await d.db.worker(tenantId, async (tx) => {
    if (!(await settleIntent(tx, claimed, verdict))) return;
    if (name !== null) await pushing.keep(tx, name);
    if (verdict.state !== 'dead') return;
    await pushing.died?.(tx, verdict.error);
    if (pushing.words === null) return;
    const told = { what: pushing.words, detail: verdict.error, correlationId: claimed.correlationId };
    await tellRefused(tx, tenantId, told, d.hooks.appendMessage);
  });
  logAttempt(d.log, claimed, verdict);
}
