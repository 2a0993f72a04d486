import { type RawBuilder, sql } from 'kysely';
import type { Operation } from '#db/asset-operation.ts';
import type { Tx } from '#db/database.ts';
import { groupBy } from '#domain/group-by.ts';
import type { Intent, IntentKind } from '#domain/intents.ts';
import type { Result } from '#domain/result.ts';
import type { Claimed } from '#outbox/claim.ts';
import type { Applied, EnforcerFailure } from '#ports/enforcer/port.ts';

export type { Claimed } from '#outbox/claim.ts';

/** What goes first when much is waiting: giving access, then everything else, then taking it. */
export const urgency = { restore: 0, other: 1, cut: 2 } as const;

export type Outgoing = {
  readonly intent: Intent;
  readonly key: string;
  readonly subscriptionId: string | null;
  /** Null: one is taken as it is written, for intents whose order among the lines' decisions says nothing. */
  readonly generation: bigint | null;
  readonly urgency: number;
  readonly correlationId: string;
  /** Not before so long, in ms: what nobody waits for leaves the way to what somebody waits for. */
  readonly waitMs?: number;
};

/** The same target and the same object: of several waiting intents with one key only the newest counts. */
export const intentKey = (intent: Intent): string => {
  switch (intent.kind) {
    case 'access.apply':
    case 'sessions.drop':
    case 'sessions.change':
    case 'user.describe':
      return intent.username;
    case 'session.close':
      return intent.uniqueId;
    case 'group.apply':
    case 'sessions.refresh':
      return intent.group;
    case 'nas.apply':
      return intent.nasId;
    case 'nas.remove':
      return intent.address;
    case 'tenant.apply':
    case 'tenant.remove':
      return intent.tenantKey;
    case 'ledger.username':
      return intent.erpSubscription;
    case 'ledger.customer':
    case 'commission.settle':
      return intent.customerId;
    case 'ledger.subscription':
    case 'ledger.modem':
      return intent.subscriptionId;
    case 'ledger.payment':
      return intent.paymentId;
    case 'ledger.invoice':
      return intent.invoiceId;
    case 'asset.move':
      return intent.operationId;
    case 'asset.label':
    case 'scan.resume':
      return intent.assetId;
    case 'scan.watch':
      return intent.scanId;
    case 'ledger.payout':
      return intent.payoutId;
    case 'ledger.salary':
      return intent.incentiveId;
    case 'ledger.checkin':
      return intent.checkInId;
    case 'message.send':
      return intent.messageId;
    case 'webhook.deliver':
      return intent.deliveryId;
  }
};

/** What was written: intents that the process took on at their birth, and whether others wait for a claim. */
export type Appended = { readonly claimed: readonly Claimed[]; readonly isSomeLeft: boolean };

/**
 * What a process that moves units may be told while a move is being written. It decides nothing by it, and what was rolled
 * back is never asked for.
 */
export type MovesToCome = {
  /** Under the unit's lock: from here until the move is over nobody else of the hub's moves it. */
  begin(tenantId: string, operationId: string, ref: string): void;
  /** As it is written. */
  know(operation: Operation): void;
};

/** The rows of a line. */
export type AccessIntent = Extract<Intent, { kind: 'access.apply' }>;

/**
 * The same for a process that writes rows: they are written while the decision is, and stand once it is committed. `begin`
 * is for whoever is served: whether a line may be cut is asked when its turn comes.
 */
export type RowsToCome = {
  begin(tenantId: string, intent: AccessIntent, generation: bigint): void;
  /** After the commit: makes them stand. Null: they are to be written. */
  commit(intent: AccessIntent): Promise<Result<Applied, EnforcerFailure> | null>;
};

/**
 * A process that works on intents itself: those that it has room for are written as its own already, and handed to it
 * after the commit, without a claim. If it dies before that, their lease ends and another takes them up.
 */
export type Handing = {
  readonly leaseMs: number;
  /** How many more intents of a kind it takes now. */
  room(kind: IntentKind): number;
  /** Left out: it does not move units. */
  readonly moves?: MovesToCome;
  /** Left out: it writes no rows. */
  readonly rows?: RowsToCome;
  /** After the commit only: what was rolled back was never written. */
  take(appended: Appended): void;
};

