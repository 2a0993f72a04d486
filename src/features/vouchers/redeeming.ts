import { markLines } from '#access/mark-dirty.ts';
import { record } from '#audit/record.ts';
import type { Tx } from '#db/database.ts';
import { appendTimeline } from '#db/timeline.ts';
import { localDate } from '#domain/local-time.ts';
import { canonicalUsername } from '#domain/username.ts';
import { extendedValidity } from '#domain/validity.ts';
import { typedCode } from '#domain/voucher-code.ts';
import { demand, may, resellerOf, type Who } from '#platform/caller.ts';
import { notFound, Refusal } from '#platform/refusal.ts';
import type { TenantVault } from '#platform/secrets.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';
import { hashOf } from './codes.ts';
import * as store from './store.ts';

/** In whose name a voucher is redeemed: `who` null, the subscriber's own, who is told less. `now` in ms since 1970. */
export type Redeeming = {
  readonly tenantId: string;
  readonly correlationId: string;
  readonly who: Who | null;
  readonly vault: TenantVault;
  readonly now: number;
};
/** What is typed, and the line that it is for: by its PPPoE username, or by its id. */
export type Typed = { readonly code: string; readonly line: store.LineToRenew };

export type Renewed = store.Taken & {
  readonly subscriptionId: string;
  readonly customerId: string;
  readonly username: string;
  readonly validUntil: Date;
  /** Whether the line was ever online before. */
  readonly wasServed: boolean;
};

/** Why a code is not taken; `details.reason` of the refusal, for whoever words it for subscribers. */
type Why = 'used' | 'expired' | 'void' | 'other_plan' | 'postpaid' | 'ended';
const refused = (why: Why, message: string, more: Record<string, unknown> = {}): Refusal =>
  new Refusal('CONFLICT', message, { reason: why, ...more });

/** The same whether the code is mistyped, nobody's, or another tenant's. */
const unknownCode = (): Refusal => notFound('voucher');
/** Whether a refusal means that somebody may be guessing. */
export const isUnknownCode = (error: unknown): boolean =>
  error instanceof Refusal && error.code === 'NOT_FOUND' && error.message === unknownCode().message;

async function lineFor(tx: Tx, { tenantId, who }: Redeeming, line: store.LineToRenew): Promise<store.LockedLine> {
  const resellerId = who && resellerOf(who.caller);
  const name = 'username' in line ? canonicalUsername(line.username) : null;
  if (name && !name.ok) throw notFound('subscription');
  const found = await store.lockLine(tx, tenantId, name ? { username: name.value } : line, resellerId);
  if (!found) throw notFound('subscription');
  if (found.terminated_at !== null) throw refused('ended', 'This subscription has ended.');
  if (found.billing_mode === 'postpaid') {
    throw refused('postpaid', 'This subscription is postpaid: it is paid by its bill, not by a voucher.');
  }
  return found;
}

/** Why the voucher was not there to be taken. When and for whom a used one went is for staff. */
async function whyNot(tx: Tx, { tenantId, who }: Redeeming, taking: store.Taking): Promise<Refusal> {
  const voucher = await store.findByCode(tx, tenantId, taking.hash, taking.prefix);
  if (!voucher) return unknownCode();
  if (voucher.state === 'redeemed') {
    const isStaff = who !== null && may(who.caller, 'vouchers:read');
    const when = { redeemed_at: voucher.redeemed_at?.toISOString(), username: voucher.username };
    return refused('used', 'This voucher was used already.', isStaff ? when : {});
  }
  if (voucher.state === 'void') return refused('void', 'This voucher is not valid any more.');
  if (voucher.expires_on !== null && voucher.expires_on < taking.today) {
    return refused('expired', `This voucher expired on ${voucher.expires_on}.`, { expires_on: voucher.expires_on });
  }
  return refused('other_plan', `This voucher is for the plan ${voucher.plan_name}.`, { plan: voucher.plan_name });
}

async function tell(tx: Tx, { tenantId, correlationId, who }: Redeeming, line: store.LockedLine, renewed: Renewed) {
  const until = renewed.validUntil.toISOString();
  const data = { voucher_id: renewed.id, batch_id: renewed.batch_id, days: renewed.days, valid_until: until };
  const text = `A voucher of ${renewed.days} days was redeemed: valid until ${until}.`;
  await appendTimeline(tx, tenantId, [
    { subscriptionId: line.id, kind: 'voucher', text, correlationId, data: { ...data, user_id: who?.caller.userId } },
  ]);
  if (who) {
    const change = { action: 'update', entity: 'voucher', id: renewed.id } as const;
    const before = { state: 'unused', line_valid_until: line.valid_until };
    const after = { state: 'redeemed', subscription_id: line.id, line_valid_until: renewed.validUntil };
    await record(tx, who, { ...change, before, after });
  }
  await markLines(tx, { tenantId, correlationId, cause: 'a voucher was redeemed' }, [line.id]);
}

/**
 * Renews a prepaid line by a voucher's days, once whoever else tries the same code (spec R4), and marks the line. Throws
 * NOT_FOUND for a code of nobody's or another tenant's, CONFLICT with `details.reason` where there is one and it is not
 * taken. Whoever lets strangers in here counts their wrong codes (journeys/redeem-voucher.ts).
 */
export async function redeemVoucher(tx: Tx, redeeming: Redeeming, { code, line: which }: Typed): Promise<Renewed> {
  const { tenantId, who, vault, now } = redeeming;
  if (who) demand(who.caller, 'vouchers:redeem');
  const { settings } = await store.tenantOf(tx, tenantId);
  const { time_zone: zone } = readTenantSettings(settings);
  const line = await lineFor(tx, redeeming, which);
  const typed = typedCode(code);
  if (!typed) throw unknownCode();
  const taking: store.Taking = {
    hash: hashOf(vault, typed.secret),
    prefix: typed.prefix,
    line,
    today: localDate(now, zone),
    at: new Date(now),
    by: who?.caller.userId ?? null,
  };
  const taken = await store.takeVoucher(tx, tenantId, taking);
  if (!taken) throw await whyNot(tx, redeeming, taking);
  const validUntil = new Date(extendedValidity(line.valid_until?.getTime() ?? null, taken.days, now, zone));
  await store.renewLine(tx, tenantId, taken.id, line.id, validUntil);
  const { id: subscriptionId, customer_id: customerId, username } = line;
  const wasServed = line.activated_at !== null;
  const renewed = { ...taken, subscriptionId, customerId, username, validUntil, wasServed };
  await tell(tx, redeeming, line, renewed);
  return renewed;
}
