-- Payments from deposits that arrive together are booked together, as the hub's own work.

-- As strict as it was with one move a statement: a move continues the one before it, none lies beyond what the deposit's
-- row counts, and the last one says what that row says. What lies before the last is continued by it, link by link.
create or replace function deposit_move_fits() returns trigger language plpgsql as $$
begin
  if exists (select from added a where
    not exists (select from deposits d where d.tenant_id = a.tenant_id and d.reseller_id = a.reseller_id
      and (d.moves > a.no or (d.moves = a.no and d.balance = a.balance)))
    or (a.no = 1 and a.balance <> a.amount)
    or (a.no > 1 and not exists (select from deposit_moves b where b.tenant_id = a.tenant_id
      and b.reseller_id = a.reseller_id and b.no = a.no - 1 and b.balance + a.amount = a.balance))
    or not exists (select from entries e where e.tenant_id = a.tenant_id and e.posting_id = a.posting_id
      and e.account = 'deposits' having count(*) = 1 and bool_and(e.reseller_id = a.reseller_id)
      and sum(e.amount) = -a.amount))
  then
    raise exception 'a move of a deposit, its balance and its posting must agree'
      using errcode = 'check_violation', constraint = 'deposit_moves_fit';
  end if;
  return null;
end $$;
drop trigger deposit_moves_fit on deposit_moves;
create trigger deposit_moves_fit after insert on deposit_moves referencing new table as added
  for each statement execute function deposit_move_fits();

-- A deposit pays for its reseller's own customers, whatever the code says that books it: past a reseller's scope, too.
create function deposit_pays_for_own() returns trigger language plpgsql as $$
begin
  if not exists (select from customers c where c.tenant_id = new.tenant_id and c.id = new.customer_id
    and c.reseller_id = new.reseller_id)
  then
    raise exception 'a deposit pays for customers of its own reseller alone'
      using errcode = 'check_violation', constraint = 'payments_of_own_customer';
  end if;
  return null;
end $$;
create trigger payments_of_own_customer after insert on payments
  for each row when (new.method = 'deposit') execute function deposit_pays_for_own();

grant insert on audit_logs, audit_pending to hub_worker;
grant update (state) on idempotency_keys to hub_worker;
