import type { Tx } from '#db/database.ts';
import { finishScan, noteStep } from '#db/scan-steps.ts';
import type { Intent } from '#domain/intents.ts';
import { normalMac } from '#domain/mac.ts';
import { type Claimed, settleIntent, type Verdict } from '#outbox/claim.ts';
import { type Dispatching, logAttempt, tell } from '#outbox/dispatching.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';
import type { Session } from '#ports/enforcer/port.ts';

type WatchIntent = Extract<Intent, { kind: 'scan.watch' }>;

const readWatched = (tx: Tx, tenantId: string, id: string) =>
  tx
    .selectFrom('scans as s')
    .innerJoin('tenants as o', 'o.id', 's.tenant_id')
    .innerJoin('subscriptions as l', (join) =>
      join.onRef('l.tenant_id', '=', 's.tenant_id').onRef('l.id', '=', 's.subscription_id'),
    )
    .leftJoin('assets as u', (join) => join.onRef('u.tenant_id', '=', 's.tenant_id').onRef('u.id', '=', 's.asset_id'))
    .leftJoin('access as a', (join) =>
      join.onRef('a.tenant_id', '=', 'l.tenant_id').onRef('a.subscription_id', '=', 'l.id'),
    )
    .leftJoin('scan_steps as lock', (join) =>
      join
        .onRef('lock.tenant_id', '=', 's.tenant_id')
        .onRef('lock.scan_id', '=', 's.id')
        .on('lock.name', '=', 'mac_lock'),
    )
    .leftJoin('scan_steps as online', (join) =>
      join
        .onRef('online.tenant_id', '=', 's.tenant_id')
        .onRef('online.scan_id', '=', 's.id')
        .on('online.name', '=', 'online'),
    )
    .where('s.tenant_id', '=', tenantId)
    .where('s.id', '=', id)
    .where('s.state', '=', 'running')
    .select(['s.received_at', 'o.settings', 'l.canonical_username', 'l.mac', 'a.generation', 'a.applied_generation'])
    .select(['lock.state as lock', 'online.state as online'])
    .select(({ eb, and, ref }) =>
      and([eb('u.state', '=', 'installed'), eb('u.subscription_id', '=', ref('s.subscription_id'))]).as('is_there'),
    )
    .executeTakeFirst();
type Watched = NonNullable<Awaited<ReturnType<typeof readWatched>>>;

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

type Look = {
  readonly isLocked: boolean;
  readonly session: Session | null;
  readonly verdict: Verdict;
  readonly isOver: boolean;
};

async function look(d: Dispatching, claimed: Claimed, watched: Watched): Promise<Look> {
  if (isGone(watched)) return { isLocked: false, session: null, isOver: false, verdict: { state: 'superseded' } };
  const { generation, applied_generation: applied, settings } = watched;
  const isLocked = generation !== null && applied !== null && applied >= generation;
  const ageMs = Date.now() - claimed.createdAt.getTime();
  const isOver = ageMs > readTenantSettings(settings).scan_online_minutes * 60_000;
  const again = (error: string): Verdict => ({ state: 'later', error, waitMs: pauseAt(ageMs) });
  const done: Verdict = { state: 'done' };
  if (!isLocked)
    return { isLocked, session: null, isOver: false, verdict: again('RADIUS does not hold the decision yet') };
  if (watched.online !== 'waiting') return { isLocked, session: null, isOver: false, verdict: done };
  const enforcer = await d.enforcerOf(claimed.tenantId);
  const open = enforcer && (await enforcer.openSessions(watched.canonical_username));
  const session = open?.ok ? (open.value.find((one) => isOfModem(one, watched)) ?? null) : null;
  if (session !== null || isOver) return { isLocked, session, isOver, verdict: done };
  return {
    isLocked,
    session,
    isOver,
    verdict: again(open?.ok === false ? open.error.detail : 'the modem is not online yet'),
  };
}

async function holdOffline(tx: Tx, tenantId: string, scanId: string, minutes: number): Promise<void> {
  await noteStep(tx, tenantId, scanId, 'online', 'held');
  await tx
    .updateTable('scans')
    .set({ state: 'held', problem: 'not_online', problem_details: JSON.stringify({ minutes }) })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', scanId)
    .where('state', '=', 'running')
    .execute();
}

async function note(tx: Tx, claimed: Claimed, scanId: string, watched: Watched, seen: Look): Promise<void> {
  const { tenantId } = claimed;
  const { session } = seen;
  if (isGone(watched)) {
    for (const step of ['mac_lock', 'online'] as const) {
      await noteStep(tx, tenantId, scanId, step, 'skipped', 'the modem was moved on since');
    }
  }
  if (seen.isLocked && watched.lock === 'waiting')
    await noteStep(tx, tenantId, scanId, 'mac_lock', 'done', watched.mac ?? '');
  if (session !== null) {
    const where = [session.framedAddress, session.callingStationId].filter(Boolean).join(' ');
    await noteStep(tx, tenantId, scanId, 'online', 'done', where);
    await tell(tx, claimed, 'modem', `The modem is online (${where}).`, { scan_id: scanId, mac: watched.mac });
  } else if (seen.isOver) {
    await holdOffline(tx, tenantId, scanId, readTenantSettings(watched.settings).scan_online_minutes);
  }
  await finishScan(tx, tenantId, scanId);
}

/** Looks whether RADIUS holds the lock of a scan, and whether the modem is online (spec A4); until then it waits. */
export async function watchScan(d: Dispatching, claimed: Claimed, { scanId }: WatchIntent): Promise<void> {
  const { tenantId } = claimed;
  const watched = await d.db.look(tenantId, (tx) => readWatched(tx, tenantId, scanId));
  const seen = watched && (await look(d, claimed, watched));
  const verdict: Verdict = seen?.verdict ?? { state: 'superseded' };
  await d.db.worker(tenantId, async (tx) => {
    if (!(await settleIntent(tx, claimed, verdict))) return;
    if (watched && seen) await note(tx, claimed, scanId, watched, seen);
  });
  logAttempt(d.log, claimed, verdict);
}
