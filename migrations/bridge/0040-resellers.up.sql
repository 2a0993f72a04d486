-- Partners who sell in their own street (spec S1). Whoever logs in for one, or brings its key, sees its customers alone:
-- a request of a reseller carries its id beside the tenant's, and the policies below hold its rows against it.
create function current_reseller() returns uuid language sql stable
  as $$ select nullif(current_setting('app.reseller_id', true), '')::uuid $$;

create table resellers (
  tenant_id uuid not null references tenants (id),
  id uuid not null default gen_random_uuid(),
  name text not null,
  phone text not null default '',
  email text,
  address text not null default '',
  notes text not null default '',
  is_active boolean not null default true,
  -- Whom ERPNext pays its commission to: a Supplier by journal entry, or an Employee by additional salary (spec S3).
  erp_supplier text,
  erp_employee text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  check (erp_supplier is null or erp_employee is null)
);
create unique index resellers_name on resellers (tenant_id, lower(name));
create index resellers_listed on resellers (tenant_id, created_at, id);
alter table resellers enable row level security;
alter table resellers force row level security;
create policy own on resellers to hub_app, hub_worker using (tenant_id = (select current_tenant()));
create policy gate on resellers to hub_gate using (true) with check (true);
create policy of_reseller on resellers as restrictive to hub_app
  using (case when (select current_reseller()) is null then true else id = (select current_reseller()) end);
grant select, insert, update (name, phone, email, address, notes, is_active, erp_supplier, erp_employee, updated_at)
  on resellers to hub_app;
grant select, insert on resellers to hub_gate;
grant select on resellers to hub_worker;

-- Which plans it may sell. price: what its customers pay a month, in minor units; null: what the plan costs.
create table reseller_plans (
  tenant_id uuid not null references tenants (id),
  reseller_id uuid not null,
  service_plan_id uuid not null,
  price bigint check (price >= 0),
  primary key (tenant_id, reseller_id, service_plan_id),
  foreign key (tenant_id, reseller_id) references resellers (tenant_id, id),
  foreign key (tenant_id, service_plan_id) references service_plans (tenant_id, id)
);
create index reseller_plans_plan on reseller_plans (tenant_id, service_plan_id);
alter table reseller_plans enable row level security;
alter table reseller_plans force row level security;
create policy own on reseller_plans to hub_app, hub_worker using (tenant_id = (select current_tenant()));
create policy of_reseller on reseller_plans as restrictive to hub_app
  using (case when (select current_reseller()) is null then true else reseller_id = (select current_reseller()) end);
grant select, insert, update (price), delete on reseller_plans to hub_app;
grant select on reseller_plans to hub_worker;

-- Until now a user was a reseller by itself; each becomes the one user of a reseller of the same id.
insert into resellers (tenant_id, id, name, is_active)
  select tenant_id, id, name || case when row_number() over (partition by tenant_id, lower(name) order by id) > 1
    then ' ' || left(id::text, 8) else '' end, is_active
  from users where role = 'reseller'
    or id in (select reseller_id from customers where reseller_id is not null
      union select reseller_id from leads where reseller_id is not null);
alter table users add column reseller_id uuid,
  add foreign key (tenant_id, reseller_id) references resellers (tenant_id, id);
update users set reseller_id = id where role = 'reseller';
alter table users add constraint users_of_reseller check ((role = 'reseller') = (reseller_id is not null));
create index users_reseller on users (tenant_id, reseller_id) where reseller_id is not null;
alter table api_keys add column reseller_id uuid,
  add foreign key (tenant_id, reseller_id) references resellers (tenant_id, id);
create index api_keys_reseller on api_keys (tenant_id, reseller_id) where reseller_id is not null;

alter table customers drop constraint customers_tenant_id_reseller_id_fkey,
  add foreign key (tenant_id, reseller_id) references resellers (tenant_id, id);
alter table leads drop constraint leads_tenant_id_reseller_id_fkey,
  add foreign key (tenant_id, reseller_id) references resellers (tenant_id, id);
create index customers_of_reseller_by_status on customers (tenant_id, reseller_id, status)
  where reseller_id is not null and deleted_at is null;

-- Whose deposit, or whose commission, an entry of the books is of.
alter table entries add column reseller_id uuid,
  add foreign key (tenant_id, reseller_id) references resellers (tenant_id, id);
create index entries_of_reseller on entries (tenant_id, reseller_id) where reseller_id is not null;

create policy of_reseller on customers as restrictive to hub_app
  using (case when (select current_reseller()) is null then true else reseller_id = (select current_reseller()) end);
create policy of_reseller on leads as restrictive to hub_app
  using (case when (select current_reseller()) is null then true else reseller_id = (select current_reseller()) end);
create policy of_reseller on subscriptions as restrictive to hub_app
  using (case when (select current_reseller()) is null then true else exists (
    select from customers c where c.tenant_id = subscriptions.tenant_id and c.id = subscriptions.customer_id) end);
create policy of_reseller on invoices as restrictive to hub_app
  using (case when (select current_reseller()) is null then true else exists (
    select from customers c where c.tenant_id = invoices.tenant_id and c.id = invoices.customer_id) end);
create policy of_reseller on payments as restrictive to hub_app
  using (case when (select current_reseller()) is null then true else exists (
    select from customers c where c.tenant_id = payments.tenant_id and c.id = payments.customer_id) end);
