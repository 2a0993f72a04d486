import { err } from '#domain/result.ts';
import type { ModemView } from '#features/reseller-desk/modem-looks.ts';
import type { RadiusView } from '#features/subscriptions/radius-view.ts';
import type { Wire } from '#main/wire/wire.ts';

const none = err({ detail: 'No enforcer is connected.' });

/** A feature's look at a tenant's enforcer. */
export const radiusViewOf = (wire: Wire): RadiusView => ({
  sessionsOf: async (tenantId, username) => (await wire.enforcerOf(tenantId))?.openSessions(username) ?? none,
  history: async (tenantId, username, asked) => (await wire.enforcerOf(tenantId))?.history(username, asked) ?? none,
  readUser: async (tenantId, username) => (await wire.enforcerOf(tenantId))?.readUser(username) ?? none,
});

/** A reseller's look at the accounting of its customers. */
export const modemViewOf = (wire: Wire): ModemView => ({
  online: async (tenantId, names) => (await wire.enforcerOf(tenantId))?.online(names) ?? none,
  lastSessions: async (tenantId, name, limit) => (await wire.enforcerOf(tenantId))?.lastSessions(name, limit) ?? none,
});
