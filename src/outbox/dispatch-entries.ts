import type { Tx } from '#db/database.ts';
import { tenantKey } from '#domain/groups.ts';
import type { Intent } from '#domain/intents.ts';
import { courseBetween } from '#domain/live-change.ts';
import type { Result } from '#domain/result.ts';
import { appendIntents, intentKey, urgency } from '#outbox/append.ts';
import { type Claimed, settleIntent, type Verdict } from '#outbox/claim.ts';
import { type Dispatching, logAttempt, noEnforcer, tell, verdictOf } from '#outbox/dispatching.ts';
import { readVersions } from '#outbox/session-history.ts';
import type { Applied, Enforcer, EnforcerFailure, NasEntry } from '#ports/enforcer/port.ts';

export type Entry = Extract<Intent, { kind: 'group.apply' | 'nas.apply' | 'nas.remove' | 'tenant.apply' }>;

/** What an entry is read with: a router's row and its secret are in the bridge, not in the intent. */
type Reading = Pick<Dispatching, 'db' | 'vaultOf'>;

async function nasEntry(d: Reading, claimed: Claimed, nasId: string): Promise<NasEntry | null> {
  const nas = await d.db.worker(claimed.tenantId, (tx) =>
    tx
      .selectFrom('nas')
      .where('tenant_id', '=', claimed.tenantId)
      .where('id', '=', nasId)
      .selectAll()
      .executeTakeFirst(),
  );
  if (!nas) return null;
  const vault = await d.vaultOf(claimed.tenantId);
  return {
    address: nas.address,
    generation: claimed.generation,
    shortname: nas.name,
    secret: vault.open(nas.secret, { table: 'nas', column: 'secret', row: nasId }),
    type: nas.type,
    tenantKey: tenantKey(claimed.tenantId),
  };
}

type Written = Result<Applied, EnforcerFailure>;

/** Writes one entry to an enforcer; null: its router is in the bridge no more, and nothing was written. */
export const entryWriter =
  (d: Reading, enforcer: Enforcer) =>
  async (claimed: Claimed, intent: Entry): Promise<Written | null> => {
    const { generation, tenantId } = claimed;
    switch (intent.kind) {
      case 'nas.apply': {
        const entry = await nasEntry(d, claimed, intent.nasId);
        return entry && enforcer.applyNas(entry);
      }
      case 'nas.remove':
        return enforcer.removeNas({ address: intent.address, generation, tenantKey: tenantKey(tenantId) });
      case 'group.apply':
        return enforcer.applyGroup({ group: intent.group, generation, check: intent.check, reply: intent.reply });
      case 'tenant.apply':
        return enforcer.applyTenant({ tenantKey: intent.tenantKey, generation, allowRoaming: intent.allowRoaming });
    }
  };

/** `appliedAt`: since when it stands at the enforcer; null: it does not. */
type Entered = { readonly verdict: Verdict; readonly appliedAt: Date | null };

async function apply(d: Dispatching, enforcer: Enforcer, claimed: Claimed, intent: Entry): Promise<Entered> {
  const applied = await entryWriter(d, enforcer)(claimed, intent);
  if (applied === null) return { verdict: { state: 'superseded' }, appliedAt: null };
  if (!applied.ok) return { verdict: verdictOf(applied.error), appliedAt: null };
  const { outcome, appliedAt } = applied.value;
  return { verdict: { state: 'done' }, appliedAt: outcome === 'superseded' ? null : appliedAt };
}

/**
 * Sessions that were let in under other rows of a group are to have the new ones (spec R2). A group that has never held
 * other reply rows has none; what a login alone is asked (check rows) moves no session.
 */
async function refreshSessions(
  tx: Tx,
  { tenantId, generation, correlationId }: Claimed,
  { group, reply }: Extract<Intent, { kind: 'group.apply' }>,
  appliedAt: Date,
): Promise<void> {
  const versions = (await readVersions(tx, tenantId, [group])).get(group) ?? [];
  if (versions.every((version) => courseBetween(version.reply, reply).course === 'same')) return;
  const intent = { kind: 'sessions.refresh', group, appliedAt: appliedAt.toISOString() } as const;
  const outgoing = { intent, key: intentKey(intent), subscriptionId: null, generation, correlationId };
  await appendIntents(tx, tenantId, [{ ...outgoing, urgency: urgency.other }]);
}

/** Groups, routers and tenants at the enforcer: what users stand on. */
export async function dispatchEntry(d: Dispatching, claimed: Claimed, intent: Entry): Promise<void> {
  const enforcer = await d.enforcerOf(claimed.tenantId);
  let verdict: Verdict = noEnforcer;
  let appliedAt: Date | null = null;
  if (enforcer) ({ verdict, appliedAt } = await apply(d, enforcer, claimed, intent));
  await d.db.worker(claimed.tenantId, async (tx) => {
    await settleIntent(tx, claimed, verdict);
    if (intent.kind === 'group.apply' && appliedAt !== null) await refreshSessions(tx, claimed, intent, appliedAt);
  });
  logAttempt(d.log, claimed, verdict);
}

/** Tells the ledger the username that a line was given. */
export async function dispatchUsername(
  d: Dispatching,
  claimed: Claimed,
  intent: Extract<Intent, { kind: 'ledger.username' }>,
): Promise<void> {
  const ledger = await d.ledgerOf(claimed.tenantId);
  const written = ledger ? await ledger.writeUsername(intent.erpSubscription, intent.username) : null;
  const verdict: Verdict =
    written === null
      ? { state: 'later', error: 'no ledger is connected', waitMs: 60_000 }
      : written.ok
        ? { state: 'done' }
        : { state: written.error.reason === 'rejected' ? 'dead' : 'retry', error: written.error.detail };
  await d.db.worker(claimed.tenantId, async (tx) => {
    const isMine = await settleIntent(tx, claimed, verdict);
    if (isMine && written?.ok)
      await tell(tx, claimed, 'ledger', `ERPNext's ${intent.erpSubscription} carries the username ${intent.username}.`);
  });
  logAttempt(d.log, claimed, verdict);
}
