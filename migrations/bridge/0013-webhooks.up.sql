-- Where a tenant's other systems want to be told (spec X12, Standard Webhooks).
create table webhook_endpoints (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references tenants (id),
  url text not null,
  description text not null default '',
  event_types jsonb not null,
  secret text not null,
  previous_secret text,
  rotated_at timestamptz,
  is_active boolean not null default true,
  disabled_at timestamptz,
  disabled_reason text,
  failing_since timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (tenant_id, id)
);
create index webhook_endpoints_listed on webhook_endpoints (tenant_id, created_at, id);
alter table webhook_endpoints enable row level security;
alter table webhook_endpoints force row level security;
create policy own on webhook_endpoints to hub_app, hub_worker using (tenant_id = (select current_tenant()));
grant select, insert, update, delete on webhook_endpoints to hub_app;
grant select, update (is_active, disabled_at, disabled_reason, failing_since) on webhook_endpoints to hub_worker;

-- What happened, in the very bytes that are signed: each try of each delivery sends the same body.
create table announcements (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references tenants (id),
  type text not null,
  body text not null,
  correlation_id text not null,
  created_at timestamptz not null default now(),
  unique (tenant_id, id)
);
create index announcements_listed on announcements (tenant_id, created_at, id);
alter table announcements enable row level security;
alter table announcements force row level security;
create policy own on announcements to hub_app, hub_worker using (tenant_id = (select current_tenant()));
grant select, insert on announcements to hub_app, hub_worker;

create table webhook_deliveries (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references tenants (id),
  endpoint_id uuid not null,
  announcement_id uuid not null,
  state text not null default 'pending' check (state in ('pending', 'delivered', 'failed', 'cancelled')),
  attempts integer not null default 0,
  status_code integer,
  error text,
  latency_ms integer,
  created_at timestamptz not null default now(),
  last_attempt_at timestamptz,
  delivered_at timestamptz,
  unique (tenant_id, endpoint_id, announcement_id),
  foreign key (tenant_id, endpoint_id) references webhook_endpoints (tenant_id, id) on delete cascade,
  foreign key (tenant_id, announcement_id) references announcements (tenant_id, id)
);
create index webhook_deliveries_listed on webhook_deliveries (tenant_id, created_at, id);
create index webhook_deliveries_announcement on webhook_deliveries (tenant_id, announcement_id);
alter table webhook_deliveries enable row level security;
alter table webhook_deliveries force row level security;
create policy own on webhook_deliveries to hub_app, hub_worker using (tenant_id = (select current_tenant()));
grant select, insert, update (state, attempts, status_code, error) on webhook_deliveries to hub_app;
grant select, insert, update (state, attempts, status_code, error, latency_ms, last_attempt_at, delivered_at)
  on webhook_deliveries to hub_worker;

-- A tenant's admins are written to when an endpoint is turned off.
grant select (id, tenant_id, email, name, role, is_active) on users to hub_worker;
