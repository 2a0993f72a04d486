import { groupBy } from '#domain/group-by.ts';
import type { IntentKind } from '#domain/intents.ts';
import { type Claimed, claimIntents, withLease } from '#outbox/claim.ts';
import { dispatchAccess, isAccess } from '#outbox/dispatch-access.ts';
import { dispatchAssetLabel } from '#outbox/dispatch-asset-label.ts';
import { dispatchAssetMove } from '#outbox/dispatch-asset-move.ts';
import { dispatchChange } from '#outbox/dispatch-change.ts';
import { dispatchCheckIn } from '#outbox/dispatch-check-in.ts';
import { dispatchClose } from '#outbox/dispatch-close.ts';
import { dispatchCommission } from '#outbox/dispatch-commission.ts';
import { dispatchCustomer } from '#outbox/dispatch-customer.ts';
import { dispatchDescribe } from '#outbox/dispatch-describe.ts';
import { dispatchDrop } from '#outbox/dispatch-drop.ts';
import { dispatchEntry, dispatchUsername } from '#outbox/dispatch-entries.ts';
import { dispatchLedgerInvoice } from '#outbox/dispatch-ledger-invoice.ts';
import { dispatchMessage } from '#outbox/dispatch-message.ts';
import { dispatchModem } from '#outbox/dispatch-modem.ts';
import { dispatchPayment } from '#outbox/dispatch-payment.ts';
import { dispatchPayout } from '#outbox/dispatch-payout.ts';
import { dispatchRefresh } from '#outbox/dispatch-refresh.ts';
import { dispatchRemoval } from '#outbox/dispatch-removal.ts';
import { dispatchSalary } from '#outbox/dispatch-salary.ts';
import { dispatchSubscription } from '#outbox/dispatch-subscription.ts';
import { dispatchWebhook } from '#outbox/dispatch-webhook.ts';
import type { Dispatching } from '#outbox/dispatching.ts';
import { resumeScans } from '#outbox/resume-scans.ts';
import { isWatch, watchScans } from '#outbox/watch-scans.ts';
import { withCorrelation } from '#platform/log.ts';

/**
 * Intents that wait for the same thing share a lane, so that a deaf router never holds up a row. `work`: a claim is one piece
 * of work (`together`), what users stand on first; or a piece for each tenant, of whom nothing is claimed until it is over;
 * or each intent is on its own. Of these two the lane goes on claiming meanwhile.
 */
export type Lane = {
  readonly name: string;
  readonly kinds: readonly IntentKind[];
  readonly limit: number;
  readonly work: 'together' | 'by tenant' | 'each';
  /** How many may be handed over at a time without a claim (none, unless said); more wait, and are done together. */
  readonly handed?: number;
};

export const lanes: readonly Lane[] = [
  {
    name: 'rows',
    kinds: ['tenant.apply', 'nas.apply', 'nas.remove', 'group.apply', 'access.apply'],
    limit: 500,
    work: 'together',
    handed: 4,
  },
  { name: 'refreshes', kinds: ['sessions.refresh'], limit: 2, work: 'each' },
  {
    name: 'sessions',
    kinds: ['sessions.drop', 'sessions.change', 'session.close'],
    limit: 200,
    work: 'each',
    handed: 50,
  },
  { name: 'people', kinds: ['user.describe'], limit: 20, work: 'each' },
  {
    name: 'ledger',
    kinds: [
      'ledger.modem',
      ...(['ledger.username', 'ledger.customer', 'ledger.subscription', 'ledger.payment', 'ledger.invoice'] as const),
      'ledger.salary',
      'ledger.payout',
      'ledger.checkin',
    ],
    limit: 20,
    work: 'each',
    handed: 10,
  },
  { name: 'assets', kinds: ['asset.move'], limit: 20, work: 'each', handed: 10 },
  // Nobody waits for them, and each is several requests: a technician's move does not stand behind a row of them.
  { name: 'labels', kinds: ['asset.label'], limit: 2, work: 'each' },
  { name: 'scans', kinds: ['scan.resume'], limit: 20, work: 'each', handed: 10 },
  { name: 'watches', kinds: ['scan.watch'], limit: 20, work: 'by tenant' },
  { name: 'commissions', kinds: ['commission.settle'], limit: 20, work: 'each' },
  { name: 'removals', kinds: ['tenant.remove'], limit: 2, work: 'each', handed: 0 },
  { name: 'messages', kinds: ['message.send'], limit: 20, work: 'each' },
  { name: 'webhooks', kinds: ['webhook.deliver'], limit: 50, work: 'each', handed: 0 },
];

