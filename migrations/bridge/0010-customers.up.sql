-- What a plan may say beyond speed and price (spec C1).
alter table service_plans
  add column queue_type text,
  add column parent_queue text,
  add column dns jsonb not null default '[]',
  add column max_connections smallint check (max_connections between 1 and 100),
  add column quota_action text check (quota_action in ('isolate', 'throttle')),
  add column throttle_plan_id uuid,
  add foreign key (tenant_id, throttle_plan_id) references service_plans (tenant_id, id),
  add check ((quota_action = 'throttle') = (throttle_plan_id is not null)),
  add check (quota_action is null or quota_gb is not null);
create index service_plans_throttle on service_plans (tenant_id, throttle_plan_id) where throttle_plan_id is not null;

-- national_id is sealed; national_id_index is what an exact search compares, made with the tenant's key.
-- status is that of the best served line (spec C9), kept by the triggers below for the list's filter.
alter table customers
  add column reseller_id uuid,
  add column latitude double precision check (latitude between -90 and 90),
  add column longitude double precision check (longitude between -180 and 180),
  add column national_id text,
  add column national_id_index bytea,
  add column photo_file text,
  add column photo_type text,
  add column status text not null default 'pending'
    check (status in ('pending', 'active', 'isolated', 'suspended', 'terminated')),
  add column erased_at timestamptz,
  add foreign key (tenant_id, reseller_id) references users (tenant_id, id),
  add check ((latitude is null) = (longitude is null)),
  add check ((national_id is null) = (national_id_index is null)),
  add check ((photo_file is null) = (photo_type is null));
create index customers_by_status on customers (tenant_id, status, created_at, id) where deleted_at is null;
-- A list that was searched is counted, filtered and sorted without a look at the rows themselves.
create index customers_found on customers (tenant_id, id) include (created_at, status) where deleted_at is null;
create index customers_by_name on customers (tenant_id, name, id) where deleted_at is null;
create index customers_of_reseller on customers (tenant_id, reseller_id, created_at, id) where reseller_id is not null;
create index customers_national_id on customers (tenant_id, national_id_index) where national_id_index is not null;

create table customer_positions (
  id bigint generated always as identity primary key,
  tenant_id uuid not null references tenants (id),
  customer_id uuid not null,
  latitude double precision not null,
  longitude double precision not null,
  recorded_by uuid not null,
  recorded_at timestamptz not null default now(),
  foreign key (tenant_id, customer_id) references customers (tenant_id, id)
);
create index customer_positions_customer on customer_positions (tenant_id, customer_id, id);
alter table customer_positions enable row level security;
alter table customer_positions force row level security;
create policy own on customer_positions to hub_app, hub_worker using (tenant_id = (select current_tenant()));
grant select, insert, delete on customer_positions to hub_app;

-- Who is erased is taken out of the ledger's mirror as well.
grant update (fact) on ledger_documents to hub_app;

-- What customers are found by. Under row-level security only leakproof operators reach an index, and neither ILIKE nor
-- trigrams are; comparing text in collation "C" is. So each searched value stands here from every position on, 16
-- characters at most: a term is found as the beginning of a row. Terms of one or two letters find names by the beginning
-- of a word, and codes by theirs: fields N and C. No foreign keys: the trigger alone writes here, some 50 rows a customer.
create table customer_terms (
  tenant_id uuid not null,
  term text collate "C" not null,
  customer_id uuid not null,
  field text not null check (field in ('n', 'c', 'p', 'e', 'N', 'C')),
  primary key (tenant_id, term, customer_id, field)
);
alter table customer_terms enable row level security;
alter table customer_terms force row level security;
create policy own on customer_terms to hub_app, hub_worker using (tenant_id = (select current_tenant()));
grant select, insert, delete on customer_terms to hub_app, hub_worker;

create function customer_terms_of(customer_name text, code text, phone text, email text)
  returns table (field text, term text) language sql immutable as $$
  with searched (field, value) as (
    values ('n', lower(customer_name)), ('c', lower(code)), ('p', lower(phone)),
      ('p', regexp_replace(phone, '[^0-9]', '', 'g')), ('e', lower(email))
  )
  select s.field, left(substr(s.value, i), 16) from searched s, generate_series(1, length(s.value) - 2) i
  union
  select upper(s.field), left(substr(s.value, i), n)
  from searched s, generate_series(1, length(s.value)) i, generate_series(1, 2) n
  where s.field in ('n', 'c') and n <= length(s.value) - i + 1
    and (i = 1 or (s.field = 'n' and substr(s.value, i - 1, 1) = ' '))
