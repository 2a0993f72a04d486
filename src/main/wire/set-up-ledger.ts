import { z } from 'zod';
import type { Database } from '#db/database.ts';
import { err, ok, type Result } from '#domain/result.ts';
import type { TenantVault } from '#platform/secrets.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';
import type { Ledger } from '#ports/ledger/port.ts';
import type { SetupStep, WantedSetup } from '#ports/ledger/setup.ts';

type Reach = {
  readonly db: Database;
  readonly publicUrl: string;
  readonly vaultOf: (tenantId: string) => Promise<TenantVault>;
  readonly ledgerOf: (tenantId: string) => Promise<Ledger | null>;
};

const secretsShape = z.object({ webhook_secret: z.string() });

/** Below this a signature could be found by trying, from one recorded delivery. */
const strongSecretLength = 16;

async function wantedOf({ db, publicUrl, vaultOf }: Reach, tenantId: string): Promise<WantedSetup | null> {
  const row = await db.worker(tenantId, (tx) =>
    tx
      .selectFrom('connections as c')
      .innerJoin('tenants as t', 't.id', 'c.tenant_id')
      .where('c.tenant_id', '=', tenantId)
      .where('c.system', '=', 'erpnext')
      .select(['c.secrets', 't.subdomain', 't.settings'])
      .executeTakeFirst(),
  );
  if (!row) return null;
  const vault = await vaultOf(tenantId);
  const sealed = vault.open(row.secrets, { table: 'connections', column: 'secrets', row: 'erpnext' });
  const { time_zone: timeZone, default_billing_mode: billingMode, commissions } = readTenantSettings(row.settings);
  return {
    webhookUrl: `${publicUrl.replace(/\/+$/, '')}/webhooks/erpnext/${row.subdomain}`,
    webhookSecret: secretsShape.parse(JSON.parse(sealed)).webhook_secret,
    timeZone,
    billingMode,
    commissionAccount: commissions.erp_account,
  };
}

const isHere = (url: string): boolean => /^(localhost|127\.|\[::1\]|0\.0\.0\.0)/.test(new URL(url).host);

/** What the hub's own side of it lacks. */
function ownSide({ webhookUrl, webhookSecret }: WantedSetup): readonly SetupStep[] {
  const address: SetupStep = isHere(webhookUrl)
    ? {
        of: 'address of the hub',
        state: 'advice',
        words: `${webhookUrl} is on this machine alone: set JEMBATAN_PUBLIC_URL to where ERPNext reaches the hub`,
      }
    : { of: 'address of the hub', state: 'there', words: webhookUrl };
  if (webhookSecret.length >= strongSecretLength) return [address];
  const words = `has fewer than ${strongSecretLength} characters: PUT connections/erpnext with another, then install again`;
  return [address, { of: 'webhook secret', state: 'advice', words }];
}

/** Furnishes a tenant's ERPNext (`install`), or looks what it lacks (`inspect`); the error is for the operator. */
export async function setUpLedger(
  reach: Reach,
  tenantId: string,
  how: 'inspect' | 'install',
): Promise<Result<readonly SetupStep[], string>> {
  const [ledger, wanted] = [await reach.ledgerOf(tenantId), await wantedOf(reach, tenantId)];
  if (!ledger?.setup || wanted === null) return err('ERPNext is not connected yet: PUT connections/erpnext first.');
  const steps = await ledger.setup[how](wanted);
  return steps.ok ? ok([...steps.value, ...ownSide(wanted)]) : err(steps.error.detail);
}
