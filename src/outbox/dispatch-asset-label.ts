import type { Tx } from '#db/database.ts';
import type { Intent } from '#domain/intents.ts';
import { type Claimed, settleIntent, type Verdict } from '#outbox/claim.ts';
import { type Dispatching, logAttempt } from '#outbox/dispatching.ts';

type LabelIntent = Extract<Intent, { kind: 'asset.label' }>;

const unitOf = (tx: Tx, tenantId: string, id: string) =>
  tx
    .selectFrom('assets as a')
    .leftJoin('subscriptions as s', (join) =>
      join.onRef('s.tenant_id', '=', 'a.tenant_id').onRef('s.id', '=', 'a.subscription_id'),
    )
    .where('a.tenant_id', '=', tenantId)
    .where('a.id', '=', id)
    .where('a.gone_at', 'is', null)
    .select(['a.tracker_ref', 'a.mac', 'a.gpon_sn', 'a.barcode', 's.username'])
    .executeTakeFirst();

/** Copies what the hub knows of a unit now to where people look at it in the tracker; said twice it is the same. */
export async function dispatchAssetLabel(d: Dispatching, claimed: Claimed, { assetId }: LabelIntent): Promise<void> {
  const { tenantId } = claimed;
  const unit = await d.db.look(tenantId, (tx) => unitOf(tx, tenantId, assetId));
  let verdict: Verdict = { state: 'superseded' };
  if (unit) {
    const { tracker_ref: ref, mac, gpon_sn: gponSn, barcode, username } = unit;
    const tracker = await d.stock.trackerOf(tenantId);
    const told = await tracker.label(ref, { mac, gponSn, barcode, username, operationId: null });
    if (told.ok) verdict = { state: 'done' };
    else verdict = { state: told.error.reason === 'unreachable' ? 'retry' : 'dead', error: told.error.detail };
  }
  await d.db.worker(tenantId, (tx) => settleIntent(tx, claimed, verdict));
  logAttempt(d.log, claimed, verdict);
}
