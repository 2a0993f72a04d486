import { createErpnextLedger, type ErpnextLedgerOptions } from '#connectors/erpnext/ledger.ts';
import { createAddressGuard } from '#connectors/kit/address-guard.ts';
import { parseNetworks } from '#connectors/kit/address-kind.ts';
import { createBreaker } from '#connectors/kit/breaker.ts';
import { tellOutage } from '#outbox/tell-outage.ts';
import { askLedgers } from '#reconcile/ask-ledgers.ts';
import { watchLedgers } from '#reconcile/watch-ledgers.ts';
import type { Erpnext, ErpnextOptions } from '#sandbox/erpnext/create-erpnext.ts';
import { smallIsp } from '#sandbox/erpnext/small-isp.ts';
import { createTestHub, noon, type TestHub } from './test-hub.ts';

/** The item that a test hub's plan bills. */
export const lineItem = 'FIBER';

const minuteMs = 60_000;

/** The hub's flow on a real bridge, with an ERPNext stand-in for a ledger whose clock is the hub's, and no webhook. */
export type ErpnextStage = TestHub & {
  readonly erp: Erpnext;
  readonly tenantId: string;
  /** A minute goes by, all that was put off is due, and the loops do what there is to do. */
  minute(minutes?: number): Promise<void>;
  leave(): Promise<void>;
};

function localGuard() {
  const networks = parseNetworks(['127.0.0.0/8']);
  if (!networks.ok) throw new Error(networks.error);
  return createAddressGuard({ allow: networks.value, allowPrivate: true });
}

/** `over`: what the connector does otherwise than usual; `site`: what the site does. */
export async function openErpnextStage(
  postgresUrl: string,
  over: Partial<ErpnextLedgerOptions> = {},
  start = noon('2026-11-15'),
  site: ErpnextOptions = {},
): Promise<ErpnextStage> {
  let time = { now: start };
  const erp = await smallIsp({ ...site, now: () => new Date(time.now) });
  erp.createItem({ item_code: lineItem });
  const ledger = createErpnextLedger({
    ...{ url: erp.url, apiKey: erp.apiKey, apiSecret: erp.apiSecret },
    ...{ currency: 'IDR', isCurrencyChosen: true, guard: localGuard(), timeoutMs: 5_000 },
    now: () => new Date(time.now),
    breaker: createBreaker({ threshold: 1_000, coolDownMs: 1, now: () => 0 }),
    ...over,
  });
  const hub = await createTestHub(postgresUrl, { ledger });
  const follow = async (now: number): Promise<void> => {
    time.now = now;
    await hub.look('update dirty_documents set not_before = now(), locked_until = null');
    await askLedgers(hub.db, hub.clock);
    await hub.settle();
    await watchLedgers(hub.db, hub.clock, (tx, tenantId, news) =>
      tellOutage(tx, tenantId, 'ledger', news, hub.dispatching.hooks.appendMessage),
    );
  };
  hub.time.now = start;
  time = hub.time;
  const tenantId = await hub.addTenant();
  await hub.look(`insert into connections (tenant_id, system, settings, secrets) values ($1, 'erpnext', '{}', '-')`, [
    tenantId,
  ]);
  await hub.look('update connections set updated_at = $2 where tenant_id = $1', [tenantId, new Date(start)]);
  return {
    ...hub,
    erp,
    tenantId,
    minute: async (minutes = 1) => {
      for (let left = minutes; left > 0; left -= 1) await follow(time.now + minuteMs);
    },
    leave: async () => {
      ledger.close();
      await hub.close();
      await erp.stop();
    },
  };
}
