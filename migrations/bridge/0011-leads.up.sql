-- Where a tenant can serve: GeoJSON polygons, or a point with a radius in metres (spec C8).
create table coverage_areas (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references tenants (id),
  name text not null,
  geometry jsonb not null,
  radius_m integer check (radius_m between 1 and 100000),
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  unique (tenant_id, id)
);
create unique index coverage_areas_name on coverage_areas (tenant_id, lower(name)) where deleted_at is null;
alter table coverage_areas enable row level security;
alter table coverage_areas force row level security;
create policy own on coverage_areas to hub_app using (tenant_id = (select current_tenant()));
grant select, insert, update on coverage_areas to hub_app;

-- Who asked for service. A lead converts once: the unique key holds two at once apart, beside the state.
create table leads (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references tenants (id),
  reseller_id uuid,
  name text not null,
  address text not null,
  phone text not null,
  email text,
  latitude double precision check (latitude between -90 and 90),
  longitude double precision check (longitude between -180 and 180),
  service_plan_id uuid,
  billing_mode text check (billing_mode in ('prepaid', 'postpaid')),
  notes text not null default '',
  state text not null default 'new' check (state in ('new', 'covered', 'not_covered', 'converted', 'lost')),
  coverage_area_id uuid,
  checked_at timestamptz,
  lost_reason text,
  customer_id uuid,
  converted_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (tenant_id, id),
  unique (tenant_id, customer_id),
  foreign key (tenant_id, reseller_id) references users (tenant_id, id),
  foreign key (tenant_id, service_plan_id) references service_plans (tenant_id, id),
  foreign key (tenant_id, coverage_area_id) references coverage_areas (tenant_id, id),
  foreign key (tenant_id, customer_id) references customers (tenant_id, id),
  check ((latitude is null) = (longitude is null)),
  check ((state = 'converted') = (customer_id is not null))
);
create index leads_listed on leads (tenant_id, created_at, id);
create index leads_by_state on leads (tenant_id, state, created_at, id);
create index leads_plan on leads (tenant_id, service_plan_id) where service_plan_id is not null;
alter table leads enable row level security;
alter table leads force row level security;
create policy own on leads to hub_app using (tenant_id = (select current_tenant()));
grant select, insert, update on leads to hub_app;
