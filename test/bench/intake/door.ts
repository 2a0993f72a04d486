import { randomBytes, randomUUID } from 'node:crypto';
import { Registry } from 'prom-client';
import { createErpnextWebhookSource } from '#connectors/erpnext/webhook-source.ts';
import type { Database } from '#db/database.ts';
import { createApp } from '#http/app.ts';
import { type Listening, listen } from '#http/server.ts';
import { createReceiver } from '#inbox/receive.ts';
import { createSenders } from '#inbox/senders.ts';
import { createStore } from '#inbox/store.ts';
import { systemClock } from '#platform/clock.ts';
import { createLog } from '#platform/log.ts';
import { createVault, type Vault } from '#platform/secrets.ts';

/** A tenant whose ERPNext signs with `secret`. */
async function addSender(db: Database, vault: Vault, subdomain: string, secret: string): Promise<void> {
  const id = randomUUID();
  const dataKey = vault.newDataKey(id);
  await db.gate((tx) =>
    tx.insertInto('tenants').values({ id, name: subdomain, subdomain, data_key: dataKey }).execute(),
  );
  const place = { table: 'connections', column: 'secrets', row: 'erpnext' };
  const secrets = vault.tenant(id, dataKey).seal(JSON.stringify({ webhook_secret: secret }), place);
  await db.tenant(id, (tx) =>
    tx.insertInto('connections').values({ tenant_id: id, system: 'erpnext', settings: '{}', secrets }).execute(),
  );
}

/** For one tenant: see `startDoorFor`. */
export const startDoor = (db: Database, subdomain: string, secret: string): Promise<Listening> =>
  startDoorFor(db, [{ subdomain, secret }]);

/** The hub's own HTTP app with its webhook door on `db`, logging as in production; its other rooms are left empty. */
export async function startDoorFor(
  db: Database,
  senders: readonly { readonly subdomain: string; readonly secret: string }[],
): Promise<Listening> {
  const vault = createVault(randomBytes(32));
  for (const { subdomain, secret } of senders) await addSender(db, vault, subdomain, secret);
  const source = { name: 'erpnext', webhooks: createErpnextWebhookSource() };
  const app = createApp({
    config: { publicUrl: 'http://127.0.0.1', corsOrigins: [], trustedProxies: [] },
    version: '0',
    log: createLog('info', { write: () => undefined }),
    metrics: new Registry(),
    receiver: createReceiver(source, createSenders(db, vault, systemClock), createStore(db)),
    readiness: async () => ({ ready: true, dependencies: {} }),
    authenticate: async () => null,
    publicRoutes: [],
    routes: [],
  });
  return listen(app, { host: '127.0.0.1', port: 0 });
}
