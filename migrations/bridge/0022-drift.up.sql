-- Runs that compare what the world holds with what stands (spec B5); claimed across tenants by whichever worker is free.
create table reconciliations (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references tenants (id),
  scope text not null check (scope in ('all', 'radius', 'sessions', 'ledger')),
  state text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'failed')),
  -- A user's or a key's id, or who of the hub.
  asked_by text not null,
  correlation_id text not null,
  asked_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  locked_until timestamptz,
  -- How many lines were looked at, and how many differences of each kind were found.
  checked integer not null default 0,
  found jsonb not null default '{}',
  error text,
  unique (tenant_id, id)
);
create index reconciliations_due on reconciliations (asked_at) where state in ('waiting', 'running');
create index reconciliations_listed on reconciliations (tenant_id, asked_at, id);
alter table reconciliations enable row level security;
alter table reconciliations force row level security;
create policy own on reconciliations to hub_app using (tenant_id = (select current_tenant()));
create policy worker_claims on reconciliations to hub_worker using (true) with check (true);
grant select, insert on reconciliations to hub_app;
grant select, insert, update, delete on reconciliations to hub_worker;

-- A difference between what stands and what is; open until a later run finds it gone.
create table drift (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references tenants (id),
  run_id uuid not null,
  kind text not null,
  subject text not null,
  subscription_id uuid,
  was text not null,
  should_be text not null,
  why text not null,
  action text not null check (action in ('repaired', 'reported', 'adopted')),
  -- It was right then, as far as is known.
  since timestamptz not null,
  found_at timestamptz not null,
  times integer not null default 1,
  resolved_at timestamptz,
  unique (tenant_id, id),
  foreign key (tenant_id, run_id) references reconciliations (tenant_id, id),
  foreign key (tenant_id, subscription_id) references subscriptions (tenant_id, id)
);
create unique index drift_open on drift (tenant_id, kind, subject) where resolved_at is null;
create index drift_listed on drift (tenant_id, found_at, id);
create index drift_run on drift (tenant_id, run_id);
create index drift_line on drift (tenant_id, subscription_id);
alter table drift enable row level security;
alter table drift force row level security;
create policy own on drift to hub_app, hub_worker using (tenant_id = (select current_tenant()));
create policy gate_counts on drift for select to hub_gate using (resolved_at is null);
grant select on drift to hub_app;
grant select, insert, update, delete on drift to hub_worker;
grant select (kind, resolved_at) on drift to hub_gate;
