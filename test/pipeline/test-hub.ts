import { randomBytes, randomUUID } from 'node:crypto';
import { decideDirtyLines, decideWithin } from '#access/decide-lines.ts';
import { markLines } from '#access/mark-dirty.ts';
import { wakeDueLines } from '#access/wake-lines.ts';
import { createBuiltinTracker } from '#connectors/builtin/asset-tracker.ts';
import { groupName } from '#domain/groups.ts';
import { instantAt } from '#domain/local-time.ts';
import { isolirGroupRows, planGroupRows, terminatedGroupRows } from '#domain/radius-groups.ts';
import { fetchDirtyDocuments, takeDeliveries } from '#inbox/fetch-documents.ts';
import { createForesight } from '#inbox/foresight.ts';
import type { Fetching } from '#inbox/look-into.ts';
import type { Arrival } from '#inbox/store.ts';
import { createSettleCommission } from '#journeys/settle-commission.ts';
import { createStock } from '#main/stock.ts';
import { createAppendMessage } from '#outbox/append-message.ts';
import { type Busy, dispatchLane, lanes } from '#outbox/dispatch.ts';
import { foreseeCuts } from '#outbox/dispatch-access.ts';
import type { Dispatching } from '#outbox/dispatching.ts';
import { createHanding } from '#outbox/hand-over.ts';
import { createPacing } from '#outbox/nas-pace.ts';
import { createLog } from '#platform/log.ts';
import { createRecipients } from '#platform/recipients.ts';
import { createVault } from '#platform/secrets.ts';
import { createUnsubscribeLinks } from '#platform/unsubscribe-links.ts';
import type { AssetTracker } from '#ports/asset-tracker/port.ts';
import { createFakeEnforcer } from '#ports/enforcer/fake.ts';
import type { Enforcer } from '#ports/enforcer/port.ts';
import { createFakeLedger } from '#ports/ledger/fake.ts';
import type { Ledger } from '#ports/ledger/port.ts';
import { createFakeWebhookSender } from '#ports/webhook-sender/fake.ts';
import { createTestBridge } from '#test/setup/bridge.ts';

export const zone = 'Asia/Jakarta';
export const noon = (date: string): number => instantAt(date, 12, 0, zone);

/** A line of its own tenant, owing to customer and subscription of the same name in the ledger. */
export type TestLine = {
  readonly tenantId: string;
  readonly subscriptionId: string;
  readonly username: string;
  readonly customer: string;
};

