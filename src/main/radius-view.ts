import { err } from '#domain/result.ts';
import type { RadiusView } from '#features/subscriptions/radius-view.ts';
import type { Wire } from '#main/wire/wire.ts';

const none = err({ detail: 'No enforcer is connected.' });

/** A feature's look at a tenant's enforcer. */
export const radiusViewOf = (wire: Wire): RadiusView => ({
  sessionsOf: async (tenantId, username) => (await wire.enforcerOf(tenantId))?.openSessions(username) ?? none,
  readUser: async (tenantId, username) => (await wire.enforcerOf(tenantId))?.readUser(username) ?? none,
});