/** What still waits under the keys of some. One key is what most transactions have: to look through a list of one takes longer. */
function waitingAs(tenantId: string, outgoing: readonly Outgoing[]): RawBuilder<unknown> {
  const [only, ...others] = outgoing;
  if (only && others.length === 0) {
    return sql`where tenant_id = ${tenantId} and kind = ${only.intent.kind} and key = ${only.key} and state = 'ready'`;
  }
  const order = (one: Outgoing): string => `${one.intent.kind} ${one.key}`;
  const sorted = [...outgoing].sort((a, b) => (order(a) < order(b) ? -1 : 1));
  // Looked up key by key: what the planner believes of a table of work is out of date before it is known.
  return sql`
    from unnest(${sorted.map(({ intent }) => intent.kind)}::text[], ${sorted.map(({ key }) => key)}::text[]) as k (kind, key)
    cross join lateral (
      select id from outbox
      where tenant_id = ${tenantId} and kind = k.kind and key = k.key and state = 'ready' offset 0
    ) waiting
    where o.id = waiting.id and o.state = 'ready'`;
}

/** Which of them are leased at birth: of each kind as many, from the first on, as there is room for. */
function leasedOf(outgoing: readonly Outgoing[], handing: Handing | null): ReadonlySet<Outgoing> {
  if (!handing) return new Set();
  const now = outgoing.filter(({ waitMs }) => !waitMs);
  const leased = [...groupBy(now, ({ intent }) => intent.kind)].flatMap(([kind, some]) =>
    some.slice(0, Math.max(0, handing.room(kind))),
  );
  return new Set(leased);
}

/** One line's rows are written while this is; of many what counts is how many, not how soon. */
function foretellRows(tenantId: string, leased: ReadonlySet<Outgoing>, handing: Handing | null): void {
  const [only, ...others] = leased;
  if (!handing?.rows || !only || others.length > 0) return;
  const { intent, generation } = only;
  if (intent.kind !== 'access.apply' || intent.desired.state !== 'active' || generation === null) return;
  handing.rows.begin(tenantId, intent, generation);
}

/**
 * Writes intents in the caller's transaction (spec B10); what still waits under the same key is superseded. What it
 * answers is for `handing`, after the commit.
 */
export async function appendIntents(
  tx: Tx,
  tenantId: string,
  outgoing: readonly Outgoing[],
  handing: Handing | null = null,
): Promise<Appended> {
  if (outgoing.length === 0) return { claimed: [], isSomeLeft: false };
  const leased = leasedOf(outgoing, handing);
  foretellRows(tenantId, leased, handing);
  const rowsOut = outgoing.map((one) => ({
    kind: one.intent.kind,
    key: one.key,
    subscription: one.subscriptionId,
    intent: one.intent,
    generation: one.generation?.toString() ?? null,
    wait: one.waitMs ?? 0,
    urgency: one.urgency,
    correlation: one.correlationId,
    leased: leased.has(one),
  }));
  // One statement does not see its own rows: what is written here is not superseded.
  const { rows } = await sql<{ readonly id: bigint; readonly created_at: Date; readonly generation: bigint }>`
    with superseded as (
      update outbox o set state = 'superseded', finished_at = now() ${waitingAs(tenantId, outgoing)})
    insert into outbox (tenant_id, kind, key, subscription_id, intent, generation, urgency, correlation_id, state, attempts,
      locked_until, next_at)
    select ${tenantId}, kind, key, subscription, intent, coalesce(generation, nextval('access_generation')), urgency,
      correlation, case when leased then 'running' else 'ready' end, leased::int,
      case when leased then now() + ${handing?.leaseMs ?? 0} * interval '1 ms' end, now() + wait * interval '1 ms'
    from jsonb_to_recordset(${JSON.stringify(rowsOut)}::jsonb) as r (kind text, key text, subscription uuid, intent jsonb,
      generation bigint, urgency smallint, correlation text, leased boolean, wait int)
    returning id, created_at, generation`.execute(tx);
  const claimed = rows.flatMap(({ id, created_at: createdAt, generation }, i): Claimed[] => {
    const one = outgoing[i];
    if (!one || !leased.has(one)) return [];
    const { intent, subscriptionId, correlationId } = one;
    return [{ id, tenantId, subscriptionId, intent, generation, attempts: 1, correlationId, createdAt }];
  });
  return { claimed, isSomeLeft: outgoing.some((one) => !leased.has(one) && !one.waitMs) };
}