/** The hub without its front doors: the flow's steps on a real bridge, with a ledger and an enforcer in memory. */
export async function createTestHub(
  postgresUrl: string,
  ports: {
    enforcer?: Enforcer;
    ledger?: Ledger;
    trackerOf?: (tenantId: string, own: AssetTracker) => AssetTracker;
  } = {},
) {
  const bridge = await createTestBridge(postgresUrl, 8);
  const masterKey = randomBytes(32);
  const vault = createVault(masterKey);
  const time = { now: noon('2026-11-15') };
  const clock = (): number => time.now;
  const fakeLedger = createFakeLedger(() => new Date(time.now));
  const fakeEnforcer = createFakeEnforcer({ now: () => new Date(time.now) });
  const log = createLog('silent');
  const dataKeys = new Map<string, string>();
  const vaultOf = async (tenantId: string) => vault.tenant(tenantId, dataKeys.get(tenantId) ?? '');
  const busy = new Map(lanes.map((lane) => [lane, new Map() as Busy]));
  const ledgerOf = async () => ports.ledger ?? fakeLedger;
  const enforcerOf = async () => ports.enforcer ?? fakeEnforcer;
  const mail = { notifierOf: async () => null, unsubscribeLinks: createUnsubscribeLinks(vault, 'http://hub.test') };
  const appendMessage = createAppendMessage({ vaultOf, recipients: createRecipients(vault) });
  const hooks = { sender: createFakeWebhookSender(), appendMessage };
  const alone = {
    db: bridge.db,
    log,
    vaultOf,
    enforcerOf,
    ledgerOf,
    mail,
    hooks,
    settleCommission: createSettleCommission(clock),
    stock: createStock(bridge.db, clock, async (id) => {
      const own = createBuiltinTracker(bridge.db, id);
      return ports.trackerOf?.(id, own) ?? own;
    }),
    pacing: createPacing(),
    leaseMs: 1_000,
  };
  const handing = createHanding(alone, busy, () => undefined);
  const dispatching: Dispatching = { ...alone, handing };
  const foresight = createForesight({ db: bridge.db, clock, ledgerOf });
  const fetching: Fetching = {
    db: bridge.db,
    clock,
    log,
    adopt: { line: async () => undefined, customer: async () => undefined },
    ledgerOf,
    foresight,
    leaseMs: 1_000,
    decide: async (tx, tenantId, ids, mayCut = false) => {
      const saved = await decideWithin(tx, tenantId, ids, clock(), handing, { mayCut });
      if (saved) foreseeCuts(bridge.db, saved.claimed);
      return () => saved && handing.take(saved);
    },
    onMarked: () => undefined,
  };
  const underWay = (): Promise<void>[] => [...busy.values()].flatMap((mine) => [...mine.keys()]);
  /** Does a piece of work to the end of what it hands on in memory; answers whether there was anything to do. */
  async function toTheEnd(work: () => Promise<boolean>): Promise<boolean> {
    const others = new Set(underWay());
    let isAny = await work();
    for (;;) {
      const mine = underWay().filter((one) => !others.has(one));
      if (mine.length === 0) return isAny;
      isAny = true;
      await Promise.all(mine);
    }
  }
  const enforcer = ports.enforcer ?? fakeEnforcer;

  async function addTenant(): Promise<string> {
    const id = randomUUID();
    dataKeys.set(id, vault.newDataKey(id));
    await bridge.db.gate((tx) =>
      tx
        .insertInto('tenants')
        .values({ id, name: 'Satu Net', subdomain: `t${id.slice(0, 8)}`, data_key: dataKeys.get(id) ?? '' })
        .execute(),
    );
    const groups = { isolir: isolirGroupRows(), terminated: terminatedGroupRows() };
    for (const kind of ['isolir', 'terminated'] as const) {
      await enforcer.applyGroup({ group: groupName(id, kind), generation: 0n, ...groups[kind] });
    }
    await enforcer.applyGroup({
      group: groupName(id, { plan: 'home' }),
      generation: 0n,
      ...planGroupRows({ downKbps: 10_000, upKbps: 2_000 }),
    });
    return id;
  }

  async function addLine(
    tenantId: string,
    username: string,
    mode: 'prepaid' | 'postpaid' = 'postpaid',
  ): Promise<TestLine> {
    const subscriptionId = randomUUID();
    const keys = await vaultOf(tenantId);
    await bridge.db.tenant(tenantId, async (tx) => {
      const plan = await tx.selectFrom('service_plans').where('key', '=', 'home').select('id').executeTakeFirst();
      const planId =
        plan?.id ??
        (
          await tx
            .insertInto('service_plans')
            .values({
              tenant_id: tenantId,
              name: 'Home',
              key: 'home',
              down_kbps: 10_000,
              up_kbps: 2_000,
              price: 150_000n,
              erp_item: 'FIBER',
            })
            .returning('id')
            .executeTakeFirstOrThrow()
        ).id;
      const customer = await tx
        .insertInto('customers')
        .values({
          tenant_id: tenantId,
          customer_code: username,
          name: username,
          phone: '-',
          address: '-',
          erp_customer: username,
        })
        .returning('id')
        .executeTakeFirstOrThrow();
      await tx
        .insertInto('subscriptions')
        .values({
          id: subscriptionId,
          tenant_id: tenantId,
          customer_id: customer.id,
          service_plan_id: planId,
          billing_mode: mode,
          due_day: 20,
          monthly_fee: 150_000n,
          radius_db: tenantId,
          username,
          canonical_username: username,
          password: keys.seal('rahasia1', { table: 'subscriptions', column: 'password', row: subscriptionId }),
          installed_at: new Date(time.now),
          erp_subscription: username,
        })
        .execute();
      await markLines(tx, { tenantId, correlationId: 'registration', cause: 'registered' }, [subscriptionId]);
    });
    return { tenantId, subscriptionId, username, customer: username };
  }

  /** What a delivery of the ledger leaves in the inbox. */
  const arrival = (tenantId: string, doctype: string, name: string, body: string = randomUUID()): Arrival => ({
    tenantId,
    source: 'erpnext',
    dedup: Buffer.from(body),
    raw: Buffer.from(body),
    doctype,
    name,
    event: 'on_change',
    modified: '',
    state: 'new',
    error: null,
    correlationId: body,
  });

  /** Begins looks and waits for them; answers whether any were begun. */
  const looking = (begin: (looks: Set<Promise<void>>) => Promise<boolean>): Promise<boolean> =>
    toTheEnd(async () => {
      const looks = new Set<Promise<void>>();
      await begin(looks);
      const isAny = looks.size > 0;
      await Promise.all(looks);
      return isAny;
    });
  const dispatch = async (): Promise<boolean> => {
    let isAny = false;
    for (const [lane, mine] of busy) {
      if (await toTheEnd(async () => (await dispatchLane(dispatching, lane, mine)) > 0)) isAny = true;
    }
    return isAny;
  };
  /** The steps of the flow; they answer whether there was anything to do. */
  const steps = {
    consume: () => looking((looks) => takeDeliveries(fetching, looks)),
    fetch: () => looking((looks) => fetchDirtyDocuments(fetching, looks)),
    clock: async () => (await wakeDueLines(bridge.db, clock)) > 0,
    decide: () => toTheEnd(async () => (await decideDirtyLines(bridge.db, clock, handing, handing.take)) > 0),
    dispatch,
  };

  /** Runs the steps until none has anything to do. */
  async function settle(): Promise<void> {
    for (let isAny = true; isAny; ) {
      isAny = false;
      for (const step of Object.values(steps)) if (await step()) isAny = true;
    }
  }

  const stateOf = async ({ subscriptionId }: TestLine): Promise<string | undefined> =>
    (await bridge.look<{ state: string }>('select state from access where subscription_id = $1', [subscriptionId]))[0]
      ?.state;

  return {
    ...bridge,
    time,
    clock,
    masterKey,
    vault,
    vaultOf,
    ledger: fakeLedger,
    enforcer: fakeEnforcer,
    fetching,
    foresight,
    dispatching,
    addTenant,
    addLine,
    arrival,
    looking,
    steps,
    settle,
    stateOf,
  };
}

export type TestHub = Awaited<ReturnType<typeof createTestHub>>;
