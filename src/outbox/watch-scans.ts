import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { finishScans, noteSteps, type StepNote } from '#db/scan-steps.ts';
import { appendTimeline, type Told } from '#db/timeline.ts';
import type { Intent } from '#domain/intents.ts';
import { normalMac } from '#domain/mac.ts';
import type { StepState } from '#domain/scan.ts';
import { type Claimed, settleAlike, settleIntent, type Verdict } from '#outbox/claim.ts';
import { type Dispatching, logAttempt } from '#outbox/dispatching.ts';
import { TakenOver, togetherOrEach } from '#outbox/taken-over.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';
import type { Session } from '#ports/enforcer/port.ts';

type WatchIntent = Extract<Intent, { kind: 'scan.watch' }>;
export type ClaimedWatch = Claimed & { readonly intent: WatchIntent };
export const isWatch = (claimed: Claimed): claimed is ClaimedWatch => claimed.intent.kind === 'scan.watch';

/** A scan that runs, with its line, and where its unit is. */
type Watched = {
  readonly id: string;
  readonly received_at: Date;
  readonly settings: unknown;
  readonly canonical_username: string;
  readonly mac: string | null;
  /** Of the line's decision, and of that which RADIUS holds. */
  readonly generation: bigint | null;
  readonly applied_generation: bigint | null;
  readonly lock: StepState | null;
  readonly online: StepState | null;
  /** Whether the unit is still at the line. */
  readonly is_there: boolean;
};

async function readWatched(tx: Tx, tenantId: string, ids: readonly string[]): Promise<ReadonlyMap<string, Watched>> {
  const { rows } = await sql<Watched>`
    select s.id, s.received_at, o.settings, l.canonical_username, l.mac, a.generation, a.applied_generation,
      lock.state as lock, online.state as online,
      coalesce(u.state = 'installed' and u.subscription_id = s.subscription_id, false) as is_there
    from scans s
    join tenants o on o.id = s.tenant_id
    join subscriptions l on l.tenant_id = s.tenant_id and l.id = s.subscription_id
    left join assets u on u.tenant_id = s.tenant_id and u.id = s.asset_id
    left join access a on a.tenant_id = s.tenant_id and a.subscription_id = s.subscription_id
    left join scan_steps lock on lock.tenant_id = s.tenant_id and lock.scan_id = s.id and lock.name = 'mac_lock'
    left join scan_steps online on online.tenant_id = s.tenant_id and online.scan_id = s.id and online.name = 'online'
    where s.tenant_id = ${tenantId} and s.id = any(${ids}::uuid[]) and s.state = 'running'`.execute(tx);
  return new Map(rows.map((row) => [row.id, row]));
}

/** A session of the modem; where its MAC is not known, one that began when it was scanned or later. */
const clockSlackMs = 60_000;
function isOfModem({ callingStationId, startedAt }: Session, { mac, received_at }: Watched): boolean {
  if (mac !== null) return callingStationId !== null && normalMac(callingStationId) === mac;
  return startedAt !== null && startedAt.getTime() > received_at.getTime() - clockSlackMs;
}

/** It was taken out again, or to another line: it will never come online here, and its lock is not what is waited for. */
const isGone = ({ online, is_there }: Watched): boolean => online === 'waiting' && !is_there;

/** Eagerly while somebody stands on a ladder, then seldom. */
const pauseAt = (ageMs: number): number =>
  ageMs < 5_000 ? 250 : ageMs < 60_000 ? 1_000 : ageMs < 600_000 ? 5_000 : 30_000;

/** What was seen of one. */
type Seen = {
  readonly claimed: ClaimedWatch;
  readonly verdict: Verdict;
  readonly notes?: readonly StepNote[];
  readonly told?: readonly Told[];
  /** For how many minutes it was waited for, and did not come online. */
  readonly inVain?: number;
};

