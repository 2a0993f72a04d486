import { interimSeconds } from '#domain/radius-groups.ts';
import type { CoaTarget, LiveChange, NasAnswer, SeenSession, Session, StaleProof } from './port.ts';

type DropListener = (session: Session, target: CoaTarget) => NasAnswer;
type Change = { readonly session: Session; readonly change: LiveChange };
type ChangeListener = (session: Session, change: LiveChange) => NasAnswer | Promise<NasAnswer>;

/** Accounting and the NASes of the enforcer in memory. */
export function createFakeSessions(now: () => Date) {
  const sessions = new Map<string, Session>();
  const drops: { readonly session: Session; readonly target: CoaTarget }[] = [];
  const changes: Change[] = [];
  let answer: DropListener = () => ({ answer: 'ack', roundTripMs: 1, attempts: 1 });
  let answerChange: ChangeListener = () => ({ answer: 'ack', roundTripMs: 1, attempts: 1 });
  return {
    drops,
    onDrop: (next: DropListener) => {
      answer = next;
    },
    changes,
    onChange: (next: ChangeListener) => {
      answerChange = next;
    },
    change: async (session: Session, change: LiveChange): Promise<NasAnswer> => {
      changes.push({ session, change });
      return answerChange(session, change);
    },
    put: (session: Session) => {
      sessions.set(session.uniqueId, session);
    },
    end: (uniqueId: string) => {
      sessions.delete(uniqueId);
    },
    all: () => [...sessions.values()],
    open: (username: string) =>
      [...sessions.values()].filter((session) => session.username.trim().toLowerCase() === username),
    at: (address: string) => [...sessions.values()].filter(({ framedAddress }) => framedAddress === address),
    /** Accounting of these users; answers how many sessions went. */
    removeOf: (usernames: readonly string[]): number => {
      const gone = [...sessions.values()].filter(({ username }) => usernames.includes(username.trim().toLowerCase()));
      for (const { uniqueId } of gone) sessions.delete(uniqueId);
      return gone.length;
    },
    isOpen: (uniqueId: string) => sessions.has(uniqueId),
    drop: (session: Session, target: CoaTarget): NasAnswer => {
      drops.push({ session, target });
      return answer(session, target);
    },
    closeStale: (seen: SeenSession, proof: StaleProof): boolean => {
      const session = sessions.get(seen.uniqueId);
      if (!session || session.updatedAt?.getTime() !== seen.updatedAt?.getTime()) return false;
      // It knows of no restarts, so nothing can be proved by one.
      if (proof === 'nas_restarted') return false;
      const silentMs = now().getTime() - ((session.updatedAt ?? session.startedAt)?.getTime() ?? 0);
      if (proof === 'silent_three_intervals' && silentMs < 3 * interimSeconds * 1000) return false;
      return sessions.delete(seen.uniqueId);
    },
  };
}