$$;

create function keep_customer_terms() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.deleted_at is null then
    delete from customer_terms t using customer_terms_of(old.name, old.customer_code, old.phone, old.email) o
    where t.tenant_id = old.tenant_id and t.term = o.term and t.customer_id = old.id and t.field = o.field;
  end if;
  if new.deleted_at is null then
    insert into customer_terms (tenant_id, term, customer_id, field)
    select new.tenant_id, o.term, new.id, o.field
    from customer_terms_of(new.name, new.customer_code, new.phone, new.email) o;
  end if;
  return null;
end $$;
create trigger customers_terms_new after insert on customers
  for each row execute function keep_customer_terms();
create trigger customers_terms_changed after update of name, customer_code, phone, email, deleted_at on customers
  for each row when ((old.name, old.customer_code, old.phone, old.email, old.deleted_at)
    is distinct from (new.name, new.customer_code, new.phone, new.email, new.deleted_at))
  execute function keep_customer_terms();

-- How many customers there are in a status: the sum of what was added and taken away. Counting a hundred thousand rows
-- under row-level security costs tens of milliseconds; one counter row would make all that decide wait for each other.
create table customer_tally (
  id bigint generated always as identity primary key,
  tenant_id uuid not null references tenants (id),
  status text not null,
  customers bigint not null
);
create index customer_tally_tenant on customer_tally (tenant_id, status) include (customers);
alter table customer_tally enable row level security;
alter table customer_tally force row level security;
create policy own on customer_tally to hub_app, hub_worker using (tenant_id = (select current_tenant()));
grant select, insert, delete, update on customer_tally to hub_app, hub_worker;

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

-- The customer's row is locked before its lines are looked at: of two lines that move at once, the second one's
-- transaction sees the first one's move.
create function set_customer_status(tenant uuid, customer uuid) returns void language plpgsql as $$
begin
  perform 1 from customers where tenant_id = tenant and id = customer for no key update;
  update customers c set status = best.state
  from (
    select coalesce((array_agg(coalesce(a.state, 'pending') order by
      array_position(array['active', 'isolated', 'suspended', 'pending', 'terminated'], coalesce(a.state, 'pending'))
    ))[1], 'pending') as state
    from subscriptions s left join access a on a.tenant_id = s.tenant_id and a.subscription_id = s.id
    where s.tenant_id = tenant and s.customer_id = customer
  ) best
  where c.tenant_id = tenant and c.id = customer and c.status <> best.state;
end $$;

create function follow_line_state() returns trigger language plpgsql as $$
begin
  perform set_customer_status(new.tenant_id, s.customer_id) from subscriptions s
  where s.tenant_id = new.tenant_id and s.id = new.subscription_id;
  return null;
end $$;
create trigger access_customer_new after insert on access for each row execute function follow_line_state();
create trigger access_customer_moved after update of state on access
  for each row when (old.state is distinct from new.state) execute function follow_line_state();

-- A new line waits: that is better than what has ended, and no better than anything else.
create function follow_new_line() returns trigger language plpgsql as $$
begin
  update customers set status = 'pending'
  where tenant_id = new.tenant_id and id = new.customer_id and status = 'terminated';
  return null;
end $$;
create trigger subscriptions_customer_new after insert on subscriptions
  for each row execute function follow_new_line();

create function follow_moved_line() returns trigger language plpgsql as $$
begin
  perform set_customer_status(new.tenant_id, old.customer_id);
  perform set_customer_status(new.tenant_id, new.customer_id);
  return null;
end $$;
create trigger subscriptions_customer_moved after update of customer_id on subscriptions
  for each row when (old.customer_id <> new.customer_id) execute function follow_moved_line();

-- Customers who are there already. The owner sees no row while row-level security is forced on it.
alter table customers no force row level security;
alter table subscriptions no force row level security;
alter table access no force row level security;
alter table customer_terms no force row level security;
insert into customer_terms (tenant_id, term, customer_id, field)
  select c.tenant_id, o.term, c.id, o.field
  from customers c, customer_terms_of(c.name, c.customer_code, c.phone, c.email) o where c.deleted_at is null;
alter table customer_tally no force row level security;
insert into customer_tally (tenant_id, status, customers)
  select tenant_id, status, count(*) from customers where deleted_at is null group by tenant_id, status;
select set_customer_status(tenant_id, id) from customers;
alter table customer_tally force row level security;
alter table customers force row level security;
alter table subscriptions force row level security;
alter table access force row level security;
alter table customer_terms force row level security;
