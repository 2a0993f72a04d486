import { randomBytes, randomUUID } from 'node:crypto';
import { decideDirtyLines } from '#access/decide-lines.ts';
import { markLines } from '#access/mark-dirty.ts';
import { wakeDueLines } from '#access/wake-lines.ts';
import { groupName } from '#domain/groups.ts';
import { instantAt } from '#domain/local-time.ts';
import { isolirGroupRows, planGroupRows, terminatedGroupRows } from '#domain/radius-groups.ts';
import { consumeInbox } from '#inbox/consume.ts';
import { type Fetching, fetchDirtyDocuments } from '#inbox/fetch-documents.ts';
import type { Arrival } from '#inbox/store.ts';
import { dispatchLane, lanes } from '#outbox/dispatch.ts';
import type { Dispatching } from '#outbox/dispatching.ts';
import { createLog } from '#platform/log.ts';
import { createVault } from '#platform/secrets.ts';
import { createFakeEnforcer } from '#ports/enforcer/fake.ts';
import type { Enforcer } from '#ports/enforcer/port.ts';
import { createFakeLedger } from '#ports/ledger/fake.ts';
import type { Ledger } from '#ports/ledger/port.ts';
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
export async function createTestHub(postgresUrl: string, ports: { enforcer?: Enforcer; ledger?: Ledger } = {}) {
  const bridge = await createTestBridge(postgresUrl, 8);
  const vault = createVault(randomBytes(32));
  const time = { now: noon('2026-11-15') };
  const clock = (): number => time.now;
  const fakeLedger = createFakeLedger(() => new Date(time.now));
  const fakeEnforcer = createFakeEnforcer({ now: () => new Date(time.now) });
  const log = createLog('silent');
  const dataKeys = new Map<string, string>();
  const vaultOf = async (tenantId: string) => vault.tenant(tenantId, dataKeys.get(tenantId) ?? '');
  const fetching: Fetching = {
    db: bridge.db,
    clock,
    log,
    adopt: { line: async () => undefined, customer: async () => undefined },
    ledgerOf: async () => ports.ledger ?? fakeLedger,
    leaseMs: 1_000,
    onRecorded: () => undefined,
  };
  const dispatching: Dispatching = {
    db: bridge.db,
    log,
    vaultOf,
    enforcerOf: async () => ports.enforcer ?? fakeEnforcer,
    ledgerOf: async () => ports.ledger ?? fakeLedger,
    leaseMs: 1_000,
  };
  const busy = new Map(lanes.map((lane) => [lane.name, new Set<Promise<void>>()]));
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

  const steps = {
    consume: () => consumeInbox(bridge.db),
    fetch: async () => {
      const looks = new Set<Promise<void>>();
      const count = await fetchDirtyDocuments(fetching, looks);
      await Promise.all(looks);
      return count;
    },
    clock: () => wakeDueLines(bridge.db, clock),
    decide: () => decideDirtyLines(bridge.db, clock),
    dispatch: async () => {
      let count = 0;
      for (const lane of lanes) {
        const mine = busy.get(lane.name) ?? new Set();
        count += await dispatchLane(dispatching, lane, mine);
        await Promise.all(mine);
      }
      return count;
    },
  };

  /** Runs the steps until none has anything to do. */
  async function settle(): Promise<void> {
    for (;;) {
      let done = 0;
      for (const step of Object.values(steps)) done += await step();
      if (done === 0) return;
    }
  }

  const stateOf = async ({ subscriptionId }: TestLine): Promise<string | undefined> =>
    (await bridge.look<{ state: string }>('select state from access where subscription_id = $1', [subscriptionId]))[0]
      ?.state;

  return {
    ...bridge,
    time,
    clock,
    vault,
    vaultOf,
    ledger: fakeLedger,
    enforcer: fakeEnforcer,
    fetching,
    dispatching,
    addTenant,
    addLine,
    arrival,
    steps,
    settle,
    stateOf,
  };
}

export type TestHub = Awaited<ReturnType<typeof createTestHub>>;
