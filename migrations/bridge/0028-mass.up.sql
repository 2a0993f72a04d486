-- Ten thousand lines at once: what follows a line's state is done once for a statement instead of once for a row, and a
-- claim finds the intents of its own lane without going through those of the others.

drop index outbox_ready;
create index outbox_ready on outbox (kind, urgency, next_at, id) where state = 'ready';

drop trigger access_customer_new on access;
drop trigger access_customer_moved on access;
drop function follow_line_state();
drop trigger customers_tally_new on customers;
drop trigger customers_tally_changed on customers;
drop function keep_customer_tally();

-- As set_customer_status, for many: all are locked, in one order, before the lines of any are looked at.
create function set_customer_statuses(tenant uuid, people uuid[]) returns void language plpgsql as $$
begin
  perform 1 from customers where tenant_id = tenant and id = any(people) order by id for no key update;
  update customers c set status = best.state
  from (
    select s.customer_id, (array_agg(coalesce(a.state, 'pending') order by
      array_position(array['active', 'isolated', 'suspended', 'pending', 'terminated'], coalesce(a.state, 'pending'))
    ))[1] as state
    from subscriptions s left join access a on a.tenant_id = s.tenant_id and a.subscription_id = s.id
    where s.tenant_id = tenant and s.customer_id = any(people) group by s.customer_id
  ) best
  where c.tenant_id = tenant and c.id = best.customer_id and c.status <> best.state;
end $$;

-- The rows of before and after are put side by side by sorting: a plan for a join of them, made for one row and kept,
-- would serve ten thousand badly. A trigger that sees them all may name no column, so what moved is found here.
create function follow_line_states() returns trigger language plpgsql as $$
declare
  lines uuid[];
  one record;
begin
  if tg_op = 'INSERT' then
    select array_agg(subscription_id) into lines from after;
  else
    select array_agg(subscription_id) into lines from (
      select subscription_id from (
        select subscription_id, state from before union all select subscription_id, state from after
      ) both_ways group by subscription_id having min(state) <> max(state)
    ) moved;
  end if;
  if lines is null then return null; end if;
  for one in
    select tenant_id, array_agg(distinct customer_id) as people from subscriptions where id = any(lines) group by tenant_id
  loop
    perform set_customer_statuses(one.tenant_id, one.people);
  end loop;
  return null;
end $$;
create trigger access_customer_new after insert on access
  referencing new table as after for each statement execute function follow_line_states();
create trigger access_customer_moved after update on access
  referencing old table as before new table as after for each statement execute function follow_line_states();

-- Now and then a writer sums up what it can get hold of; nobody waits for it.
create function keep_customer_tally() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    insert into customer_tally (tenant_id, status, customers)
    select tenant_id, status, count(*) from after where deleted_at is null group by tenant_id, status;
  else
    insert into customer_tally (tenant_id, status, customers)
    select tenant_id, status, sum(n) from (
      select tenant_id, status, -1 as n from before where deleted_at is null
      union all select tenant_id, status, 1 from after where deleted_at is null
    ) change group by tenant_id, status having sum(n) <> 0;
  end if;
  if found and random() < 0.01 then
    with gone as (
      delete from customer_tally where id in (
        select id from customer_tally where tenant_id in (select tenant_id from after) for update skip locked
      ) returning tenant_id, status, customers
    )
    insert into customer_tally (tenant_id, status, customers)
    select tenant_id, status, sum(customers) from gone group by tenant_id, status;
  end if;
  return null;
end $$;
create trigger customers_tally_new after insert on customers
  referencing new table as after for each statement execute function keep_customer_tally();
create trigger customers_tally_changed after update on customers
  referencing old table as before new table as after for each statement execute function keep_customer_tally();
