import { err, ok, type Result } from '#domain/result.ts';
import { createFakeAccounting } from './fake-accounting.ts';
import { createFakeFences } from './fake-fences.ts';
import { createFakeInspection } from './fake-inspection.ts';
import { createFakeRouters } from './fake-routers.ts';
import { createFakeSessions } from './fake-sessions.ts';
import { createFakeUsers } from './fake-users.ts';
import type {
  CoaTarget,
  Enforcer,
  EnforcerFailure,
  GroupAccess,
  LiveChange,
  NasAnswer,
  NasEntry,
  Session,
  TenantEntry,
  UserAccess,
  UserRows,
} from './port.ts';

export type FakeEnforcer = Enforcer & {
  /** Every method answers this until `recover`, or as many times as said. */
  fail(failure: EnforcerFailure, times?: number): void;
  recover(): void;
  /** What a NAS answers to a Disconnect; an ACK at first. It never closes the session by itself (law 8). */
  onDrop(answer: (session: Session, target: CoaTarget) => NasAnswer): void;
  readonly drops: readonly { readonly session: Session; readonly target: CoaTarget }[];
  /** What a NAS answers to a CoA; an ACK at first. */
  onChange(answer: (session: Session, change: LiveChange) => NasAnswer | Promise<NasAnswer>): void;
  readonly changes: readonly { readonly session: Session; readonly change: LiveChange }[];
  /** Rows that somebody else wrote. */
  putForeign(username: string, rows: Partial<UserRows['foreign']>): void;
  /** Opens a session, or updates it. */
  putSession(session: Session): void;
  endSession(uniqueId: string): void;
  user(username: string): UserAccess | undefined;
  group(name: string): GroupAccess | undefined;
  nas(address: string): NasEntry | undefined;
  tenant(tenantKey: string): TenantEntry | undefined;
};

/** An enforcer in memory, fence included: what a test of the hub puts in FreeRADIUS's place. */
export function createFakeEnforcer(options: { readonly now?: () => Date } = {}): FakeEnforcer {
  const now = options.now ?? (() => new Date());
  const fences = createFakeFences(now);
  const users = createFakeUsers(fences);
  const routers = createFakeRouters(fences);
  const sessions = createFakeSessions(now);
  const inspection = createFakeInspection({ ...users.held, sessions: sessions.all });
  const accounting = createFakeAccounting({ users: users.held.users, sessions: sessions.all }, now);
  let failure: { readonly what: EnforcerFailure; times: number } | null = null;

  async function answer<T>(work: () => Result<T, EnforcerFailure>): Promise<Result<T, EnforcerFailure>> {
    if (!failure || failure.times <= 0) return work();
    failure.times -= 1;
    return err(failure.what);
  }

  return {
    applyUsers: (wanted) => answer(() => users.applyUsers(wanted)),
    applyGroup: (group) => answer(() => users.applyGroup(group)),
    applyNas: (nas) => answer(() => routers.applyNas(nas)),
    removeNas: (gone) => answer(() => routers.removeNas(gone)),
    applyTenant: (tenant) => answer(() => routers.applyTenant(tenant)),
    removeTenant: (gone) =>
      answer(() => {
        const own = gone.usernames.filter((name) => users.user(name)?.group.startsWith(`${gone.tenantKey}:`));
        return ok(sessions.removeOf(own) + users.removeTenant(gone) + routers.removeTenant(gone));
      }),
    readUser: (username) => answer(() => users.readUser(username)),
    openSessions: (username) => answer(() => ok(sessions.open(username))),
    whoIsAt: (address) =>
      answer(() => ok({ sessions: sessions.at(address), routerOf: routers.nas(address)?.tenantKey ?? null })),
    isOpen: (uniqueId) => answer(() => ok(sessions.isOpen(uniqueId))),
    dropSession: (session, target) => answer(() => ok(sessions.drop(session, target))),
    changeSession: async (session, _target, change) => {
      const failed = await answer(() => ok(null));
      return failed.ok ? ok(await sessions.change(session, change)) : failed;
    },
    closeStale: (session, proof) => answer(() => ok(sessions.closeStale(session, proof))),
    inspectUsers: (wanted) => answer(() => inspection.inspectUsers(wanted)),
    inspectGroups: (wanted) => answer(() => inspection.inspectGroups(wanted)),
    members: (tenantKey) => answer(() => inspection.members(tenantKey)),
    tenantSessions: (tenantKey) => answer(() => inspection.tenantSessions(tenantKey)),
    pulses: (tenantKey) => answer(() => accounting.pulses(tenantKey)),
    quietSessions: (tenantKey) => answer(() => accounting.quietSessions(tenantKey)),
    figures: (tenantKey, query) => answer(() => accounting.figures(tenantKey, query)),
    online: (usernames) => answer(() => accounting.online(usernames)),
    lastSessions: (username, limit) => answer(() => accounting.lastSessions(username, limit)),
    history: (username, query) => answer(() => accounting.history(username, query)),
    keepsPeople: () => answer(() => ok(false)),
    describe: () => answer(() => ok(false)),
    test: () => answer(() => ok('an enforcer in memory')),
    fail: (what, times = Number.POSITIVE_INFINITY) => {
      failure = { what, times };
    },
    recover: () => {
      failure = null;
    },
    onDrop: sessions.onDrop,
    drops: sessions.drops,
    onChange: sessions.onChange,
    changes: sessions.changes,
    putForeign: users.putForeign,
    putSession: sessions.put,
    endSession: sessions.end,
    user: users.user,
    group: users.group,
    nas: routers.nas,
    tenant: routers.tenant,
  };
}