function dispatchOne(d: Dispatching, claimed: Claimed): Promise<void> {
  const { intent } = claimed;
  switch (intent.kind) {
    case 'access.apply':
      return isAccess(claimed) ? dispatchAccess(d, [claimed]) : Promise.resolve();
    case 'group.apply':
    case 'nas.apply':
    case 'nas.remove':
    case 'tenant.apply':
      return dispatchEntry(d, claimed, intent);
    case 'sessions.drop':
      return dispatchDrop(d, claimed, intent);
    case 'sessions.change':
      return dispatchChange(d, claimed, intent);
    case 'sessions.refresh':
      return dispatchRefresh(d, claimed, intent);
    case 'session.close':
      return dispatchClose(d, claimed, intent);
    case 'user.describe':
      return dispatchDescribe(d, claimed, intent);
    case 'ledger.username':
      return dispatchUsername(d, claimed, intent);
    case 'ledger.customer':
      return dispatchCustomer(d, claimed, intent);
    case 'ledger.subscription':
      return dispatchSubscription(d, claimed, intent);
    case 'ledger.payment':
      return dispatchPayment(d, claimed, intent);
    case 'ledger.invoice':
      return dispatchLedgerInvoice(d, claimed, intent);
    case 'ledger.modem':
      return dispatchModem(d, claimed, intent);
    case 'asset.move':
      return dispatchAssetMove(d, claimed, intent);
    case 'asset.label':
      return dispatchAssetLabel(d, claimed, intent);
    case 'scan.resume':
      return resumeScans(d, claimed, intent);
    case 'scan.watch':
      return isWatch(claimed) ? watchScans(d, claimed.tenantId, [claimed]) : Promise.resolve();
    case 'ledger.checkin':
      return dispatchCheckIn(d, claimed, intent);
    case 'commission.settle':
      return dispatchCommission(d, claimed, intent);
    case 'ledger.payout':
      return dispatchPayout(d, claimed, intent);
    case 'ledger.salary':
      return dispatchSalary(d, claimed, intent);
    case 'tenant.remove':
      return dispatchRemoval(d, claimed, intent);
    case 'message.send':
      return dispatchMessage(d, claimed, intent);
    case 'webhook.deliver':
      return dispatchWebhook(d, claimed, intent);
  }
}

/** A failure here is the bridge's own (its database is away): the lease ends and somebody tries again. */
async function safely(d: Dispatching, claimed: Claimed, work: () => Promise<void>): Promise<void> {
  await withCorrelation(claimed.correlationId, async () => {
    try {
      await work();
    } catch (error) {
      d.log.error('an intent could not be settled; its lease will end', {
        tenant: claimed.tenantId,
        kind: claimed.intent.kind,
        error,
      });
    }
  });
}

/** Groups, routers and tenants, then the users that stand on them (law 7). */
async function dispatchRows(d: Dispatching, claimed: readonly Claimed[]): Promise<void> {
  const entries = claimed.filter((one) => !isAccess(one));
  await Promise.all(entries.map((one) => safely(d, one, () => dispatchOne(d, one))));
  const users = claimed.filter(isAccess);
  const [first] = users;
  if (first) await safely(d, first, () => dispatchAccess(d, users));
}

/** What a lane has under way, and for which tenant. */
export type Busy = Map<Promise<void>, string>;

function start(d: Dispatching, some: readonly Claimed[], busy: Busy, work: () => Promise<void>): void {
  const [first] = some;
  if (!first) return;
  const started: Promise<void> = withLease(d.db, some, d.leaseMs, () => safely(d, first, work)).finally(() =>
    busy.delete(started),
  );
  busy.set(started, first.tenantId);
}

/** Starts on intents that this process has leased, each on its own; `busy` holds what is under way. */
export function startDispatch(d: Dispatching, claimed: readonly Claimed[], busy: Busy): void {
  for (const one of claimed) start(d, [one], busy, () => dispatchOne(d, one));
}

/** The same for those that are one piece of work for a tenant. */
function startTenants(d: Dispatching, claimed: readonly Claimed[], busy: Busy): void {
  for (const [tenantId, some] of groupBy(claimed.filter(isWatch), (one) => one.tenantId)) {
    start(d, some, busy, () => watchScans(d, tenantId, some));
  }
}

/**
 * Claims what is due in a lane and dispatches it. `busy` holds what is still under way, which may outlast this call.
 * Answers how many intents were claimed.
 */
export async function dispatchLane(d: Dispatching, lane: Lane, busy: Busy): Promise<number> {
  const room = lane.limit - busy.size;
  if (room <= 0) {
    await Promise.race(busy.keys());
    return 1;
  }
  const except = lane.work === 'by tenant' ? new Set(busy.values()) : undefined;
  const claimed = await claimIntents(d.db, lane.kinds, d.leaseMs, room, except);
  if (lane.work === 'together') await withLease(d.db, claimed, d.leaseMs, () => dispatchRows(d, claimed));
  else if (lane.work === 'each') startDispatch(d, claimed, busy);
  else startTenants(d, claimed, busy);
  return claimed.length;
}
