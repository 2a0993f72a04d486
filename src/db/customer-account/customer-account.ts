import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { ledgerKind } from '#db/ledger-kind.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';
import { mirroredAccount } from './mirrored.ts';
import { ownAccount } from './own.ts';

/** One line of a customer's account, whoever keeps the books. Days are of the tenant's calendar. */
export type AccountEntry = {
  readonly customer_id: string;
  readonly on: string;
  /** `what`: the kind of what it takes back, where it takes something back (`is_back`). */
  readonly kind: string;
  readonly what: string;
  readonly is_back: boolean;
  /** Of a document that has a number; of money whose word it was. */
  readonly number: string | null;
  readonly reference: string | null;
  readonly payment_id: string | null;
  readonly source_id: string | null;
  /** Minor units; above zero more is owed. */
  readonly amount: bigint;
  readonly due: string;
  /** The day of what takes it back, or of what it takes back. */
  readonly paired_on: string | null;
  /** The hub took it, and ERPNext was not yet seen to have it. */
  readonly on_its_way: boolean;
};

/** How entries follow on each other. */
export const inOrder = sql`"on", rank, at, id, no`;

/** Customers' accounts where the tenant's ledger keeps them (spec L1, L2): of its own books, or of the mirror of ERPNext's. */
export async function accountOf(tx: Tx, tenantId: string): Promise<RawBuilder<AccountEntry>> {
  if ((await ledgerKind(tx, tenantId)) === 'builtin') return ownAccount(tenantId);
  const tenant = tx.selectFrom('tenants').where('id', '=', tenantId).select('settings');
  const { time_zone: zone } = readTenantSettings((await tenant.executeTakeFirstOrThrow()).settings);
  return mirroredAccount(tenantId, zone);
}
