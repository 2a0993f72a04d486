import { groupNamespace, interimSeconds } from '#domain/radius-groups.ts';
import { ok, type Result } from '#domain/result.ts';
import type {
  FigureQuery,
  HistoryQuery,
  PastSession,
  Pulses,
  QuietSession,
  SessionFigure,
  SessionHistory,
  SessionRecord,
} from './accounting/port.ts';
import type { Part } from './inspection/port.ts';
import type { EnforcerFailure, Session, UserAccess } from './port.ts';

type Held = {
  readonly users: ReadonlyMap<string, UserAccess>;
  readonly sessions: () => readonly Session[];
};

const canonical = ({ username }: Session): string => username.trim().toLowerCase();
const lastSeen = ({ updatedAt, startedAt }: Session): Date => updatedAt ?? startedAt ?? new Date(0);

/**
 * Accounting of the enforcer in memory: sessions that ended are gone from it, no router restarts, and nobody is refused.
 * All of a tenant's routers are heard when the newest of its sessions was.
 */
export function createFakeAccounting({ users, sessions }: Held, now: () => Date) {
  const ofTenant = (tenantKey: string): readonly Session[] =>
    sessions().filter((session) => groupNamespace(users.get(canonical(session))?.group ?? '') === tenantKey);
  const intervalOf = ({ updatedAt, startedAt }: Session): number | null =>
    updatedAt !== null && startedAt !== null && updatedAt > startedAt ? interimSeconds : null;
  const newestOf = (username: string): readonly SessionRecord[] =>
    sessions()
      .filter((session) => canonical(session) === username)
      .sort((a, b) => (b.startedAt?.getTime() ?? 0) - (a.startedAt?.getTime() ?? 0))
      .map((session) => ({
        row: session.uniqueId,
        sessionId: session.sessionId,
        startedAt: session.startedAt,
        endedAt: null,
        seenAt: lastSeen(session),
        nasAddress: session.nasAddress,
        framedAddress: session.framedAddress,
        callingStationId: session.callingStationId,
        inputOctets: session.inputOctets,
        outputOctets: session.outputOctets,
        terminateCause: null,
        group: session.group,
      }));
  return {
    pulses: (tenantKey: string): Result<Pulses, EnforcerFailure> => {
      const addresses = [...new Set(ofTenant(tenantKey).map(({ nasAddress }) => nasAddress))];
      const routers = addresses.map((address) => {
        const own = ofTenant(tenantKey).filter(({ nasAddress }) => nasAddress === address);
        const heard = Math.max(...own.map((session) => lastSeen(session).getTime()));
        const intervals = own.flatMap((session) => intervalOf(session) ?? []);
        return {
          address,
          heardAt: new Date(heard),
          intervalSeconds: intervals.length === 0 ? null : Math.max(...intervals),
        };
      });
      return ok({ now: now(), routers });
    },
    quietSessions: (tenantKey: string): Result<Part<QuietSession>, EnforcerFailure> => {
      const isQuiet = (session: Session): boolean =>
        now().getTime() - lastSeen(session).getTime() >= 3 * interimSeconds * 1000;
      const entries = ofTenant(tenantKey)
        .filter(isQuiet)
        .map((session) => ({
          session,
          intervalSeconds: intervalOf(session),
          restartedAt: null,
          refusedAt: null,
        }));
      return ok({ entries, next: null });
    },
    figures: (
      tenantKey: string,
      { lastSeconds, isWhole }: FigureQuery,
    ): Result<Part<SessionFigure>, EnforcerFailure> => {
      const since = now().getTime() - lastSeconds * 1000;
      const entries = ofTenant(tenantKey)
        .filter((session) => isWhole || lastSeen(session).getTime() >= since)
        .map((session) => ({
          row: session.uniqueId,
          username: canonical(session),
          startedAt: session.startedAt ?? lastSeen(session),
          countsFrom: session.startedAt ?? lastSeen(session),
          toldAt: lastSeen(session),
          inputOctets: BigInt(session.inputOctets),
          outputOctets: BigInt(session.outputOctets),
        }));
      return ok({ entries, next: null });
    },
    online: (usernames: readonly string[]): Result<ReadonlySet<string>, EnforcerFailure> =>
      ok(
        new Set(
          sessions()
            .map(canonical)
            .filter((name) => usernames.includes(name)),
        ),
      ),
    lastSessions: (username: string, limit: number): Result<readonly PastSession[], EnforcerFailure> =>
      ok(newestOf(username).slice(0, limit)),
    history: (username: string, { from, to, limit, offset }: HistoryQuery): Result<SessionHistory, EnforcerFailure> => {
      const isIn = ({ startedAt, endedAt }: SessionRecord): boolean =>
        (from === null || endedAt === null || endedAt >= from) && (to === null || (startedAt ?? new Date(0)) < to);
      const all = newestOf(username).filter(isIn);
      return ok({ sessions: all.slice(offset, offset + limit), total: all.length });
    },
  };
}
