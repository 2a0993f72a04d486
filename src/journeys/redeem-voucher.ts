import type { Database, Tx } from '#db/database.ts';
import { ledgerKind } from '#db/ledger-kind.ts';
import { localDate } from '#domain/local-time.ts';
import { taxLines, taxTermsOn } from '#domain/tax.ts';
import { post } from '#features/billing/verbs.ts';
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

async function taxOf(tx: Tx, { tenantId, now }: Redeeming, customerId: string) {
  const query = tx
    .selectFrom('customers as c')
    .innerJoin('tenants as t', 't.id', 'c.tenant_id')
    .where('c.tenant_id', '=', tenantId)
    .where('c.id', '=', customerId)
    .select(['c.is_taxable', 't.settings']);
  const { is_taxable, settings } = await query.executeTakeFirstOrThrow();
  const { tax, time_zone: zone } = readTenantSettings(settings);
  const postedOn = localDate(now, zone);
  // What is printed on a voucher is all that it costs, however bills are taxed.
  return { postedOn, terms: taxTermsOn({ ...taxRulesOf(tax), inclusive: true }, postedOn, is_taxable) };
}

/** Books what the voucher was sold for, now that the service is given for it (ADR 31). ERPNext books its own sales. */
async function bookSale(tx: Tx, redeeming: Redeeming, { id, price, customerId }: Renewed): Promise<void> {
  const { tenantId, who } = redeeming;
  if ((await ledgerKind(tx, tenantId)) === 'erpnext') return;
  const { postedOn, terms } = await taxOf(tx, redeeming, customerId);
  const [taxed] = taxLines([price], terms);
  const { net = price, tax = 0n } = taxed ?? {};
  const deed = { kind: 'voucher', idemKey: `voucher ${id}`, postedOn, sourceId: id };
  const [posting] = await post(tx, tenantId, [
    {
      ...deed,
      postedBy: who?.caller.userId ?? null,
      entries: [
        { account: 'cash', amount: net + tax },
        { account: 'revenue', amount: -net },
        { account: 'tax_payable', amount: -tax },
      ],
    },
  ]);
  if (posting !== undefined) await noteSale(tx, tenantId, id, posting);
}

/** All of it in one transaction: the code is used up, the line is valid, the sale is booked, and the line is let in. */
async function redeemWithin(tx: Tx, redeeming: Redeeming, typed: Typed): Promise<Redeemed> {
  const { tenantId, now } = redeeming;
  const renewed = await redeemVoucher(tx, redeeming, typed);
  await bookSale(tx, redeeming, renewed);
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
