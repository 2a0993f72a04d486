-- "Will pay by the end of that day" (spec X8). subscription_id null: it holds for all lines of the customer. How it ended
-- is kept: who often breaks promises should be seen.
create table promises (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references tenants (id),
  customer_id uuid not null,
  subscription_id uuid,
  until text not null check (until ~ '^\d{4}-\d{2}-\d{2}$'),
  note text,
  state text not null default 'running' check (state in ('running', 'kept', 'broken', 'withdrawn')),
  recorded_by uuid not null,
  recorded_at timestamptz not null,
  ended_at timestamptz,
  unique (tenant_id, id),
  foreign key (tenant_id, customer_id) references customers (tenant_id, id),
  foreign key (tenant_id, subscription_id) references subscriptions (tenant_id, id)
);
create index promises_running on promises (tenant_id, customer_id) where state = 'running';
create index promises_listed on promises (tenant_id, recorded_at, id);
alter table promises enable row level security;
alter table promises force row level security;
create policy own on promises to hub_app, hub_worker using (tenant_id = (select current_tenant()));
grant select, insert, update (state, ended_at, note) on promises to hub_app;
grant select, update (state, ended_at) on promises to hub_worker;

-- What was done to tell the debtor of a bill before a cut (spec X7). The message itself may be forgotten before this is:
-- it names no person, and so refers to none.
create table cut_notices (
  tenant_id uuid not null references tenants (id),
  subscription_id uuid not null,
  invoice text not null,
  amount bigint not null,
  due_date text not null check (due_date ~ '^\d{4}-\d{2}-\d{2}$'),
  state text not null default 'wanted' check (state in ('wanted', 'queued', 'delivered', 'undeliverable', 'overridden')),
  at timestamptz not null,
  message_id uuid,
  detail text,
  by_user uuid,
  primary key (tenant_id, subscription_id, invoice),
  foreign key (tenant_id, subscription_id) references subscriptions (tenant_id, id)
);
create index cut_notices_open on cut_notices (tenant_id, state) where state in ('wanted', 'queued', 'undeliverable');
create index cut_notices_listed on cut_notices (tenant_id, at);
alter table cut_notices enable row level security;
alter table cut_notices force row level security;
create policy own on cut_notices to hub_app, hub_worker using (tenant_id = (select current_tenant()));
create policy worker_claims on cut_notices for select to hub_worker using (true);
grant select, insert, update (state, at, detail, by_user) on cut_notices to hub_app;
grant select, insert, update (state, at, message_id, detail), delete on cut_notices to hub_worker;

-- A line may have to be looked at before it is cut: the forecast counts cuts, not looks. Null: the look is for the cut.
alter table wakes add column cut_at timestamptz;

-- How many rows a source of truth lists: `rows` by the last complete list, `expected` by one a day ago, or as a person has
-- accepted it.
create table source_sizes (
  tenant_id uuid not null references tenants (id),
  source text not null check (source in ('subscriptions')),
  rows integer not null,
  read_at timestamptz not null,
  expected integer not null,
  expected_at timestamptz not null,
  primary key (tenant_id, source)
);
alter table source_sizes enable row level security;
alter table source_sizes force row level security;
create policy own on source_sizes to hub_app, hub_worker using (tenant_id = (select current_tenant()));
grant select, update (expected, expected_at) on source_sizes to hub_app;
grant select, insert, update (rows, read_at, expected, expected_at) on source_sizes to hub_worker;

-- How many tenants have stopped their cuts is told by /readyz, as a number.
create policy worker_looks on kill_switches for select to hub_worker using (true);
