import { createBuiltinTracker } from '#connectors/builtin/asset-tracker.ts';
import { createSettleCommission } from '#journeys/settle-commission.ts';
import { createStock } from '#main/stock.ts';
import { createAppendMessage } from '#outbox/append-message.ts';
import { type Busy, dispatchLane, lanes } from '#outbox/dispatch.ts';
import type { Dispatching } from '#outbox/dispatching.ts';
import { createPacing } from '#outbox/nas-pace.ts';
import { createLog } from '#platform/log.ts';
import { createRecipients } from '#platform/recipients.ts';
import { createUnsubscribeLinks } from '#platform/unsubscribe-links.ts';
import { createFakeEnforcer } from '#ports/enforcer/fake.ts';
import { createFakeLedger } from '#ports/ledger/fake.ts';
import { createFakeNotifier, type FakeNotifier } from '#ports/notifier/fake.ts';
import { createFakeWebhookSender } from '#ports/webhook-sender/fake.ts';
import type { BridgeRoom } from '#test/features/bridge-room.ts';

/** The way out to people and to other systems, on a real bridge, with carriers in memory. */
export function createOutwards(room: BridgeRoom) {
  const { db, vault, vaultOf } = room;
  const lines: string[] = [];
  const notifiers = new Map<string, FakeNotifier>();
  const sender = createFakeWebhookSender();
  const appendMessage = createAppendMessage({ vaultOf, recipients: createRecipients(vault) });
  const unsubscribeLinks = createUnsubscribeLinks(vault, 'https://hub.example.net');
  const dispatching: Dispatching = {
    db,
    log: createLog('debug', { write: (line) => void lines.push(line) }),
    vaultOf,
    enforcerOf: async () => createFakeEnforcer({ now: () => new Date() }),
    ledgerOf: async () => createFakeLedger(() => new Date()),
    mail: { notifierOf: async (tenantId) => notifiers.get(tenantId) ?? null, unsubscribeLinks },
    hooks: { sender, appendMessage },
    settleCommission: createSettleCommission(Date.now),
    stock: createStock(db, Date.now, async (tenantId) => createBuiltinTracker(db, tenantId)),
    pacing: createPacing(),
    handing: null,
    leaseMs: 1_000,
  };

  return {
    dispatching,
    appendMessage,
    unsubscribeLinks,
    sender,
    /** What was logged so far. */
    logged: () => lines.join(''),

    /** A tenant with a mail server of its own. */
    async addTenant(): Promise<{ readonly id: string; readonly notifier: FakeNotifier }> {
      const id = await room.addTenant();
      const notifier = createFakeNotifier();
      notifiers.set(id, notifier);
      return { id, notifier };
    },
    disconnectMail: (tenantId: string): void => void notifiers.delete(tenantId),

    /** Dispatches what is due in a lane until nothing is; what was put off is not due. */
    async run(name: 'messages' | 'webhooks'): Promise<void> {
      const lane = lanes.find((one) => one.name === name);
      if (!lane) throw new Error(`there is no lane ${name}`);
      const busy: Busy = new Map();
      while ((await dispatchLane(dispatching, lane, busy)) > 0) await Promise.all(busy.keys());
    },
    /** Lets the time pass that intents wait for. */
    endWaits: (): Promise<unknown> => room.look(`update outbox set next_at = now() where state = 'ready'`),
    /** A process died with everything that it had in its hands. */
    crash: (): Promise<unknown> =>
      room.look(`update outbox set state = 'running', locked_until = now() - interval '1 s' where state <> 'done'`),
  };
}
export type Outwards = ReturnType<typeof createOutwards>;
