import { setTimeout as pause } from 'node:timers/promises';
import { decideDirtyLines } from '#access/decide-lines.ts';
import { wakeDueLines } from '#access/wake-lines.ts';
import { createBuiltinTracker } from '#connectors/builtin/asset-tracker.ts';
import type { FreeradiusEnforcer } from '#connectors/freeradius/enforcer.ts';
import { createSettleCommission } from '#journeys/settle-commission.ts';
import { createStock } from '#main/stock.ts';
import { createAppendMessage } from '#outbox/append-message.ts';
import { type Busy, dispatchLane, lanes } from '#outbox/dispatch.ts';
import { createHanding } from '#outbox/hand-over.ts';
import { createPacing } from '#outbox/nas-pace.ts';
import { createLog } from '#platform/log.ts';
import { startLoop } from '#platform/loop.ts';
import { createRecipients } from '#platform/recipients.ts';
import { createVault } from '#platform/secrets.ts';
import { createUnsubscribeLinks } from '#platform/unsubscribe-links.ts';
import { createFakeLedger } from '#ports/ledger/fake.ts';
import { createFakeWebhookSender } from '#ports/webhook-sender/fake.ts';
import type { TestBridge } from '#test/setup/bridge.ts';
import { moments, type Town } from './town.ts';

const patienceMs = 60_000;

export type Hub = {
  /** The cut time of all lines comes; answers the seconds until the rows of all are written, and that is told. */
  isolate(): Promise<number>;
  /** The bills are not due any more; answers the seconds until all lines are served again. */
  restore(): Promise<number>;
  stop(): Promise<void>;
};

/** A worker's loops on a mass isolir's way, as the hub starts them: the clock, the decisions, the rows. */
export function startHub(bridge: TestBridge, enforcer: FreeradiusEnforcer, { tenant }: Town): Hub {
  const time = { now: moments.before };
  const clock = (): number => time.now;
  const { db } = bridge;
  const log = createLog('error');
  const vault = createVault(Buffer.alloc(32, 7));
  const vaultOf = async () => tenant.vault;
  const lane = lanes.find(({ name }) => name === 'rows');
  if (!lane) throw new Error('there is no lane of rows');
  const mine: Busy = new Map();
  const alone = {
    db,
    log,
    vaultOf,
    enforcerOf: async () => enforcer,
    ledgerOf: async () => createFakeLedger(() => new Date()),
    mail: { notifierOf: async () => null, unsubscribeLinks: createUnsubscribeLinks(vault, 'http://hub.test') },
    hooks: {
      sender: createFakeWebhookSender(),
      appendMessage: createAppendMessage({ vaultOf, recipients: createRecipients(vault) }),
    },
    settleCommission: createSettleCommission(clock),
    stock: createStock(db, clock, async (id) => createBuiltinTracker(db, id)),
    pacing: createPacing(),
    leaseMs: 30_000,
  };
  const pollMs = 1_000;
  const handing = createHanding(alone, new Map([[lane, mine]]), () => rows.wake());
  const dispatch = async (): Promise<boolean> => (await dispatchLane({ ...alone, handing }, lane, mine)) > 0;
  const rows = startLoop('rows', dispatch, pollMs, log);
  const decide = async (): Promise<boolean> => (await decideDirtyLines(db, clock, handing, handing.take)) > 0;
  const lines = startLoop('lines', decide, pollMs, log);
  const wake = async (): Promise<boolean> => {
    const isAny = (await wakeDueLines(db, clock)) > 0;
    if (isAny) lines.wake();
    return isAny;
  };
  const ticking = startLoop('clock', wake, pollMs, log);

  const isReached = async (state: string): Promise<boolean> => {
    const [row] = await bridge.look<{ waits: boolean }>(
      `select exists (select from access where tenant_id = $1 and (state <> $2 or applied_generation is distinct from generation))
         as waits`,
      [tenant.id, state],
    );
    return row?.waits === false;
  };
  async function until(state: string): Promise<number> {
    const start = performance.now();
    while (!(await isReached(state))) {
      if (performance.now() - start > patienceMs) throw new Error(`not all lines are ${state}`);
      await pause(20);
    }
    return (performance.now() - start) / 1_000;
  }
  /** The ledger was read just before, and whoever was to be sent away is gone. */
  const moveTo = async (now: number): Promise<void> => {
    await bridge.look(`update outbox set state = 'done' where kind = 'sessions.drop' and state = 'ready'`);
    await bridge.look('update ledger_readings set started_at = $1 where tenant_id = $2', [new Date(now), tenant.id]);
    time.now = now;
  };
  let turns = 0;
  return {
    isolate: async () => {
      turns += 1;
      // Far enough apart that the brake counts each run's cuts alone.
      await moveTo(moments.after + turns * 7_200_000);
      ticking.wake();
      return until('isolated');
    },
    restore: async () => {
      await moveTo(moments.before);
      await bridge.look(
        `insert into dirty_lines (tenant_id, subscription_id, correlation_id, cause)
         select tenant_id, id, 'bench', 'bench' from subscriptions where tenant_id = $1 on conflict do nothing`,
        [tenant.id],
      );
      lines.wake();
      return until('active');
    },
    stop: async () => {
      await Promise.all([ticking.stop(), lines.stop(), rows.stop()]);
      await Promise.all(mine);
    },
  };
}
