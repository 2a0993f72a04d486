import type { Tx } from '#db/database.ts';
import { finishScan, noteStep } from '#db/scan-steps.ts';
import type { Intent } from '#domain/intents.ts';
import { ok } from '#domain/result.ts';
import type { StepState } from '#domain/scan.ts';
import type { Claimed } from '#outbox/claim.ts';
import { dispatchPush, type Pushing } from '#outbox/dispatch-push.ts';
import type { Dispatching } from '#outbox/dispatching.ts';

type ModemIntent = Extract<Intent, { kind: 'ledger.modem' }>;
/** Which modem a subscription of the ledger has; an empty serial: none. */
type ModemOfLine = { readonly subscription: string; readonly serial: string };

const lineOf = (tx: Tx, tenantId: string, id: string) =>
  tx
    .selectFrom('subscriptions')
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .select('erp_subscription')
    .executeTakeFirst();

/** The serial of the modem that the line has now; a unit that its MAC locks goes before one without. */
async function serialAt(tx: Tx, tenantId: string, id: string): Promise<string> {
  const unit = await tx
    .selectFrom('assets')
    .where('tenant_id', '=', tenantId)
    .where('subscription_id', '=', id)
    .where('state', '=', 'installed')
    .select('serial')
    .orderBy('mac', (order) => order.asc().nullsLast())
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
  return unit?.serial ?? '';
}

/** Every scan that waits for the ledger to know this line's modem. */
async function noteScans(tx: Tx, tenantId: string, id: string, state: StepState, detail: string): Promise<void> {
  const waiting = await tx
    .selectFrom('scans as s')
    .innerJoin('scan_steps as t', (join) =>
      join.onRef('t.tenant_id', '=', 's.tenant_id').onRef('t.scan_id', '=', 's.id'),
    )
    .innerJoin('scan_steps as moved', (join) =>
      join.onRef('moved.tenant_id', '=', 's.tenant_id').onRef('moved.scan_id', '=', 's.id'),
    )
    .where('s.tenant_id', '=', tenantId)
    .where('s.subscription_id', '=', id)
    .where('s.state', 'in', ['running', 'held'])
    .where('t.name', '=', 'erp')
    .where('t.state', 'in', ['waiting', 'held'])
    .where('moved.name', '=', 'stock')
    .where('moved.state', '=', 'done')
    .select('s.id')
    .execute();
  for (const scan of waiting) {
    await noteStep(tx, tenantId, scan.id, 'erp', state, detail);
    await finishScan(tx, tenantId, scan.id);
  }
}

const isComing = async (tx: Tx, tenantId: string, id: string): Promise<boolean> =>
  (await tx
    .selectFrom('outbox')
    .where('tenant_id', '=', tenantId)
    .where('kind', '=', 'ledger.subscription')
    .where('key', '=', id)
    .where('state', 'in', ['ready', 'running'])
    .select('id')
    .limit(1)
    .executeTakeFirst()) !== undefined;

async function read(tx: Tx, tenantId: string, id: string): ReturnType<Pushing<ModemOfLine>['read']> {
  const line = await lineOf(tx, tenantId, id);
  if (line?.erp_subscription) {
    return { row: { subscription: line.erp_subscription, serial: await serialAt(tx, tenantId, id) } };
  }
  if (line && (await isComing(tx, tenantId, id))) {
    const error = 'its subscription is not in ERPNext yet';
    return { verdict: { state: 'later', error, waitMs: 5_000, isUntried: true } };
  }
  await noteScans(tx, tenantId, id, 'skipped', 'ERPNext has no subscription of this line');
  return { verdict: { state: 'superseded' } };
}

/** Has the ledger show which modem a line has (spec A4). What it says when it goes out is what is so then. */
export function dispatchModem(d: Dispatching, claimed: Claimed, { subscriptionId }: ModemIntent): Promise<void> {
  const { tenantId } = claimed;
  let told = '';
  return dispatchPush<ModemOfLine>(d, claimed, {
    read: (tx) => read(tx, tenantId, subscriptionId),
    push: async (push, { subscription, serial }) => {
      told = serial;
      const written = await push.writeModem(subscription, serial);
      return written.ok ? ok(subscription) : written;
    },
    keep: async (tx, name) => {
      // Another modem by now: it is told by an intent of its own.
      if ((await serialAt(tx, tenantId, subscriptionId)) !== told) return;
      await noteScans(tx, tenantId, subscriptionId, 'done', `${name}: ${told}`);
    },
    died: (tx, error) => noteScans(tx, tenantId, subscriptionId, 'refused', error),
    words: `modem of subscription ${subscriptionId}`,
  });
}