/** RADIUS holds the lock: whether the modem has logged in with it. */
async function lookOnline(d: Dispatching, claimed: ClaimedWatch, watched: Watched): Promise<Seen> {
  const { id: scanId, mac } = watched;
  const locked: readonly StepNote[] =
    watched.lock === 'waiting' ? [{ scanId, name: 'mac_lock', state: 'done', detail: mac ?? '' }] : [];
  if (watched.online !== 'waiting') return { claimed, verdict: { state: 'done' }, notes: locked };
  const open = await (await d.enforcerOf(claimed.tenantId))?.openSessions(watched.canonical_username);
  const session = open?.ok ? open.value.find((one) => isOfModem(one, watched)) : undefined;
  const noted = (state: StepState, detail: string) => [...locked, { scanId, name: 'online', state, detail } as const];
  if (session) {
    const where = [session.framedAddress, session.callingStationId].filter(Boolean).join(' ');
    const { subscriptionId, correlationId } = claimed;
    const text = `The modem is online (${where}).`;
    const data = { scan_id: scanId, mac };
    const told = subscriptionId === null ? [] : [{ subscriptionId, kind: 'modem', text, correlationId, data }];
    return { claimed, verdict: { state: 'done' }, notes: noted('done', where), told };
  }
  const ageMs = Date.now() - claimed.createdAt.getTime();
  const { scan_online_minutes: minutes } = readTenantSettings(watched.settings);
  if (ageMs > minutes * 60_000)
    return { claimed, verdict: { state: 'done' }, notes: noted('held', ''), inVain: minutes };
  const error = open?.ok === false ? open.error.detail : 'the modem is not online yet';
  return { claimed, verdict: { state: 'later', error, waitMs: pauseAt(ageMs) }, notes: locked };
}

async function look(d: Dispatching, claimed: ClaimedWatch, watched: Watched | undefined): Promise<Seen> {
  if (!watched) return { claimed, verdict: { state: 'superseded' } };
  const { id: scanId, generation, applied_generation: applied } = watched;
  if (isGone(watched)) {
    const skipped = { scanId, state: 'skipped', detail: 'the modem was moved on since' } as const;
    const notes = (['mac_lock', 'online'] as const).map((name) => ({ ...skipped, name }));
    return { claimed, verdict: { state: 'superseded' }, notes };
  }
  if (generation !== null && applied !== null && applied >= generation) return lookOnline(d, claimed, watched);
  const waitMs = pauseAt(Date.now() - claimed.createdAt.getTime());
  return { claimed, verdict: { state: 'later', error: 'RADIUS does not hold the decision yet', waitMs } };
}

async function holdOffline(tx: Tx, tenantId: string, scanId: string, minutes: number): Promise<void> {
  await sql`
    update scans set state = 'held', problem = 'not_online', problem_details = ${JSON.stringify({ minutes })}
    where tenant_id = ${tenantId} and id = ${scanId} and state = 'running'`.execute(tx);
}

/** Writes what was seen; all of it is sent at once, and runs in the order in which it stands here. */
async function note(tx: Tx, tenantId: string, seen: readonly Seen[]): Promise<void> {
  const notes = seen.flatMap((one) => one.notes ?? []);
  const told = seen.flatMap((one) => one.told ?? []);
  const late = seen.flatMap(({ claimed, inVain }) => (inVain === undefined ? [] : { claimed, inVain }));
  const mayEnd = seen.filter(({ verdict }) => verdict.state !== 'later');
  await Promise.all([
    noteSteps(tx, tenantId, notes),
    appendTimeline(tx, tenantId, told),
    ...late.map(({ claimed, inVain }) => holdOffline(tx, tenantId, claimed.intent.scanId, inVain)),
    finishScans(tx, tenantId, idsOf(claimedOf(mayEnd))),
  ]);
}

const claimedOf = (some: readonly Seen[]): readonly ClaimedWatch[] => some.map(({ claimed }) => claimed);
const idsOf = (some: readonly ClaimedWatch[]): readonly string[] => some.map(({ intent }) => intent.scanId);

async function conclude(d: Dispatching, tenantId: string, seen: readonly Seen[]): Promise<void> {
  const of = (state: Verdict['state']) => seen.filter(({ verdict }) => verdict.state === state);
  await d.db.worker(tenantId, async (tx) => {
    const [areMine] = await Promise.all([
      Promise.all([
        settleAlike(tx, claimedOf(of('done')), 'done'),
        settleAlike(tx, claimedOf(of('superseded')), 'superseded'),
        ...of('later').map(({ claimed, verdict }) => settleIntent(tx, claimed, verdict)),
      ]),
      note(tx, tenantId, seen),
    ]);
    // What was noted was under way by then: it is rolled back, and is the other's to write.
    if (areMine.includes(false)) throw new TakenOver();
  });
  for (const { claimed, verdict } of seen) logAttempt(d.log, claimed, verdict);
}

/**
 * Looks whether RADIUS holds the locks of a tenant's scans, and whether the modems are online (spec A4); until then they
 * wait. What was seen of several is written in one transaction.
 */
export async function watchScans(d: Dispatching, tenantId: string, claimed: readonly ClaimedWatch[]): Promise<void> {
  const watched = await d.db.look(tenantId, (tx) => readWatched(tx, tenantId, idsOf(claimed)));
  const seen = await Promise.all(claimed.map((one) => look(d, one, watched.get(one.intent.scanId))));
  await togetherOrEach(d, seen, (some) => conclude(d, tenantId, some));
}
