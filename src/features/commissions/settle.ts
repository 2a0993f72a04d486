import { sql } from 'kysely';
import { z } from 'zod';
import type { Tx } from '#db/database.ts';
import { settingsOf } from '#db/settings-of.ts';
import type { Account } from '#domain/accounts.ts';
import { baseOf, type CommissionRule, commissionOf, ruleFor, type Sale } from '#domain/commission.ts';
import { localDate } from '#domain/local-time.ts';
import { firstMoney, moneyOf } from './facts.ts';
import { readRules } from './store.ts';

type Side = {
  readonly account: Account;
  readonly amount: bigint;
  readonly resellerId?: string;
  readonly category?: string;
};

/** The books that the hub keeps, as this room writes into them. */
export type Books = {
  readonly post: (
    tx: Tx,
    tenantId: string,
    postings: readonly {
      readonly kind: string;
      readonly idemKey: string;
      readonly postedOn: string;
      readonly sourceId: string | null;
      readonly postedBy: string | null;
      readonly entries: readonly Side[];
    }[],
  ) => Promise<readonly string[]>;
};

const Terms = z.record(z.string(), z.object({ plan: z.string().nullable(), rule: z.string().nullable() }));
type Terms = z.infer<typeof Terms>;

type Source = {
  readonly kind: 'payment' | 'entry';
  readonly source: string;
  readonly reseller_id: string;
  readonly customer_id: string;
  readonly volume: number | null;
  readonly terms: unknown;
  readonly earned: bigint;
};

/** What the commission of a source should be now, and by which terms: kept, so that they count at every later look. */
type Due = {
  readonly amount: bigint;
  readonly base: bigint;
  readonly planId: string | null;
  readonly ruleId: string | null;
  readonly terms: Terms;
};

/** Locks what is about to be looked at: of two looks at once one comes after the other, and sees what it did. */
async function lockSources(tx: Tx, tenantId: string, customerId: string): Promise<readonly Source[]> {
  const { rows } = await sql<Source>`
    select kind, source, reseller_id, customer_id, volume, terms, earned
    from commission_sources where tenant_id = ${tenantId} and customer_id = ${customerId}
    order by kind, source for no key update`.execute(tx);
  return rows;
}

/** How many customers each of them serves now. */
async function livingCustomers(tx: Tx, tenantId: string, resellers: readonly string[]) {
  if (resellers.length === 0) return new Map<string, number>();
  const { rows } = await sql<{ reseller_id: string; n: number }>`
    select reseller_id, count(*)::int as n from customers
    where tenant_id = ${tenantId} and reseller_id = any(${[...new Set(resellers)]}::uuid[]) and deleted_at is null
      and status in ('active', 'isolated')
    group by reseller_id`.execute(tx);
  return new Map(rows.map(({ reseller_id, n }) => [reseller_id, n]));
}

type Looking = {
  readonly rules: readonly CommissionRule[];
  readonly moneyOf: Awaited<ReturnType<typeof moneyOf>>;
  readonly first: string | null;
  readonly zone: string;
};

/** The plan and rule that count for one bill: those that were found at the first look. */
function termsFor(
  { rules }: Looking,
  held: Terms,
  key: string,
  sale: Sale,
): { plan: string | null; rule: string | null } {
  return held[key] ?? { plan: sale.planId, rule: ruleFor(rules, sale)?.id ?? null };
}

function dueOf(look: Looking, row: Source, held: Terms, volume: number): Due {
  const money = look.moneyOf(row);
  const occasion = look.first === row.source ? 'first' : 'recurring';
  // What is taken back is told as what was earned.
  const last = Object.values(held).at(-1);
  let due: Due = { amount: 0n, base: 0n, planId: last?.plan ?? null, ruleId: last?.rule ?? null, terms: held };
  for (const bill of money?.bills ?? []) {
    const { paidOn } = money ?? { paidOn: '' };
    const sale = { resellerId: row.reseller_id, planId: bill.planId, occasion, on: paidOn } as const;
    const terms = termsFor(look, due.terms, `${occasion} ${bill.bill}`, sale);
    const rule = look.rules.find(({ id }) => id === terms.rule);
    due = {
      amount: due.amount + (rule ? commissionOf(rule, bill, volume) : 0n),
      base: due.base + baseOf(bill),
      planId: terms.plan ?? due.planId,
      ruleId: terms.rule ?? due.ruleId,
      terms: { ...due.terms, [`${occasion} ${bill.bill}`]: terms },
    };
  }
  return due;
}

