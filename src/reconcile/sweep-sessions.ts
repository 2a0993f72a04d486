import { reissueIntents } from '#access/reissue.ts';
import { servedUnder } from '#db/changed-sessions.ts';
import { actionOn } from '#domain/drift.ts';
import type { Part } from '#ports/enforcer/inspection/port.ts';
import type { Session } from '#ports/enforcer/port.ts';
import { SweepFailed, type Sweeping } from './reconciling.ts';
import { type Found, recordDrift } from './record-drift.ts';
import { dropsUnderWay, knownNames, linesNamed, type StandingLine, stillStanding } from './standing.ts';

/** A login may have read its rows just before they changed: its session is sent away by the decision's own intent first. */
const settlesMs = 60_000;

const canonical = (username: string): string => username.trim().toLowerCase();
const describe = ({ group, nasAddress, startedAt }: Session): string =>
  `online under ${group} at ${nasAddress} since ${startedAt?.toISOString() ?? 'an unknown time'}`;

/** Sessions of a line that were let in under another group than the one that stands. */
type Wrong = { readonly line: StandingLine; readonly session: Session };

function wrongIn(sessions: readonly Session[], lines: readonly StandingLine[], now: number): readonly Wrong[] {
  const byName = new Map(lines.map((line) => [line.username, line]));
  return sessions.flatMap((session): readonly Wrong[] => {
    const line = byName.get(canonical(session.username));
    const isWrong = line && session.group !== line.group && now - line.appliedAt.getTime() > settlesMs;
    return isWrong ? [{ line, session }] : [];
  });
}

async function settleWrong(s: Sweeping, wrong: readonly Wrong[]): Promise<void> {
  const { tenantId, correlationId } = s.run;
  const isRepaired = actionOn('wrong_session', s.policy) === 'repair';
  await s.db.worker(tenantId, async (tx) => {
    const standing = await stillStanding(
      tx,
      tenantId,
      wrong.map(({ line }) => line),
    );
    const sure = [...new Map(wrong.map((one) => [one.line.id, one])).values()].filter(({ line }) =>
      standing.has(line.id),
    );
    const found = sure.map(
      ({ line, session }): Found => ({
        kind: 'wrong_session',
        subject: line.username,
        subscriptionId: line.id,
        was: describe(session),
        shouldBe: `under ${line.group}`,
        why: 'It is still online under an earlier decision: no Disconnect has ended its session.',
        since: line.appliedAt,
        action: isRepaired ? 'repaired' : 'reported',
      }),
    );
    s.count(
      0,
      found.map(({ kind }) => kind),
    );
    await recordDrift(tx, s.run, found);
    if (!isRepaired) return;
    const names = sure.map(({ line }) => line.username);
    const underWay = await dropsUnderWay(tx, tenantId, names);
    const due = sure.filter(({ line }) => !underWay.has(line.username));
    await reissueIntents(
      tx,
      { tenantId, correlationId },
      due.map(({ line }) => ({
        kind: 'sessions.drop',
        subscriptionId: line.id,
        username: line.username,
        group: line.group,
        appliedAt: line.appliedAt.toISOString(),
      })),
    );
  });
}

async function tellUnknown(s: Sweeping, sessions: readonly Session[]): Promise<void> {
  if (sessions.length === 0) return;
  s.count(
    0,
    sessions.map(() => 'unknown_session' as const),
  );
  const byName = new Map(sessions.map((session) => [session.username, session]));
  const found = [...byName.values()].map(
    (session): Found => ({
      kind: 'unknown_session',
      subject: session.username,
      subscriptionId: null,
      was: describe(session),
      shouldBe: 'no session without a line',
      why: 'It is online under a group of yours, and no line has that name.',
      since: session.startedAt ?? new Date(s.clock()),
      action: 'reported',
    }),
  );
  await s.db.worker(s.run.tenantId, (tx) => recordDrift(tx, s.run, found));
}

/**
 * Compares open sessions with what should be online, and as what (spec B5): the Class that a session echoes tells the
 * group that it was let in under. One under an earlier group is to be dropped again, one of nobody's is told.
 */
export async function sweepSessions(s: Sweeping): Promise<void> {
  const { tenantId } = s.run;
  for (let from: string | null = null; ; ) {
    // Read before the lines: a session of an earlier group that is there now had its decision confirmed before.
    const part = await s.enforcer.tenantSessions(s.tenantKey, from);
    if (!part.ok) throw new SweepFailed(part.error.detail);
    const { entries: open, next }: Part<Session> = part.value;
    const entries = await s.db.look(tenantId, (tx) => servedUnder(tx, tenantId, open));
    const names = [...new Set(entries.map(({ username }) => canonical(username)))];
    const [lines, known] = await s.db.look(tenantId, (tx) =>
      Promise.all([linesNamed(tx, tenantId, names), knownNames(tx, tenantId, names)]),
    );
    const wrong = wrongIn(entries, lines, Date.now());
    if (wrong.length > 0) await settleWrong(s, wrong);
    await tellUnknown(
      s,
      entries.filter(({ username }) => !known.has(canonical(username))),
    );
    if (next === null) return;
    from = next;
  }
}
