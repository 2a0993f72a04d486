import { stamped } from '#db/idempotency.ts';
import { underDemand } from '#db/precondition.ts';
import { openRolePool, type Tx } from '#db/role-pool.ts';
import { scopedReseller } from '#platform/reseller-scope.ts';

export type { Tx } from '#db/role-pool.ts';

/**
 * The only door to the bridge database. Each method is one transaction; what it throws rolls it back. A statement that
 * ends in a serialisation failure or a deadlock runs again from the start, so callbacks hold no outside effects.
 * Statements that do not wait for each other's answers go out together, and run in the order in which they were begun.
 */
export type Database = {
  /**
   * A tenant's request, by a person or a key; of a reseller's, its own rows (platform/reseller-scope.ts). `keepsPlans`: its
   * statements are always the same few, and many, so that to plan them anew would be most of their time.
   */
  tenant<T>(tenantId: string, work: (tx: Tx) => Promise<T>, keepsPlans?: boolean): Promise<T>;
  /** The hub's own work for one tenant. */
  worker<T>(tenantId: string, work: (tx: Tx) => Promise<T>): Promise<T>;
  /** What the hub's own work looks up about one tenant; nothing may be written. */
  look<T>(tenantId: string, work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Claims over all tenants: sees the work tables and the list of tenants, no tenant's own rows. */
  claims<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** A claim that is one statement. */
  claim<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Doors where no tenant is known yet: login, webhook intake, the platform owner. */
  gate<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** The same for one statement. */
  gateOnce<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  close(): Promise<void>;
};

const uuidOrNobody = /^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})?$/i;

/** Begins a transaction of one tenant (or of nobody). The id stands in the text, so that all is one message. */
function inTenant(begin: string, tenantId: string): string {
  if (!uuidOrNobody.test(tenantId)) throw new Error('A tenant is named by its UUID.');
  return `${begin}; select set_config('app.tenant_id', '${tenantId}', true)`;
}

/** The same for whoever asks: of a reseller, no more than what is its own. */
function inScope(tenantId: string): string {
  const reseller = scopedReseller();
  const opening = inTenant('begin', tenantId);
  if (reseller === null) return opening;
  if (!uuidOrNobody.test(reseller)) throw new Error('A reseller is named by its UUID.');
  return `${opening}, set_config('app.reseller_id', '${reseller}', true)`;
}

/** `url` is a login that may become the three roles; the migrator grants them. */
export function openDatabase(url: string, poolSize = 10): Database {
  const app = openRolePool(url, 'hub_app', poolSize, false);
  const worker = openRolePool(url, 'hub_worker', poolSize, true);
  const gate = openRolePool(url, 'hub_gate', Math.max(2, Math.ceil(poolSize / 2)), true);
  return {
    tenant: async (tenantId, work, keepsPlans) => {
      const begin = inScope(tenantId);
      return underDemand(stamped(tenantId, work), (demanded) => app.transaction(begin, demanded, keepsPlans));
    },
    worker: async (tenantId, work) => worker.transaction(inTenant('begin', tenantId), work),
    look: async (tenantId, work) => worker.reading(inTenant('begin read only', tenantId), work),
    claims: (work) => worker.transaction('begin', work),
    claim: (work) => worker.statement(work),
    gate: (work) => underDemand(stamped(null, work), (demanded) => gate.transaction('begin', demanded)),
    gateOnce: (work) => gate.statement(work),
    close: async () => {
      await Promise.all([app.close(), worker.close(), gate.close()]);
    },
  };
}
