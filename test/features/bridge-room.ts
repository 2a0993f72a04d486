import { randomBytes, randomUUID } from 'node:crypto';
import { createVault, type TenantVault, type Vault } from '#platform/secrets.ts';
import { createTestBridge, type TestBridge } from '#test/setup/bridge.ts';

export type BridgeRoom = TestBridge & {
  readonly vault: Vault;
  readonly vaultOf: (tenantId: string) => Promise<TenantVault>;
  /** An active tenant with a data key; answers its id. */
  addTenant(subdomain?: string): Promise<string>;
};

/** A migrated bridge with a vault, for the tests of one file. */
export async function createBridgeRoom(postgresUrl: string): Promise<BridgeRoom> {
  const bridge = await createTestBridge(postgresUrl);
  const vault = createVault(randomBytes(32));
  return {
    ...bridge,
    vault,
    vaultOf: async (tenantId) => {
      const [row] = await bridge.look<{ data_key: string }>('select data_key from tenants where id = $1', [tenantId]);
      return vault.tenant(tenantId, row?.data_key ?? '');
    },
    addTenant: async (subdomain = `t${randomBytes(4).toString('hex')}`) => {
      const id = randomUUID();
      const row = { id, name: subdomain, subdomain, data_key: vault.newDataKey(id) };
      await bridge.db.gate((tx) => tx.insertInto('tenants').values(row).execute());
      return id;
    },
  };
}
