import { err, type Result } from '#domain/result.ts';
import type { Enforcer, EnforcerFailure } from '#ports/enforcer/port.ts';

export type Closable<T> = T & { close(): void | Promise<void> };

/** A database that is away is tried again this often at most. */
const again = 1_000;

type Answer<T> = Promise<Result<T, EnforcerFailure>>;

/**
 * An enforcer whose database is brought up to date before its first use. Until that has worked every call answers
 * `unreachable` with the reason, so that a RADIUS database which is away holds up neither the hub's start nor its doors.
 */
export function preparedEnforcer(enforcer: Closable<Enforcer>, prepare: () => Promise<void>): Closable<Enforcer> {
  let ready: Promise<EnforcerFailure | null> | null = null;
  let failedAt = Number.NEGATIVE_INFINITY;
  let isReady = false;

  async function attempt(): Promise<EnforcerFailure | null> {
    try {
      await prepare();
      isReady = true;
      return null;
    } catch (error) {
      failedAt = performance.now();
      return { reason: 'unreachable', detail: error instanceof Error ? error.message : String(error) };
    }
  }

  async function afterPreparing<T>(call: () => Answer<T>): Answer<T> {
    ready ??= attempt();
    const failure = await ready;
    if (failure === null) return call();
    if (performance.now() - failedAt > again) ready = null;
    return err(failure);
  }

  const { digests } = enforcer;
  return {
    applyUsers: (users) => afterPreparing(() => enforcer.applyUsers(users)),
    beginUsers: (users) => (isReady ? (enforcer.beginUsers?.(users) ?? null) : null),
    applyGroup: (group) => afterPreparing(() => enforcer.applyGroup(group)),
    applyNas: (nas) => afterPreparing(() => enforcer.applyNas(nas)),
    removeNas: (gone) => afterPreparing(() => enforcer.removeNas(gone)),
    applyTenant: (tenant) => afterPreparing(() => enforcer.applyTenant(tenant)),
    removeTenant: (gone) => afterPreparing(() => enforcer.removeTenant(gone)),
    readUser: (username) => afterPreparing(() => enforcer.readUser(username)),
    openSessions: (username) => afterPreparing(() => enforcer.openSessions(username)),
    whoIsAt: (address) => afterPreparing(() => enforcer.whoIsAt(address)),
    isOpen: (uniqueId) => afterPreparing(() => enforcer.isOpen(uniqueId)),
    dropSession: (session, target) => afterPreparing(() => enforcer.dropSession(session, target)),
    changeSession: (session, target, change) => afterPreparing(() => enforcer.changeSession(session, target, change)),
    closeStale: (session, proof) => afterPreparing(() => enforcer.closeStale(session, proof)),
    inspectUsers: (users) => afterPreparing(() => enforcer.inspectUsers(users)),
    inspectGroups: (groups) => afterPreparing(() => enforcer.inspectGroups(groups)),
    members: (tenantKey, from) => afterPreparing(() => enforcer.members(tenantKey, from)),
    tenantSessions: (tenantKey, from) => afterPreparing(() => enforcer.tenantSessions(tenantKey, from)),
    ...(digests && {
      digests: {
        of: (usernames, secret) => afterPreparing(() => digests.of(usernames, secret)),
        inspect: (users, secret) => afterPreparing(() => digests.inspect(users, secret)),
      },
    }),
    pulses: (tenantKey) => afterPreparing(() => enforcer.pulses(tenantKey)),
    quietSessions: (tenantKey, from) => afterPreparing(() => enforcer.quietSessions(tenantKey, from)),
    figures: (tenantKey, query, from) => afterPreparing(() => enforcer.figures(tenantKey, query, from)),
    online: (usernames) => afterPreparing(() => enforcer.online(usernames)),
    lastSessions: (username, limit) => afterPreparing(() => enforcer.lastSessions(username, limit)),
    history: (username, query) => afterPreparing(() => enforcer.history(username, query)),
    keepsPeople: () => afterPreparing(() => enforcer.keepsPeople()),
    describe: (person) => afterPreparing(() => enforcer.describe(person)),
    test: () => afterPreparing(() => enforcer.test()),
    close: () => enforcer.close(),
  };
}
