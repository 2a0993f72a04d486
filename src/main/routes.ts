import { decideLine } from '#access/decide-lines.ts';
import { markLines } from '#access/mark-dirty.ts';
import { applyRoaming, provisionTenant } from '#access/provision-tenant.ts';
import type { Database, Tx } from '#db/database.ts';
import { connectionsRoutes } from '#features/connections/routes.ts';
import { customersRoutes } from '#features/customers/routes.ts';
import type { AccessTokens } from '#features/identity/access-tokens.ts';
import type { Passwords } from '#features/identity/passwords.ts';
import { loginRoutes, userRoutes } from '#features/identity/routes.ts';
import { integrationsRoutes } from '#features/integrations/routes.ts';
import { nasRoutes } from '#features/nas/routes.ts';
import { plansRoutes } from '#features/plans/routes.ts';
import { settingsRoutes } from '#features/settings/routes.ts';
import { subscriptionsRoutes } from '#features/subscriptions/routes.ts';
import { tenantsRoutes } from '#features/tenants/routes.ts';
import type { Mounted } from '#http/app.ts';
import type { Senders } from '#inbox/senders.ts';
import { createRegistration } from '#journeys/registration.ts';
import { radiusViewOf } from '#main/radius-view.ts';
import type { Wire } from '#main/wire/wire.ts';
import type { Clock } from '#platform/clock.ts';
import { correlationId, type Log } from '#platform/log.ts';
import type { WakeUps } from '#platform/queue.ts';
import { newRoutes, type Routes } from '#platform/routing.ts';
import type { Vault } from '#platform/secrets.ts';

/** What the rooms behind the HTTP door are furnished with. */
export type Rooms = {
  readonly db: Database;
  readonly vault: Vault;
  readonly wire: Wire;
  readonly wakeUps: WakeUps;
  readonly log: Log;
  readonly clock: Clock;
  readonly passwords: Passwords;
  readonly accessTokens: AccessTokens;
  readonly senders: Senders;
};

async function markAllLines(tx: Tx, tenantId: string): Promise<void> {
  const rows = await tx.selectFrom('subscriptions').where('tenant_id', '=', tenantId).select('id').execute();
  await markLines(
    tx,
    { tenantId, correlationId: correlationId(), cause: 'settings' },
    rows.map((row) => row.id),
  );
}

/** Whatever a request has committed is taken up at once; the loops would find it within a second anyway. */
function wakingAfterwards(wakeUps: WakeUps, apps: readonly Routes[]): Routes {
  const all = newRoutes();
  all.use('*', async (c, next) => {
    await next();
    if (c.req.method === 'GET') return;
    for (const name of ['documents', 'lines', 'outbox'] as const) wakeUps.wake(name);
  });
  for (const app of apps) all.route('/', app);
  return all;
}

/** The decision about one line, for an answer that should already know it; a failure is left to the loop. */
const decideNow =
  ({ db, clock, log }: Rooms) =>
  async (tenantId: string, subscriptionId: string): Promise<void> => {
    try {
      await decideLine(db, clock, tenantId, subscriptionId);
    } catch (error) {
      log.warn('a line could not be decided about at once', {
        tenant: tenantId,
        subscription_id: subscriptionId,
        error,
        next: 'the loop does',
      });
    }
  };

/** Every room with its routes; which need no token, and which do. */
export function mountRoutes(rooms: Rooms): {
  readonly publicRoutes: readonly Mounted[];
  readonly routes: readonly Mounted[];
} {
  const { db, vault, wire, wakeUps, clock, senders } = rooms;
  const { vaultOf, radiusDbOf } = wire;
  const identity = { db, clock, passwords: rooms.passwords, accessTokens: rooms.accessTokens };
  const changed = (tenantId: string): void => {
    wire.forget(tenantId);
    senders.forgetAll();
  };
  const register = createRegistration({ db, clock, vaultOf, radiusDbOf });
  const decide = decideNow(rooms);
  const apps = [
    userRoutes(identity),
    tenantsRoutes({ db, vault, provision: provisionTenant, onChange: changed }),
    settingsRoutes({ db, onPolicyChange: markAllLines, onRoamingChange: applyRoaming }),
    connectionsRoutes({
      db,
      clock,
      vaultOf,
      radiusDbName: wire.radiusDbName,
      test: wire.test,
      onChange: changed,
    }),
    nasRoutes({ db, vaultOf, radiusDbOf, onChange: changed }),
    plansRoutes({ db }),
    customersRoutes({ db, clock, register, decideNow: decide }),
    subscriptionsRoutes({ db, clock, radius: radiusViewOf(wire), vaultOf, decideNow: decide }),
    integrationsRoutes({ db }),
  ];
  return {
    publicRoutes: [{ path: '/', app: loginRoutes(identity) }],
    routes: [{ path: '/', app: wakingAfterwards(wakeUps, apps) }],
  };
}