type Difference = { readonly row: Source; readonly due: Due; readonly volume: number };

async function keep(tx: Tx, tenantId: string, { row, due, volume }: Difference): Promise<void> {
  await tx
    .updateTable('commission_sources')
    .set({ earned: due.amount, volume, terms: JSON.stringify(due.terms) })
    .where('tenant_id', '=', tenantId)
    .where('kind', '=', row.kind)
    .where('source', '=', row.source)
    .execute();
}

/** Writes what is to be earned or taken back, each with its posting; `on` is the day by the tenant's calendar. */
async function write(tx: Tx, tenantId: string, some: readonly Difference[], on: string, { post }: Books) {
  for (const { row, due } of some) {
    const amount = due.amount - row.earned;
    const { kind, source, reseller_id: resellerId } = row;
    const { no } = await tx
      .selectFrom('commissions')
      .where('tenant_id', '=', tenantId)
      .where('kind', '=', kind)
      .where('source', '=', source)
      .select(sql<number>`count(*)::int + 1`.as('no'))
      .executeTakeFirstOrThrow();
    const [posting] = await post(tx, tenantId, [
      {
        kind: amount > 0n ? 'commission' : 'commission_back',
        idemKey: `commission ${kind} ${source} ${no}`,
        postedOn: on,
        sourceId: kind === 'payment' ? source : null,
        postedBy: null,
        entries: [
          { account: 'expense', category: 'commission', amount },
          { account: 'commissions_payable', resellerId, amount: -amount },
        ],
      },
    ]);
    if (posting === undefined) throw new Error('No posting came back for a commission.');
    const of = { kind, source, no, reseller_id: resellerId, customer_id: row.customer_id };
    const by = { service_plan_id: due.planId, rule_id: due.ruleId, base: due.base, amount };
    await tx
      .insertInto('commissions')
      .values({ tenant_id: tenantId, ...of, ...by, earned_on: on, posting_id: posting })
      .execute();
  }
}

/**
 * Makes the commission of a customer's payments what it should be (spec S3): looks at what the money is now, and writes the
 * difference to what was earned by it before. Nothing is earned by money that is reversed, cancelled, refunded or settles
 * nothing. However often, late, or at once it is done, it comes to the same. `now` in ms since 1970.
 */
export async function settleCommission(
  tx: Tx,
  tenantId: string,
  customerId: string,
  now: number,
  books: Books,
): Promise<void> {
  const sources = await lockSources(tx, tenantId, customerId);
  if (sources.length === 0) return;
  const { time_zone: zone } = await settingsOf(tx, tenantId);
  const fresh = sources.filter(({ volume }) => volume === null).map(({ reseller_id }) => reseller_id);
  const customers = await livingCustomers(tx, tenantId, fresh);
  const first = await firstMoney(tx, tenantId, customerId);
  const look = {
    rules: await readRules(tx, tenantId),
    moneyOf: await moneyOf(tx, tenantId, sources, zone),
    first,
    zone,
  };
  const seen = sources.map((row): Difference => {
    const volume = row.volume ?? customers.get(row.reseller_id) ?? 0;
    const held = Terms.parse(row.terms);
    const due = dueOf(look, row, held, volume);
    return { row, due, volume };
  });
  const isNews = ({ row, due, volume }: Difference): boolean =>
    due.amount !== row.earned || row.volume !== volume || JSON.stringify(due.terms) !== JSON.stringify(row.terms);
  for (const one of seen.filter(isNews)) await keep(tx, tenantId, one);
  const different = seen.filter(({ row, due }) => due.amount !== row.earned);
  await write(tx, tenantId, different, localDate(now, zone), books);
}
