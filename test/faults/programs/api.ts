import { readFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Hono } from 'hono';
import { sql } from 'kysely';
import { Registry } from 'prom-client';
import { createErpnextWebhookSource } from '#connectors/erpnext/webhook-source.ts';
import { openDatabase } from '#db/database.ts';
import { createHttpMetrics } from '#http/metrics.ts';
import { listen } from '#http/server.ts';
import { thankErpnext, webhookDoor } from '#http/webhook-door.ts';
import { createReceiver } from '#inbox/receive.ts';
import { type Arrival, createStore, type Stored } from '#inbox/store.ts';
import { createLog } from '#platform/log.ts';
import type { RouteEnv } from '#platform/routing.ts';
import { playVictim } from './victim.ts';

export type ApiPlace = {
  readonly databaseUrl: string;
  readonly port: number;
  readonly tenantId: string;
  readonly secret: string;
  /** The wrong variant: whoever delivers is told that it was taken before it is. */
  readonly acknowledgesFirst: boolean;
};

/** What the process has used since it began to work. */
export type ApiFigures = { readonly mostMemoryMb: number; readonly loopDelayP99Ms: number };

const mostMemoryMb = (): number =>
  Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1_024;

/** Answers `figures` whenever it is asked for them. */
function tellFigures(): void {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  process.on('message', (order: unknown) => {
    if (order !== 'figures') return;
    const figures: ApiFigures = { mostMemoryMb: mostMemoryMb(), loopDelayP99Ms: delay.percentile(99) / 1e6 };
    process.send?.(figures);
  });
}

/** The webhook door and all behind it, without the rooms of a whole hub. */
playVictim(async ({ databaseUrl, port, tenantId, secret, acknowledgesFirst }: ApiPlace) => {
  const db = openDatabase(databaseUrl, 4);
  const store = createStore(db);
  const acknowledgeFirst = async (arrival: Arrival): Promise<Stored> => {
    store(arrival).catch(() => undefined);
    return { eventId: 0n, fresh: true };
  };
  const sender = { tenantId, isActive: true, secrets: [secret] };
  const receiver = createReceiver(
    { name: 'erpnext', webhooks: createErpnextWebhookSource() },
    { find: async () => sender, forgetAll: () => undefined },
    acknowledgesFirst ? acknowledgeFirst : store,
  );
  const { webhooks } = createHttpMetrics(new Registry());
  const app = new Hono<RouteEnv>();
  app.post(
    '/webhooks/erpnext/:subdomain',
    webhookDoor({
      receiver,
      webhooks,
      log: createLog('silent'),
      deadlineMs: 2_500,
      path: '/webhooks/erpnext',
      thank: thankErpnext,
    }),
  );
  await db.gateOnce((tx) => sql`select 1`.execute(tx));
  tellFigures();
  return () => listen(app, { host: '127.0.0.1', port });
});
