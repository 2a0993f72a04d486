-- Work lives in these tables and is claimed across tenants by hub_worker (law 6): its policies on them are the only ones
-- that name no tenant, beside the gate's.
create table inbox (
  id bigint generated always as identity primary key,
  tenant_id uuid not null references tenants (id),
  source text not null,
  dedup bytea not null,
  raw bytea not null,
  doctype text not null,
  name text not null,
  event text not null,
  modified text not null,
  state text not null check (state in ('new', 'done', 'ignored', 'dead')),
  error text,
  correlation_id text not null,
  received_at timestamptz not null default now(),
  consumed_at timestamptz,
  unique (tenant_id, source, dedup)
);
create index inbox_new on inbox (id) where state = 'new';
create index inbox_document on inbox (tenant_id, doctype, name);
create index inbox_correlation on inbox (tenant_id, correlation_id);
alter table inbox enable row level security;
alter table inbox force row level security;
create policy own on inbox to hub_app using (tenant_id = (select current_tenant()));
create policy gate_stores on inbox to hub_gate using (true) with check (true);
create policy worker_claims on inbox to hub_worker using (true) with check (true);
grant select, update (state, error, consumed_at) on inbox to hub_app, hub_worker;
grant select (id, tenant_id, source, dedup, received_at), insert on inbox to hub_gate;

create table dirty_documents (
  tenant_id uuid not null references tenants (id),
  doctype text not null,
  name text not null,
  correlation_id text not null,
  since timestamptz not null default now(),
  not_before timestamptz not null default now(),
  marks bigint not null default 1,
  attempts integer not null default 0,
  locked_until timestamptz,
  error text,
  primary key (tenant_id, doctype, name)
);
create index dirty_documents_due on dirty_documents (not_before);
alter table dirty_documents enable row level security;
alter table dirty_documents force row level security;
create policy own on dirty_documents to hub_app using (tenant_id = (select current_tenant()));
create policy worker_claims on dirty_documents to hub_worker using (true) with check (true);
grant select, insert, update on dirty_documents to hub_app;
grant select, insert, update, delete on dirty_documents to hub_worker;

create table dirty_lines (
  tenant_id uuid not null references tenants (id),
  subscription_id uuid not null,
  correlation_id text not null,
  cause text not null,
  since timestamptz not null default now(),
  not_before timestamptz not null default now(),
  primary key (tenant_id, subscription_id),
  foreign key (tenant_id, subscription_id) references subscriptions (tenant_id, id)
);
create index dirty_lines_due on dirty_lines (not_before);
alter table dirty_lines enable row level security;
alter table dirty_lines force row level security;
create policy own on dirty_lines to hub_app using (tenant_id = (select current_tenant()));
create policy worker_claims on dirty_lines to hub_worker using (true) with check (true);
grant select, insert, update on dirty_lines to hub_app;
grant select, insert, update, delete on dirty_lines to hub_worker;

-- When a line must be looked at again although nothing happens: a due date, the end of a settling time.
create table wakes (
  tenant_id uuid not null references tenants (id),
  subscription_id uuid not null,
  at timestamptz not null,
  primary key (tenant_id, subscription_id),
  foreign key (tenant_id, subscription_id) references subscriptions (tenant_id, id)
);
create index wakes_due on wakes (at);
alter table wakes enable row level security;
alter table wakes force row level security;
create policy own on wakes to hub_app using (tenant_id = (select current_tenant()));
create policy worker_claims on wakes to hub_worker using (true) with check (true);
grant select, insert, update, delete on wakes to hub_app, hub_worker;

create table outbox (
  id bigint generated always as identity primary key,
  tenant_id uuid not null references tenants (id),
  kind text not null,
  key text not null,
  subscription_id uuid,
  intent jsonb not null,
  generation bigint not null,
  urgency smallint not null,
  state text not null default 'ready' check (state in ('ready', 'running', 'done', 'superseded', 'dead')),
  attempts integer not null default 0,
  next_at timestamptz not null default now(),
  locked_until timestamptz,
  error text,
  correlation_id text not null,
  created_at timestamptz not null default now(),
  finished_at timestamptz,
  foreign key (tenant_id, subscription_id) references subscriptions (tenant_id, id)
);
create index outbox_ready on outbox (urgency, next_at, id) where state = 'ready';
create index outbox_running on outbox (locked_until) where state = 'running';
create index outbox_key on outbox (tenant_id, kind, key) where state = 'ready';
create index outbox_subscription on outbox (tenant_id, subscription_id);
alter table outbox enable row level security;
alter table outbox force row level security;
create policy own on outbox to hub_app using (tenant_id = (select current_tenant()));
create policy worker_claims on outbox to hub_worker using (true) with check (true);
grant select, insert, update (state, next_at, attempts, error, finished_at) on outbox to hub_app;
grant select, insert, update on outbox to hub_worker;

-- What happened to a line, from the ERP's event to the packet, in the order in which it happened (spec B6).
create table timeline (
  id bigint generated always as identity primary key,
  tenant_id uuid not null references tenants (id),
  subscription_id uuid not null,
  at timestamptz not null default clock_timestamp(),
  kind text not null,
  text text not null,
  correlation_id text not null,
  data jsonb not null default '{}',
  foreign key (tenant_id, subscription_id) references subscriptions (tenant_id, id)
);
create index timeline_line on timeline (tenant_id, subscription_id, id);
alter table timeline enable row level security;
alter table timeline force row level security;
create policy own on timeline to hub_app, hub_worker using (tenant_id = (select current_tenant()));
grant select, insert on timeline to hub_app, hub_worker;
