import { sql } from 'kysely';
import { reissueIntents } from '#access/reissue.ts';
import type { Database, Tx } from '#db/database.ts';
import { tenantKey } from '#domain/groups.ts';
import type { Intent } from '#domain/intents.ts';
import { type Hearing, hearAgain, type Staleness, stalenessOf } from '#domain/stale-session.ts';
import { newCorrelationId } from '#platform/log.ts';
import type { Pulses, QuietSession } from '#ports/enforcer/accounting/port.ts';
import type { Part } from '#ports/enforcer/inspection/port.ts';
import type { Enforcer, EnforcerFailure } from '#ports/enforcer/port.ts';

type CloseIntent = Extract<Intent, { kind: 'session.close' }>;
type Looking = {
  readonly db: Database;
  readonly enforcerOf: (tenantId: string) => Promise<Enforcer | null>;
};

const known = async (tx: Tx, tenantId: string): Promise<ReadonlyMap<string, Hearing>> => {
  const rows = await tx.selectFrom('router_hearings').where('tenant_id', '=', tenantId).selectAll().execute();
  return new Map(
    rows.map((row) => [
      row.address,
      {
        heardAt: row.heard_at.getTime(),
        unbrokenSince: row.unbroken_since.getTime(),
        intervalSeconds: row.interval_seconds,
      },
    ]),
  );
};

async function store(tx: Tx, tenantId: string, hearings: ReadonlyMap<string, Hearing>): Promise<void> {
  if (hearings.size === 0) return;
  await tx
    .insertInto('router_hearings')
    .values(
      [...hearings].map(([address, { heardAt, unbrokenSince, intervalSeconds }]) => ({
        tenant_id: tenantId,
        address,
        heard_at: new Date(heardAt),
        unbroken_since: new Date(unbrokenSince),
        interval_seconds: intervalSeconds,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['tenant_id', 'address']).doUpdateSet((eb) => ({
        heard_at: eb.ref('excluded.heard_at'),
        unbroken_since: eb.ref('excluded.unbroken_since'),
        interval_seconds: eb.ref('excluded.interval_seconds'),
      })),
    )
    .execute();
}

/** Notes what was heard; answers what is known of each router now. One that is not heard keeps what was known. */
async function hear({ db }: Looking, tenantId: string, { routers }: Pulses): Promise<ReadonlyMap<string, Hearing>> {
  return db.worker(tenantId, async (tx) => {
    const before = await known(tx, tenantId);
    const heard = new Map(
      routers.map(({ address, heardAt, intervalSeconds }) => [
        address,
        hearAgain(before.get(address) ?? null, { heardAt: heardAt.getTime(), intervalSeconds }),
      ]),
    );
    await store(tx, tenantId, heard);
    return new Map([...before, ...heard]);
  });
}

const words: Readonly<Record<Staleness, string>> = {
  restarted: 'its router has begun anew since, and it has sent nothing after that',
  others_heard: 'it has sent no accounting for three intervals, while other sessions of its router have',
  dials_anew: 'it has sent no accounting for three intervals, and its user dials again',
};

const ms = (at: Date | null): number | null => at?.getTime() ?? null;

type Stale = { readonly quiet: QuietSession; readonly by: Staleness };

function staleOnes(
  entries: readonly QuietSession[],
  hearings: ReadonlyMap<string, Hearing>,
  now: number,
): readonly Stale[] {
  return entries.flatMap((quiet): readonly Stale[] => {
    const { session, intervalSeconds, restartedAt, refusedAt } = quiet;
    const lastSeenAt = ms(session.updatedAt ?? session.startedAt);
    if (lastSeenAt === null) return [];
    const facts = { lastSeenAt, intervalSeconds, restartedAt: ms(restartedAt), refusedAt: ms(refusedAt) };
    const by = stalenessOf(facts, hearings.get(session.nasAddress) ?? null, now);
    return by === null ? [] : [{ quiet, by }];
  });
}

const canonical = (username: string): string => username.trim().toLowerCase();

function intentOf({ quiet: { session }, by }: Stale, subscriptionId: string): CloseIntent {
  return {
    kind: 'session.close',
    subscriptionId,
    username: canonical(session.username),
    uniqueId: session.uniqueId,
    updatedAt: session.updatedAt?.toISOString() ?? null,
    proof: by === 'restarted' ? 'nas_restarted' : 'silent_three_intervals',
    why: `The accounting row of session ${session.sessionId} at ${session.nasAddress} was left open and is closed: ${words[by]}.`,
  };
}

/** Orders that the rows be closed, but for those that are being closed already; answers how many. */
async function order({ db }: Looking, tenantId: string, stale: readonly Stale[]): Promise<number> {
  if (stale.length === 0) return 0;
  return db.worker(tenantId, async (tx) => {
    const names = stale.map(({ quiet }) => canonical(quiet.session.username));
    const { rows: lines } = await sql<{ id: string; username: string }>`
      select id, canonical_username as username from subscriptions
      where tenant_id = ${tenantId} and canonical_username = any(${names})`.execute(tx);
    const { rows: waiting } = await sql<{ key: string }>`
      select key from outbox where tenant_id = ${tenantId} and kind = 'session.close' and state in ('ready', 'running')
        and key = any(${stale.map(({ quiet }) => quiet.session.uniqueId)})`.execute(tx);
    const idOf = new Map(lines.map(({ id, username }) => [username, id]));
    const underWay = new Set(waiting.map(({ key }) => key));
    const intents = stale.flatMap((one): readonly CloseIntent[] => {
      const line = idOf.get(canonical(one.quiet.session.username));
      return line === undefined || underWay.has(one.quiet.session.uniqueId) ? [] : [intentOf(one, line)];
    });
    await reissueIntents(tx, { tenantId, correlationId: newCorrelationId() }, intents);
    return intents.length;
  });
}

const unreadable = ({ detail }: EnforcerFailure): Error => new Error(`accounting cannot be read: ${detail}`);

/**
 * Looks for accounting rows of a tenant that were left open by sessions which are no more (spec R8): such a row locks a
 * payer out. What is proved is ordered, not done here. Throws where accounting cannot be read: nothing
 * is concluded, and the job is seen to fail. Answers how many.
 */
export async function findStale(looking: Looking, tenantId: string): Promise<number> {
  const enforcer = await looking.enforcerOf(tenantId);
  const key = tenantKey(tenantId);
  if (!enforcer) return 0;
  const pulses = await enforcer.pulses(key);
  if (!pulses.ok) throw unreadable(pulses.error);
  const hearings = await hear(looking, tenantId, pulses.value);
  let ordered = 0;
  for (let from: string | null = null; ; ) {
    const part = await enforcer.quietSessions(key, from);
    if (!part.ok) throw unreadable(part.error);
    const { entries, next }: Part<QuietSession> = part.value;
    ordered += await order(looking, tenantId, staleOnes(entries, hearings, pulses.value.now.getTime()));
    if (next === null) return ordered;
    from = next;
  }
}
