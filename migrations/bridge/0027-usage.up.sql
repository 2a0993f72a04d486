-- Until when a line that renews by validity is served (spec R4, R6); null: it renews by invoice.
alter table subscriptions add column valid_until timestamptz;

-- The traffic of each line by the days of its tenant's calendar. Octets as routers count them: input is what the line sent.
create table usage_days (
  tenant_id uuid not null references tenants (id),
  subscription_id uuid not null,
  day text not null check (day ~ '^\d{4}-\d{2}-\d{2}$'),
  input_octets bigint not null check (input_octets >= 0),
  output_octets bigint not null check (output_octets >= 0),
  primary key (tenant_id, subscription_id, day),
  foreign key (tenant_id, subscription_id) references subscriptions (tenant_id, id)
);
alter table usage_days enable row level security;
alter table usage_days force row level security;
create policy own on usage_days to hub_app, hub_worker using (tenant_id = (select current_tenant()));
grant select on usage_days to hub_app;
grant select, insert, update, delete on usage_days to hub_worker;

-- How far each accounting row has been counted into usage_days: what it tells beyond that is new. row_id is its number in
-- the RADIUS database.
create table usage_sessions (
  tenant_id uuid not null references tenants (id),
  subscription_id uuid not null,
  row_id bigint not null,
  told_at timestamptz not null,
  input_octets bigint not null,
  output_octets bigint not null,
  -- When the row was last in an answer: one that is in none any more is forgotten.
  read_at timestamptz not null,
  primary key (tenant_id, subscription_id, row_id),
  foreign key (tenant_id, subscription_id) references subscriptions (tenant_id, id)
);
create index usage_sessions_read on usage_sessions (tenant_id, read_at);
alter table usage_sessions enable row level security;
alter table usage_sessions force row level security;
create policy own on usage_sessions to hub_app, hub_worker using (tenant_id = (select current_tenant()));
grant select on usage_sessions to hub_app;
grant select, insert, update, delete on usage_sessions to hub_worker;

-- When a tenant's accounting was last read, and last read whole; its row is the lock of whoever counts.
create table usage_reads (
  tenant_id uuid primary key references tenants (id),
  read_at timestamptz,
  whole_at timestamptz
);
alter table usage_reads enable row level security;
alter table usage_reads force row level security;
create policy own on usage_reads to hub_app, hub_worker using (tenant_id = (select current_tenant()));
grant select on usage_reads to hub_app;
grant select, insert, update on usage_reads to hub_worker;

-- Since when a router has been heard without a gap, by the RADIUS database's clock: silence proves nothing while nobody
-- is heard (spec R8).
create table router_hearings (
  tenant_id uuid not null references tenants (id),
  address text not null,
  heard_at timestamptz not null,
  unbroken_since timestamptz not null,
  interval_seconds integer,
  primary key (tenant_id, address)
);
alter table router_hearings enable row level security;
alter table router_hearings force row level security;
create policy own on router_hearings to hub_app, hub_worker using (tenant_id = (select current_tenant()));
grant select on router_hearings to hub_app;
grant select, insert, update, delete on router_hearings to hub_worker;

-- Which version of which customer RADIUS's own console shows for a line (spec R1).
create table described_lines (
  tenant_id uuid not null references tenants (id),
  subscription_id uuid not null,
  customer_id uuid not null,
  customer_at timestamptz not null,
  radius_db text not null,
  primary key (tenant_id, subscription_id),
  foreign key (tenant_id, subscription_id) references subscriptions (tenant_id, id)
);
alter table described_lines enable row level security;
alter table described_lines force row level security;
create policy own on described_lines to hub_app, hub_worker using (tenant_id = (select current_tenant()));
grant select on described_lines to hub_app;
grant select, insert, update on described_lines to hub_worker;
