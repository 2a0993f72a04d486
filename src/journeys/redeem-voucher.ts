import type { Database, Tx } from '#db/database.ts';
import { ledgerKind } from '#db/ledger-kind.ts';
import { localDate } from '#domain/local-time.ts';
import { taxLines, taxTermsOn } from '#domain/tax.ts';
import { type Entry, lapseBills, post } from '#features/billing/verbs.ts';
import {
  isUnknownCode,
  noteSale,
  type Redeemed,
  type Redeeming,
  type Renewed,
  redeemVoucher,
  standingOf,
  type Typed,
} from '#features/vouchers/verbs.ts';
import { decideMarked } from '#journeys/decide-marked.ts';
import type { Who } from '#platform/caller.ts';
import type { Clock } from '#platform/clock.ts';
import type { Counters } from '#platform/counters.ts';
import { createGuesses } from '#platform/guesses.ts';
import type { TenantVault } from '#platform/secrets.ts';
import { taxRulesOf } from '#platform/tax-settings.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';

export type Redemption = {
  /** By somebody of the tenant's, or a shop's key. */
  redeem(who: Who, typed: { readonly code: string; readonly username: string }): Promise<Redeemed>;
  /** By the subscriber, for the line that it was recognised by. Refusals say why in `details.reason`. */
  redeemOwn(
    at: { readonly tenantId: string; readonly correlationId: string },
    subscriptionId: string,
    code: string,
  ): Promise<Redeemed>;
};

type Deps = {
  readonly db: Database;
  readonly clock: Clock;
  readonly vaultOf: (tenantId: string) => Promise<TenantVault>;
  readonly counters: Counters;
};

const allowed = { name: 'voucher', wrong: 10, windowSeconds: 15 * 60 };

async function termsOf(tx: Tx, tenantId: string, customerId: string, now: number) {
  const query = tx
    .selectFrom('customers as c')
    .innerJoin('tenants as t', 't.id', 'c.tenant_id')
    .where('c.tenant_id', '=', tenantId)
    .where('c.id', '=', customerId)
    .select(['c.is_taxable', 't.settings']);
  const { is_taxable, settings } = await query.executeTakeFirstOrThrow();
  const { tax, time_zone: zone } = readTenantSettings(settings);
  const today = localDate(now, zone);
  // What is printed on a voucher is all that it costs, however bills are taxed.
  return { today, terms: taxTermsOn({ ...taxRulesOf(tax), inclusive: true }, today, is_taxable) };
}

/** Where the money for it is: a reseller paid when it bought it (ADR 44), whoever bought from the ISP pays cash. */
const paidFrom = ({ bought_for, reseller_id, price }: Renewed): Entry =>
  bought_for === null || reseller_id === null
    ? { account: 'cash', amount: price }
    : { account: 'unearned', amount: bought_for, resellerId: reseller_id };

/**
 * Books what the ISP got for the voucher, now that the service is given for it, and takes back bills that it takes the
 * place of (ADR 31). ERPNext books its own sales, and its bills are its own: only what a reseller paid leaves the hub's.
 */
async function settleUp(tx: Tx, { tenantId, who, now }: Redeeming, renewed: Renewed): Promise<void> {
  const isElsewhere = (await ledgerKind(tx, tenantId)) === 'erpnext';
  const paid = paidFrom(renewed);
  if (isElsewhere && paid.account === 'cash') return;
  const { id, customerId, subscriptionId, wasServed } = renewed;
  const { today, terms } = await termsOf(tx, tenantId, customerId, now);
  const by = who?.caller.userId ?? null;
  const [taxed] = taxLines([paid.amount], terms);
  const { net = paid.amount, tax = 0n } = taxed ?? {};
  const earned: readonly Entry[] = isElsewhere
    ? [{ account: 'erpnext', amount: -paid.amount }]
    : [
        { account: 'revenue', amount: -net },
        { account: 'tax_payable', amount: -tax },
      ];
  const deed = { kind: 'voucher', idemKey: `voucher ${id}`, postedOn: today, sourceId: id, postedBy: by };
  const [posting] = await post(tx, tenantId, [{ ...deed, entries: [paid, ...earned] }]);
  if (posting !== undefined) await noteSale(tx, tenantId, id, posting);
  if (isElsewhere) return;
  await lapseBills(tx, tenantId, { subscriptionId, wasServed, today, by }, 'A voucher was redeemed instead');
}

/** All of it in one transaction: the code is used up, the line is valid, the sale is booked, and the line is let in. */
async function redeemWithin(tx: Tx, redeeming: Redeeming, typed: Typed): Promise<Redeemed> {
  const { tenantId, now } = redeeming;
  const renewed = await redeemVoucher(tx, redeeming, typed);
  await settleUp(tx, redeeming, renewed);
  await decideMarked(tx, tenantId, [renewed.subscriptionId], now);
  const { id, subscriptionId, username, days, validUntil } = renewed;
  return {
    id,
    subscription_id: subscriptionId,
    username,
    days,
    valid_until: validUntil.toISOString(),
    ...(await standingOf(tx, tenantId, subscriptionId)),
  };
}

/** Redeeming of vouchers (spec R4), for those who guess not too often. */
export function createRedemption({ db, clock, vaultOf, counters }: Deps): Redemption {
  const guesses = createGuesses(counters, allowed);
  const run = async (at: Omit<Redeeming, 'vault' | 'now'>, guesser: string, typed: Typed): Promise<Redeemed> => {
    const vault = await vaultOf(at.tenantId);
    const check = (): Promise<Redeemed> =>
      db.tenant(at.tenantId, (tx) => redeemWithin(tx, { ...at, vault, now: clock() }, typed));
    return guesses.tried(guesser, check, isUnknownCode);
  };
  return {
    redeem: (who, { code, username }) => {
      const { tenantId, correlationId, caller } = who;
      return run({ tenantId, correlationId, who }, `${tenantId} ${caller.userId}`, { code, line: { username } });
    },
    redeemOwn: ({ tenantId, correlationId }, subscriptionId, code) =>
      run({ tenantId, correlationId, who: null }, `${tenantId} line ${subscriptionId}`, {
        code,
        line: { id: subscriptionId },
      }),
  };
}
