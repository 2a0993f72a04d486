import { markLines } from '#access/mark-dirty.ts';
import { record } from '#audit/record.ts';
import type { Tx } from '#db/database.ts';
import { demand, type Who } from '#platform/caller.ts';
import { notFound } from '#platform/refusal.ts';
import type { TenantVault } from '#platform/secrets.ts';
import { auditedCustomer } from './audited.ts';
import { refuseWithLivingLines } from './changing.ts';
import { eraseAnnounced, eraseDeliveries, eraseFromMirror, eraseModems } from './erase-traces.ts';
import { openNationalId } from './national-id.ts';
import { sightOf } from './sight.ts';
import * as store from './store.ts';

const timelineOf = (tx: Tx, tenantId: string, customerId: string) =>
  tx
    .selectFrom('timeline as t')
    .innerJoin('subscriptions as s', (join) =>
      join.onRef('s.tenant_id', '=', 't.tenant_id').onRef('s.id', '=', 't.subscription_id'),
    )
    .where('s.tenant_id', '=', tenantId)
    .where('s.customer_id', '=', customerId)
    .select(['t.at', 't.kind', 't.text', 's.username'])
    .orderBy('t.id')
    .execute();

const documentsOf = (tx: Tx, tenantId: string, erpCustomer: string | null) =>
  erpCustomer === null
    ? Promise.resolve([])
    : tx
        .selectFrom('ledger_documents')
        .where('tenant_id', '=', tenantId)
        .where((eb) =>
          eb.or([
            eb('customer', '=', erpCustomer),
            eb.and([eb('doctype', '=', 'Customer'), eb('name', '=', erpCustomer)]),
          ]),
        )
        .select(['doctype', 'name', 'fact', 'fetched_at'])
        .orderBy('doctype')
        .orderBy('name')
        .execute();

/**
 * All that this room holds of one person, for the person itself (SEC-28); off the lists or not. Secrets of the line
 * (its PPPoE password) are none of it. The look is noted in the audit log.
 */
export async function exportCustomer(tx: Tx, who: Who, id: string, vault: TenantVault) {
  demand(who.caller, 'customers:reveal');
  const row = await store.findCustomerEver(tx, sightOf(who), id);
  if (!row) throw notFound('customer');
  await record(tx, who, { action: 'reveal', entity: 'customer', id, after: { field: 'export' } });
  const { national_id, national_id_index: _, photo_file, tenant_id: __, ...held } = row;
  const lines = await store.linesOf(tx, who.tenantId, [id]);
  return {
    customer: {
      ...held,
      national_id: national_id === null ? null : openNationalId(vault, id, national_id),
      has_photo: photo_file !== null,
    },
    subscriptions: lines.map((line) => ({ ...line, monthly_fee: Number(line.monthly_fee) })),
    positions: await store.positionsOf(tx, who.tenantId, id),
    timeline: await timelineOf(tx, who.tenantId, id),
    ledger_documents: await documentsOf(tx, who.tenantId, row.erp_customer),
  };
}

/** What the customer is called in the ledger, and its modems, are links of its lines too. */
async function eraseLinks(tx: Tx, { tenantId, correlationId }: Who, customerId: string): Promise<void> {
  const lines = await store.linesOf(tx, tenantId, [customerId]);
  const ids = lines.map((line) => line.id);
  if (ids.length === 0) return;
  await tx
    .deleteFrom('bridge_links')
    .where('tenant_id', '=', tenantId)
    .where('subscription_id', 'in', ids)
    .where('kind', 'in', ['erp_customer', 'mac'])
    .execute();
  await tx
    .updateTable('subscriptions')
    .set({ mac: null, suspend_reason: null })
    .where('tenant_id', '=', tenantId)
    .where('id', 'in', ids)
    .execute();
  await eraseModems(tx, tenantId, ids);
  // So that no decision goes on naming the modem.
  await markLines(tx, { tenantId, correlationId, cause: 'erased' }, ids);
}

const nothing = {
  phone: '-',
  address: '-',
  email: null,
  notes: '',
  latitude: null,
  longitude: null,
  national_id: null,
  national_id_index: null,
  photo_file: null,
  photo_type: null,
  erp_customer: null,
} as const;

/**
 * Takes what is personal out of a customer whose lines have all ended: the code and the history of money and of service
 * stay (SEC-28); docs/operators.md says what else does, and why. Doing it again changes nothing. Answers the name of its photo's file, which is removed after the commit.
 */
export async function eraseCustomer(
  tx: Tx,
  who: Who,
  id: string,
  vault: TenantVault,
): Promise<{ readonly photo: string | null }> {
  demand(who.caller, 'customers:erase');
  const row = await store.findCustomerEver(tx, sightOf(who), id);
  if (!row) throw notFound('customer');
  await refuseWithLivingLines(tx, who.tenantId, row);
  const name = `(erased ${row.customer_code})`;
  await eraseLinks(tx, who, id);
  await eraseDeliveries(tx, who.tenantId, row, vault);
  if (row.erp_customer !== null) await eraseFromMirror(tx, who.tenantId, row.erp_customer, name);
  await eraseAnnounced(tx, who.tenantId, id, name);
  await tx
    .deleteFrom('customer_positions')
    .where('tenant_id', '=', who.tenantId)
    .where('customer_id', '=', id)
    .execute();
  const erased = await store.updateCustomer(tx, who.tenantId, id, {
    ...nothing,
    name,
    erased_at: row.erased_at ?? new Date(),
    deleted_at: row.deleted_at ?? new Date(),
  });
  await record(tx, who, {
    action: 'delete',
    entity: 'customer',
    id,
    before: auditedCustomer(row),
    after: { ...auditedCustomer(erased), erased: true },
  });
  return { photo: row.photo_file };
}
