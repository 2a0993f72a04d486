import type { TestBridge } from '#test/setup/bridge.ts';

/** Each asks for what must never be: every row that comes back is a violation. */
const questions: Readonly<Record<string, string>> = {
  'a deposit that holds something else than its moves': `
    select reseller_id::text as what from deposits d where tenant_id = $1 and (balance, moves) is distinct from
      (select (coalesce(sum(amount), 0)::bigint, count(*)) from deposit_moves m
        where m.tenant_id = d.tenant_id and m.reseller_id = d.reseller_id)`,
  'a deposit that holds something else than the books say': `
    select reseller_id::text as what from deposits d where tenant_id = $1 and balance <> -coalesce((select sum(amount)
      from entries e where e.tenant_id = d.tenant_id and e.reseller_id = d.reseller_id and e.account = 'deposits'), 0)`,
  'a move whose running balance is not the one before and its amount': `
    select id::text as what from (select id, balance, amount, lag(balance, 1, 0::bigint) over (partition by reseller_id order by no) as b
      from deposit_moves where tenant_id = $1) m where balance <> b + amount`,
  'a payment of a deposit that took something else from it': `
    select p.id::text as what from payments p where p.tenant_id = $1 and p.method = 'deposit'
      and (case p.status when 'reversed' then 0 else p.amount - p.refunded end) <> -coalesce((select sum(m.amount)
        from deposit_moves m where m.tenant_id = p.tenant_id and m.source_id = p.id), 0)`,
  'a request that moved something else': `
    select t.id::text as what from deposit_top_ups t where t.tenant_id = $1
      and (case when t.state <> 'done' then 0 when t.by_gateway then (select c.paid_amount from charges c
        where c.tenant_id = t.tenant_id and c.top_up_id = t.id) when t.kind = 'top_up' then t.amount else -t.amount end)
      <> coalesce((select sum(m.amount) from deposit_moves m where m.tenant_id = t.tenant_id and m.source_id = t.id), 0)`,
};

/** What is wrong with a tenant's deposits; nothing, if balances, moves, books and their reasons agree. */
export async function depositFindings(look: TestBridge['look'], tenantId: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const [name, question] of Object.entries(questions)) {
    for (const { what } of await look<{ what: string }>(question, [tenantId])) found.push(`${name}: ${what}`);
  }
  return found;
}
