drop trigger customers_tally_changed on customers;
drop trigger customers_tally_new on customers;
drop function keep_customer_tally();
drop trigger access_customer_moved on access;
drop trigger access_customer_new on access;
drop function follow_line_states();
drop function set_customer_statuses(uuid, uuid[]);

-- Now and then a writer sums up what it can get hold of; nobody waits for it.
create function keep_customer_tally() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.deleted_at is null then
    insert into customer_tally (tenant_id, status, customers) values (old.tenant_id, old.status, -1);
  end if;
  if new.deleted_at is null then
    insert into customer_tally (tenant_id, status, customers) values (new.tenant_id, new.status, 1);
  end if;
  if random() < 0.01 then
    with gone as (
      delete from customer_tally where id in (
        select id from customer_tally where tenant_id = new.tenant_id for update skip locked
      ) returning status, customers
    )
    insert into customer_tally (tenant_id, status, customers)
    select new.tenant_id, status, sum(customers) from gone group by status;
  end if;
  return null;
end $$;
create trigger customers_tally_new after insert on customers
  for each row execute function keep_customer_tally();
create trigger customers_tally_changed after update of status, deleted_at on customers
  for each row when ((old.status, old.deleted_at is null) is distinct from (new.status, new.deleted_at is null))
  execute function keep_customer_tally();

create function follow_line_state() returns trigger language plpgsql as $$
begin
  perform set_customer_status(new.tenant_id, s.customer_id) from subscriptions s
  where s.tenant_id = new.tenant_id and s.id = new.subscription_id;
  return null;
end $$;
create trigger access_customer_new after insert on access for each row execute function follow_line_state();
create trigger access_customer_moved after update of state on access
  for each row when (old.state is distinct from new.state) execute function follow_line_state();

drop index outbox_ready;
create index outbox_ready on outbox (urgency, next_at, id) where state = 'ready';
