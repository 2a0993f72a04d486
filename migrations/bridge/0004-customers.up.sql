create table customers (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references tenants (id),
  customer_code text not null,
  name text not null,
  phone text not null,
  address text not null,
  email text,
  notes text not null default '',
  erp_customer text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  unique (tenant_id, id),
  unique (tenant_id, customer_code)
);
create unique index customers_erp on customers (tenant_id, erp_customer) where deleted_at is null;
create index customers_listed on customers (tenant_id, created_at, id) where deleted_at is null;
alter table customers enable row level security;
alter table customers force row level security;
create policy own on customers to hub_app, hub_worker using (tenant_id = (select current_tenant()));
grant select, insert, update on customers to hub_app, hub_worker;

create table subscriptions (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references tenants (id),
  customer_id uuid not null,
  service_plan_id uuid not null,
  billing_mode text not null check (billing_mode in ('prepaid', 'postpaid')),
  due_day smallint not null check (due_day between 1 and 31),
  monthly_fee bigint not null check (monthly_fee > 0),
  radius_db text not null,
  username text not null,
  canonical_username text not null check (canonical_username ~ '^[a-z0-9@._-]{1,32}$'),
  password text not null,
  mac text,
  reply jsonb not null default '[]',
  router_id uuid,
  erp_subscription text,
  -- Facts of its life; what follows from them is in access.
  installed_at timestamptz,
  activated_at timestamptz,
  suspended_at timestamptz,
  suspend_reason text,
  terminated_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (tenant_id, id),
  foreign key (tenant_id, customer_id) references customers (tenant_id, id),
  foreign key (tenant_id, service_plan_id) references service_plans (tenant_id, id),
  foreign key (tenant_id, router_id) references nas (tenant_id, id)
);
create unique index subscriptions_username on subscriptions (radius_db, canonical_username);
create unique index subscriptions_erp on subscriptions (tenant_id, erp_subscription) where erp_subscription is not null;
create index subscriptions_customer on subscriptions (tenant_id, customer_id);
create index subscriptions_plan on subscriptions (tenant_id, service_plan_id);
alter table subscriptions enable row level security;
alter table subscriptions force row level security;
create policy own on subscriptions to hub_app, hub_worker using (tenant_id = (select current_tenant()));
grant select, insert, update on subscriptions to hub_app, hub_worker;

-- ERP customer <-> ERP subscription <-> RADIUS username <-> InvenTree serial <-> MAC, each way (spec B1).
create table bridge_links (
  tenant_id uuid not null references tenants (id),
  subscription_id uuid not null,
  kind text not null check (kind in ('erp_customer', 'erp_subscription', 'radius_username', 'inventree_serial', 'mac')),
  value text not null,
  source text not null,
  recorded_at timestamptz not null default now(),
  primary key (tenant_id, subscription_id, kind),
  foreign key (tenant_id, subscription_id) references subscriptions (tenant_id, id)
);
-- One ERP customer may have several lines; everything else is of one line only.
create unique index bridge_links_value on bridge_links (tenant_id, kind, value) where kind <> 'erp_customer';
create index bridge_links_customer on bridge_links (tenant_id, value) where kind = 'erp_customer';
alter table bridge_links enable row level security;
alter table bridge_links force row level security;
create policy own on bridge_links to hub_app, hub_worker using (tenant_id = (select current_tenant()));
grant select, insert, update, delete on bridge_links to hub_app, hub_worker;
