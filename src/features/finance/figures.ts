import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import type { Account } from '#domain/accounts.ts';
import { moneyAccounts } from './schema.ts';

// Every figure is a sum over the entries of the books, and of nothing else.

export type Span = { readonly from: string; readonly to: string };

const joined = sql`entries e join postings p on p.tenant_id = e.tenant_id and p.id = e.posting_id`;

export type Summed = { readonly account: Account; readonly category: string | null; readonly amount: bigint };

/** What was posted in a span of days, by account and category; debits above zero. */
export async function sumsBetween(tx: Tx, tenantId: string, { from, to }: Span): Promise<readonly Summed[]> {
  const { rows } = await sql<Summed>`
    select e.account, e.category, sum(e.amount)::bigint as amount from ${joined}
    where e.tenant_id = ${tenantId} and p.posted_on between ${from} and ${to}
    group by e.account, e.category having sum(e.amount) <> 0 order by e.account, e.category`.execute(tx);
  return rows;
}

export type Moved = { readonly account: Account; readonly opening: bigint; readonly in: bigint; readonly out: bigint };

/** What each of the accounts that hold money had before a span, and what came in and went out in it. */
export async function moneyMoved(tx: Tx, tenantId: string, { from, to }: Span): Promise<readonly Moved[]> {
  const { rows } = await sql<Moved>`
    select e.account, coalesce(sum(e.amount) filter (where p.posted_on < ${from}), 0)::bigint as opening,
      coalesce(sum(e.amount) filter (where p.posted_on >= ${from} and e.amount > 0), 0)::bigint as "in",
      coalesce(-sum(e.amount) filter (where p.posted_on >= ${from} and e.amount < 0), 0)::bigint as "out"
    from ${joined}
    where e.tenant_id = ${tenantId} and p.posted_on <= ${to} and e.account = any(${[...moneyAccounts]})
    group by e.account order by e.account`.execute(tx);
  return rows;
}

export type MovedBy = { readonly kind: string; readonly in: bigint; readonly out: bigint };

/** The same by what the postings are of. */
export async function moneyMovedBy(tx: Tx, tenantId: string, { from, to }: Span): Promise<readonly MovedBy[]> {
  const { rows } = await sql<MovedBy>`
    select p.kind, coalesce(sum(e.amount) filter (where e.amount > 0), 0)::bigint as "in",
      coalesce(-sum(e.amount) filter (where e.amount < 0), 0)::bigint as "out"
    from ${joined}
    where e.tenant_id = ${tenantId} and p.posted_on between ${from} and ${to} and e.account = any(${[...moneyAccounts]})
    group by p.kind order by p.kind`.execute(tx);
  return rows;
}

export type Balanced = { readonly account: Account; readonly debit: bigint; readonly credit: bigint };

export async function balances(tx: Tx, tenantId: string, asOf: string): Promise<readonly Balanced[]> {
  const { rows } = await sql<Balanced>`
    select e.account, coalesce(sum(e.amount) filter (where e.amount > 0), 0)::bigint as debit,
      coalesce(-sum(e.amount) filter (where e.amount < 0), 0)::bigint as credit
    from ${joined} where e.tenant_id = ${tenantId} and p.posted_on <= ${asOf}
    group by e.account order by e.account`.execute(tx);
  return rows;
}

/** Postings whose entries do not sum to zero, or that have none: the database lets none in, and this asks it again. */
export async function unbalanced(tx: Tx, tenantId: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from postings p where p.tenant_id = ${tenantId} and coalesce((
      select sum(e.amount) from entries e where e.tenant_id = p.tenant_id and e.posting_id = p.id), 1) <> 0`.execute(
    tx,
  );
  return rows[0]?.count ?? 0;
}
