import { ok, type Result } from '#domain/result.ts';
import type { LedgerFailure } from '#ports/ledger/port.ts';
import type { LedgerSetup, SetupStep, WantedSetup } from '#ports/ledger/setup.ts';
import type { ErpnextClient } from '../client.ts';
import type { ErpnextMapping } from '../mapping.ts';
import { setUpFields } from './custom-fields.ts';
import { lookAtSite } from './site.ts';
import { wantedFields } from './wanted-fields.ts';
import { setUpWebhooks } from './webhooks.ts';

/** How an ERPNext site is furnished for the hub, by its REST API alone. */
export function createErpnextSetup(client: ErpnextClient, mapping: ErpnextMapping): LedgerSetup {
  async function setUp(wanted: WantedSetup, isMade: boolean): Promise<Result<readonly SetupStep[], LedgerFailure>> {
    const fields = await setUpFields(client, wantedFields(mapping), isMade);
    if (!fields.ok) return fields;
    const webhooks = await setUpWebhooks(client, wanted, isMade);
    if (!webhooks.ok) return webhooks;
    const site = await lookAtSite(client, mapping, wanted);
    return site.ok ? ok([...fields.value, ...webhooks.value, ...site.value]) : site;
  }
  return { inspect: (wanted) => setUp(wanted, false), install: (wanted) => setUp(wanted, true) };
}
