import { isChanged } from '#db/changed-sessions.ts';
import { isPlanGroup } from '#domain/groups.ts';
import { type Course, courseBetween } from '#domain/live-change.ts';
import { type History, inForceAt, type Version } from '#outbox/session-history.ts';
import type { Session } from '#ports/enforcer/port.ts';

/** What helps a session to the rows that it should have. */
export type Remedy =
  | { readonly remedy: 'stay' }
  | { readonly remedy: 'drop' }
  | { readonly remedy: 'change'; readonly rateLimit: string; readonly isSlower: boolean; readonly rows: bigint };

const stay: Remedy = { remedy: 'stay' };
const drop: Remedy = { remedy: 'drop' };

/** The group that a session runs under, and the rows that it may have of it. */
function had(session: Session, { versions, changed }: History) {
  const told = changed.get(session.uniqueId);
  if (isChanged(told)) {
    const given = versions.get(told.group_name)?.filter(({ generation }) => generation === told.rows_generation) ?? [];
    return { group: told.group_name, rows: given };
  }
  const { group } = session;
  return { group, rows: group === null ? [] : inForceAt(versions.get(group) ?? [], session.startedAt) };
}

/** A line's own address, routes and modem are read at a login alone. */
function isOwnTheSame(session: Session, { own }: History): boolean {
  const texts = new Set(inForceAt(own, session.startedAt).map(({ own: text }) => text));
  return texts.size === 1;
}

function courseTo(rows: readonly Version[], target: Version): Course {
  const courses = rows.map(({ reply }) => courseBetween(reply, target.reply));
  const change = courses.find(({ course }) => course === 'change');
  if (courses.length === 0 || courses.some(({ course }) => course === 'drop')) return { course: 'drop' };
  if (change?.course !== 'change') return { course: 'same' };
  return { ...change, isSlower: courses.some((one) => one.course === 'change' && one.isSlower) };
}

/** How a session comes to the newest rows of `group`, and which those are; null: only by a new login. */
function towards(session: Session, group: string, history: History): { course: Course; target: Version } | null {
  const now = had(session, history);
  const target = history.versions.get(group)?.at(-1);
  const told = history.changed.get(session.uniqueId);
  const wasRefused = told?.refused_at != null && told.rows_generation === target?.generation;
  if (!target || now.group === null || wasRefused || !isOwnTheSame(session, history)) return null;
  // Who has used up a quota is sent away, and logs in at the slower plan (spec R6).
  if (history.access?.reason === 'quota_throttled') return null;
  if (history.access?.state !== 'active' || !isPlanGroup(group) || !isPlanGroup(now.group)) return null;
  const course = courseTo(now.rows, target);
  return course.course === 'drop' ? null : { course, target };
}

const rateIn = ({ reply }: Version): string | undefined =>
  reply.find(({ attribute }) => attribute === 'Mikrotik-Rate-Limit')?.value;

/**
 * For a session that was let in under another group than `group`, which stands now. The walled garden is always left and
 * entered by a new login: a late packet then costs a reconnect, never a wrong state.
 */
export function remedyForGroup(session: Session, group: string, history: History): Remedy {
  if (had(session, history).group === group) return stay;
  const way = towards(session, group, history);
  if (way === null) return drop;
  // Two groups of the same rows: said all the same, so that it is known which of them the session runs under.
  const rateLimit = way.course.course === 'change' ? way.course.rateLimit : rateIn(way.target);
  if (rateLimit === undefined) return drop;
  const isSlower = way.course.course === 'change' && way.course.isSlower;
  return { remedy: 'change', rateLimit, isSlower, rows: way.target.generation };
}

/** `acctstarttime` has whole seconds. */
const startResolutionMs = 1_000;
/** The start of a login that read the old rows is recorded so much later at most. */
const loginMs = 10_000;

/**
 * For a session of `group`, whose rows have changed at `appliedAt`. One that began just after it may have read either:
 * being told once more does no harm, but sent away is only who surely read the old ones.
 */
export function remedyForRows(session: Session, group: string, appliedAt: Date, history: History): Remedy {
  if (had(session, history).group !== group) return stay;
  const isTold = isChanged(history.changed.get(session.uniqueId));
  const age = appliedAt.getTime() - (session.startedAt?.getTime() ?? Number.NEGATIVE_INFINITY);
  if (!isTold && age < -loginMs) return stay;
  const way = towards(session, group, history);
  if (way?.course.course === 'same') return stay;
  if (way?.course.course === 'change') {
    const { rateLimit, isSlower } = way.course;
    return { remedy: 'change', rateLimit, isSlower, rows: way.target.generation };
  }
  return isTold || age >= -startResolutionMs ? drop : stay;
}
