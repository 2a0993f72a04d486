revoke update (state) on idempotency_keys from hub_worker;
revoke insert on audit_logs, audit_pending from hub_worker;
drop trigger payments_of_own_customer on payments;
drop function deposit_pays_for_own();
drop trigger deposit_moves_fit on deposit_moves;
create or replace function deposit_move_fits() returns trigger language plpgsql as $$
begin
  if not exists (select from deposits d where d.tenant_id = new.tenant_id and d.reseller_id = new.reseller_id
      and d.moves = new.no and d.balance = new.balance)
    or (new.no = 1 and new.balance <> new.amount)
    or (new.no > 1 and not exists (select from deposit_moves b where b.tenant_id = new.tenant_id
      and b.reseller_id = new.reseller_id and b.no = new.no - 1 and b.balance + new.amount = new.balance))
    or not exists (select from entries e where e.tenant_id = new.tenant_id and e.posting_id = new.posting_id
      and e.account = 'deposits' having count(*) = 1 and bool_and(e.reseller_id = new.reseller_id)
      and sum(e.amount) = -new.amount)
  then
    raise exception 'a move of a deposit, its balance and its posting must agree'
      using errcode = 'check_violation', constraint = 'deposit_moves_fit';
  end if;
  return null;
end $$;
create trigger deposit_moves_fit after insert on deposit_moves for each row execute function deposit_move_fits();
