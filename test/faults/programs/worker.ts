import { createBuiltinTracker } from '#connectors/builtin/asset-tracker.ts';
import { createFreeradiusEnforcer } from '#connectors/freeradius/enforcer.ts';
import { type Database, openDatabase } from '#db/database.ts';
import { createForesight } from '#inbox/foresight.ts';
import { createSettleCommission } from '#journeys/settle-commission.ts';
import { createStock } from '#main/stock.ts';
import { startWork } from '#main/work.ts';
import { createAppendMessage } from '#outbox/append-message.ts';
import { createPacing } from '#outbox/nas-pace.ts';
import { createLog } from '#platform/log.ts';
import { createLocalWakeUps } from '#platform/queue.ts';
import { createRecipients } from '#platform/recipients.ts';
import { createVault, type Vault } from '#platform/secrets.ts';
import { createUnsubscribeLinks } from '#platform/unsubscribe-links.ts';
import { createFakeWebhookSender } from '#ports/webhook-sender/fake.ts';
import { askedLedger } from './asked-ledger.ts';
import { type Strike, struckAt, struckEnforcer } from './crash-points.ts';
import { splitInTwo } from './split.ts';
import { playVictim } from './victim.ts';

export type WorkerPlace = {
  readonly databaseUrl: string;
  readonly radiusUrl: string;
  readonly masterKey: Uint8Array;
  readonly leaseMs: number;
  readonly strike: Strike | null;
  /** The wrong variant: effect and "done" are two transactions. */
  readonly isSplit: boolean;
};

const pollMs = 100;

/** Nobody is written to and nobody is told here; the lanes for it stay empty. */
function outwards(vault: Vault, vaultOf: (tenantId: string) => ReturnType<typeof openVault>) {
  const appendMessage = createAppendMessage({ vaultOf, recipients: createRecipients(vault) });
  const unsubscribeLinks = createUnsubscribeLinks(vault, 'http://hub.test');
  return {
    mail: { notifierOf: async () => null, unsubscribeLinks },
    hooks: { sender: createFakeWebhookSender(), appendMessage },
  };
}

async function openVault(db: Database, vault: Vault, tenantId: string) {
  const row = await db.gateOnce((tx) =>
    tx.selectFrom('tenants').where('id', '=', tenantId).select('data_key').executeTakeFirstOrThrow(),
  );
  return vault.tenant(tenantId, row.data_key);
}

/** The loops of a worker on a real bridge and a real RADIUS database, without the wiring of a whole hub. */
playVictim(async ({ databaseUrl, radiusUrl, masterKey, leaseMs, strike, isSplit }: WorkerPlace) => {
  const struck = struckAt(strike);
  const plain = openDatabase(databaseUrl, 6);
  const db = isSplit ? splitInTwo(struck.bridge(plain)) : struck.bridge(plain);
  const vault = createVault(Buffer.from(masterKey));
  const vaultOf = (tenantId: string) => openVault(plain, vault, tenantId);
  // No session is open in these tests, so no Disconnect leaves.
  const obeyed = async () => ({ answer: 'ack', roundTripMs: 1, attempts: 1 }) as const;
  const coa = { disconnect: obeyed, change: obeyed };
  const enforcer = struckEnforcer(createFreeradiusEnforcer({ databaseUrl: radiusUrl, coa }), struck);
  await enforcer.test();
  const asked = askedLedger();
  const ledger = {
    ...asked,
    fetch: (...of: Parameters<typeof asked.fetch>) => struck.call('ledger', () => asked.fetch(...of)),
  };
  const log = createLog('silent');
  const ledgerOf = async () => ledger;
  const adopt = { line: async () => undefined, customer: async () => undefined };
  return async () =>
    startWork({
      db,
      clock: Date.now,
      log,
      wakeUps: createLocalWakeUps(),
      fetching: {
        db,
        clock: Date.now,
        log,
        adopt,
        ledgerOf,
        foresight: createForesight({ db, clock: Date.now, ledgerOf }),
        leaseMs,
      },
      dispatching: {
        db,
        log,
        vaultOf,
        enforcerOf: async () => enforcer,
        ledgerOf,
        leaseMs,
        pacing: createPacing(),
        settleCommission: createSettleCommission(Date.now),
        stock: createStock(db, Date.now, async (id) => createBuiltinTracker(db, id)),
        ...outwards(vault, vaultOf),
      },
      pollMs,
    });
});
