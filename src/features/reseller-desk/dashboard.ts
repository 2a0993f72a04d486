import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { openBills } from '#db/open-bills.ts';
import { accessStates } from '#domain/access.ts';
import { addDays } from '#domain/local-time.ts';
import { dotOf } from '#domain/shop-status.ts';
import type { Who } from '#platform/caller.ts';
import { type Counter, type Desk, idsOfCustomers, openCounter } from './desk.ts';
import type { ResellerLook } from './modem-looks.ts';
import { countOpenRequests } from './requests-store.ts';
import type { Dashboard } from './schema.ts';

/** What other rooms know of a reseller's money, asked in the counter's own transaction. `today` by the tenant's calendar. */
export type Purse = (
  tx: Tx,
  who: Who,
  at: Pick<Counter, 'today'>,
) => Promise<Pick<Dashboard, 'deposit' | 'commission_this_month'>>;

const soonDays = 3;
const shownSoon = 50;

/** By the index that keeps a reseller's customers by state. */
async function countByState(tx: Tx, { tenantId, resellerId }: Counter): Promise<ReadonlyMap<string, number>> {
  const rows = await tx
    .selectFrom('customers')
    .where('tenant_id', '=', tenantId)
    .where('reseller_id', '=', resellerId)
    .where('deleted_at', 'is', null)
    .select(['status', (eb) => eb.fn.countAll<bigint>().as('customers')])
    .groupBy('status')
    .execute();
  return new Map(rows.map(({ status, customers }) => [status, Number(customers)]));
}

type Sums = {
  readonly to_collect: bigint;
  readonly collect_from: bigint;
  readonly overdue: bigint;
  readonly overdue_from: bigint;
  readonly soon: Dashboard['due_soon'];
};

const endOfMonth = (date: string): string => {
  const [year, month] = date.split('-').map(Number);
  return new Date(Date.UTC(year ?? 0, month ?? 0, 0)).toISOString().slice(0, 10);
};

/** All that is said of open bills, in one look at them. */
async function sumBills(tx: Tx, counter: Counter): Promise<Sums | undefined> {
  const { tenantId, kind, today } = counter;
  const month = endOfMonth(today);
  const { rows } = await sql<Sums>`
    with o as materialized (${openBills(tenantId, kind, idsOfCustomers(counter))})
    select coalesce(sum(o.outstanding) filter (where o.due_date <= ${month}), 0)::bigint as to_collect,
      count(distinct o.customer_id) filter (where o.due_date <= ${month}) as collect_from,
      coalesce(sum(o.outstanding) filter (where o.due_date < ${today}), 0)::bigint as overdue,
      count(distinct o.customer_id) filter (where o.due_date < ${today}) as overdue_from,
      coalesce((select jsonb_agg(s) from (
        select c.id, c.name, n.outstanding as amount, n.due_date
        from o n join customers c on c.tenant_id = ${tenantId} and c.id = n.customer_id
        where n.due_date between ${today} and ${addDays(today, soonDays)}
        order by n.due_date, c.name, c.id limit ${shownSoon}) s), '[]') as soon
    from o`.execute(tx);
  return rows[0];
}

/** How many dots of each colour: only who is served has one that depends on its modem. */
function dotsOf(counts: ReadonlyMap<string, number>, look: ResellerLook | null): Dashboard['customers'] {
  const dots = { total: 0, green: 0, red: 0, grey: 0 };
  for (const state of accessStates) {
    const count = counts.get(state) ?? 0;
    const online = state === 'active' && look ? Math.min(count, look.customers.size) : 0;
    dots.total += count;
    dots.green += online;
    dots[dotOf(state, look && false)] += count - online;
  }
  return dots;
}

/** What a reseller sees first (spec S1): how its customers stand, what is to be collected, what it holds and has earned. */
export async function dashboard(desk: Desk, purse: Purse, who: Who): Promise<Dashboard> {
  const { db, clock, looks } = desk;
  const now = clock();
  const read = await db.tenant(who.tenantId, async (tx) => {
    const counter = await openCounter(tx, who, now);
    const [counts, sums, requests, money] = await Promise.all([
      countByState(tx, counter),
      sumBills(tx, counter),
      countOpenRequests(tx, counter),
      purse(tx, who, counter),
    ]);
    return { counter, counts, sums, requests, money };
  });
  const look = await looks.ofReseller(who.tenantId, read.counter.resellerId);
  const { counts, sums, requests, money } = read;
  return {
    customers: dotsOf(counts, look),
    by_state: {
      pending: counts.get('pending') ?? 0,
      active: counts.get('active') ?? 0,
      isolated: counts.get('isolated') ?? 0,
      suspended: counts.get('suspended') ?? 0,
      terminated: counts.get('terminated') ?? 0,
    },
    modems_seen_at: look && new Date(look.at).toISOString(),
    to_collect: { customers: Number(sums?.collect_from ?? 0n), amount: Number(sums?.to_collect ?? 0n) },
    overdue: { customers: Number(sums?.overdue_from ?? 0n), amount: Number(sums?.overdue ?? 0n) },
    due_soon: sums?.soon ?? [],
    open_requests: requests,
    ...money,
  };
}
