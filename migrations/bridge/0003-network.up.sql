create table connections (
  tenant_id uuid not null references tenants (id),
  system text not null check (system in ('erpnext', 'freeradius', 'inventree')),
  settings jsonb not null,
  secrets text not null,
  previous_webhook_secret text,
  rotated_at timestamptz,
  tested_at timestamptz,
  test_ok boolean,
  test_text text,
  updated_at timestamptz not null default now(),
  primary key (tenant_id, system)
);
alter table connections enable row level security;
alter table connections force row level security;
create policy own on connections to hub_app, hub_worker using (tenant_id = (select current_tenant()));
create policy gate_verifies on connections for select to hub_gate using (system = 'erpnext');
grant select, insert, update on connections to hub_app;
grant select, update (tested_at, test_ok, test_text) on connections to hub_worker;
grant select (tenant_id, system, secrets, previous_webhook_secret, rotated_at) on connections to hub_gate;

-- radius_db names the RADIUS database that the row lives in: addresses and usernames are unique within it, over all tenants.
create table nas (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references tenants (id),
  radius_db text not null,
  name text not null,
  address inet not null,
  secret text not null,
  coa_address inet,
  coa_port integer not null default 3799 check (coa_port between 1 and 65535),
  type text not null default 'other',
  sign_coa boolean not null default true,
  require_message_authenticator boolean not null default true,
  last_answer_at timestamptz,
  last_silence_at timestamptz,
  created_at timestamptz not null default now(),
  unique (tenant_id, id),
  unique (tenant_id, name)
);
create unique index nas_address on nas (radius_db, address);
alter table nas enable row level security;
alter table nas force row level security;
create policy own on nas to hub_app, hub_worker using (tenant_id = (select current_tenant()));
grant select, insert, update, delete on nas to hub_app;
grant select, update (last_answer_at, last_silence_at) on nas to hub_worker;

create table service_plans (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references tenants (id),
  name text not null,
  key text not null,
  description text not null default '',
  down_kbps integer not null check (down_kbps > 0),
  up_kbps integer not null check (up_kbps > 0),
  price bigint not null check (price > 0),
  billing_cycle text not null default 'monthly',
  features jsonb not null default '[]',
  erp_item text,
  burst jsonb,
  priority smallint check (priority between 1 and 8),
  address_pool text,
  quota_gb integer check (quota_gb > 0),
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  unique (tenant_id, id),
  unique (tenant_id, key)
);
create unique index service_plans_name on service_plans (tenant_id, lower(name)) where deleted_at is null;
alter table service_plans enable row level security;
alter table service_plans force row level security;
create policy own on service_plans to hub_app, hub_worker using (tenant_id = (select current_tenant()));
grant select, insert, update on service_plans to hub_app;
grant select on service_plans to hub_worker;
