-- Every table of the bridge forces row-level security from its first day: an application role sees the rows of the
-- tenant that its transaction names, and none without one. Roles are made by the migrator, before any file runs:
--   hub_owner   owns the tables; nobody logs in as it
--   hub_app     a tenant's requests
--   hub_gate    the doors where no tenant is known yet: login, webhook intake, the platform owner
--   hub_worker  claims work across tenants, then works inside one
create function current_tenant() returns uuid language sql stable
  as $$ select nullif(current_setting('app.tenant_id', true), '')::uuid $$;

create table tenants (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  subdomain text not null unique check (subdomain ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
  is_active boolean not null default true,
  settings jsonb not null default '{}',
  data_key text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
alter table tenants enable row level security;
alter table tenants force row level security;
create policy own on tenants to hub_app, hub_worker using (id = (select current_tenant()));
create policy gate on tenants to hub_gate using (true) with check (true);
create policy worker_looks on tenants for select to hub_worker using (true);
grant select, update (name, settings, updated_at) on tenants to hub_app;
grant select, insert, update on tenants to hub_gate;
grant select on tenants to hub_worker;

create table counters (
  tenant_id uuid not null references tenants (id),
  name text not null,
  value bigint not null,
  primary key (tenant_id, name)
);
alter table counters enable row level security;
alter table counters force row level security;
create policy own on counters to hub_app, hub_worker using (tenant_id = (select current_tenant()));
grant select, insert, update on counters to hub_app, hub_worker;
