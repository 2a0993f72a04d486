import type { LookupFunction } from 'node:net';
import { ok } from '#domain/result.ts';
import type { Enforcer } from '#ports/enforcer/port.ts';
import { readFigures } from './accounting-figures.ts';
import type { CoaClient } from './coa-client.ts';
import { openRadiusDatabase } from './database.ts';
import { createDigests } from './digests.ts';
import { raiseFences } from './fence.ts';
import { applyGroup } from './groups.ts';
import { readRadiusMapping } from './mapping.ts';
import { applyNas, applyTenant, removeNas } from './nas.ts';
import { readHistory, readLastSessions } from './past-sessions.ts';
import { readPulses, readQuietSessions } from './quiet-sessions.ts';
import { readMembers, readTenantSessions } from './read-namespace.ts';
import { readUser } from './read-user.ts';
import { removeTenant } from './remove-tenant.ts';
import { selfTest } from './self-test.ts';
import { closeStale, isOpen, openSessions, readOnline } from './sessions.ts';
import { inspectGroups, inspectUsers } from './sweep.ts';
import type { Timeouts } from './timeouts.ts';
import { describePerson, keepsPeople } from './user-info.ts';
import { applyUsers, beginUsers } from './users.ts';
import { whoIsAt } from './who-is-at.ts';

export type FreeradiusOptions = {
  /** `mysql://…` or `postgres://…`. */
  readonly databaseUrl: string;
  /** Judges where the database's name leads, at each connect; left out: it may lead anywhere. */
  readonly lookup?: LookupFunction;
  readonly coa: Pick<CoaClient, 'disconnect' | 'change'>;
  /** For the Event-Timestamp of a Disconnect or CoA. */
  readonly now?: () => Date;
  readonly timeouts?: Partial<Timeouts>;
  /** The fence; only a test that shows what happens without it gives another one. */
  readonly raise?: typeof raiseFences;
};

export type FreeradiusEnforcer = Enforcer & { close(): Promise<void> };

/** FreeRADIUS by its SQL tables, and its NASes by Disconnect. Holds connections until `close`. */
export function createFreeradiusEnforcer(options: FreeradiusOptions): FreeradiusEnforcer {
  const database = openRadiusDatabase(options.databaseUrl, options.timeouts, options.lookup);
  const mapping = readRadiusMapping();
  const now = options.now ?? (() => new Date());
  const writer = { database, mapping, raise: options.raise ?? raiseFences };
  return {
    applyUsers: (users) => applyUsers(writer, users),
    beginUsers: (users) => beginUsers(writer, users),
    applyGroup: (group) => applyGroup(writer, group),
    applyNas: (nas) => applyNas(writer, nas),
    removeNas: (gone) => removeNas(writer, gone),
    applyTenant: (tenant) => applyTenant(writer, tenant),
    removeTenant: (gone) => removeTenant(writer, gone),
    readUser: (username) => readUser(database, mapping, username),
    openSessions: (username) => openSessions(database, username),
    whoIsAt: (address) => whoIsAt(database, address),
    isOpen: (uniqueId) => isOpen(database, uniqueId),
    dropSession: async ({ username, sessionId, framedAddress }, target) =>
      ok(await options.coa.disconnect({ username, sessionId, framedAddress, eventTimestamp: now() }, target)),
    changeSession: async ({ username, sessionId, framedAddress }, target, change) =>
      ok(await options.coa.change({ username, sessionId, framedAddress, eventTimestamp: now() }, target, change)),
    closeStale: (session, proof) => closeStale(database, session, proof),
    inspectUsers: (users) => inspectUsers(database, mapping, users),
    inspectGroups: (groups) => inspectGroups(database, groups),
    members: (tenantKey, from) => readMembers(database, tenantKey, from),
    tenantSessions: (tenantKey, from) => readTenantSessions(database, tenantKey, from),
    digests: createDigests(database, mapping),
    pulses: (tenantKey) => readPulses(database, tenantKey),
    quietSessions: (tenantKey, from) => readQuietSessions(database, tenantKey, from),
    figures: (tenantKey, query, from) => readFigures(database, tenantKey, query, from),
    online: (usernames) => readOnline(database, usernames),
    lastSessions: (username, limit) => readLastSessions(database, username, limit),
    history: (username, query) => readHistory(database, username, query),
    keepsPeople: () => keepsPeople(database),
    describe: (person) => describePerson(database, person),
    test: () => selfTest(database),
    close: () => database.close(),
  };
}
