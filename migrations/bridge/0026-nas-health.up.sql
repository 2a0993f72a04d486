-- What is known of a router's hearing (spec R8, X3). `silences`: rounds of tries in a row that nobody answered.
-- `heard_from`: where right answers came from that is not where the orders went.
alter table nas
  add column silences integer not null default 0,
  add column deaf_since timestamptz,
  add column next_try_at timestamptz,
  add column heard_from text,
  add column orders_per_second integer not null default 20 check (orders_per_second between 1 and 1000);
grant update (silences, deaf_since, next_try_at, heard_from) on nas to hub_worker;

-- The router that an intent waits for.
alter table outbox add column nas_id uuid;
create index outbox_nas on outbox (tenant_id, nas_id) where state = 'ready' and nas_id is not null;
-- The rows that a group has held, by the time at which it got them.
create index outbox_groups on outbox (tenant_id, key, generation) where kind = 'group.apply' and state = 'done';

-- Sessions that were told other rows by CoA than those they were let in under: accounting goes on telling the old Class.
create table changed_sessions (
  tenant_id uuid not null references tenants (id),
  -- Acct-Unique-Session-Id in the tenant's RADIUS database.
  unique_id text not null,
  subscription_id uuid not null,
  group_name text not null,
  rate_limit text not null,
  -- Of the group's rows that it was told.
  rows_generation bigint not null,
  -- Of the decision; an older one never overwrites it.
  generation bigint not null,
  asked_at timestamptz not null default clock_timestamp(),
  answered_at timestamptz,
  refused_at timestamptz,
  -- Until then its accounting is watched for whether it has become slower.
  watch_until timestamptz,
  seen_at timestamptz,
  seen_input bigint,
  seen_output bigint,
  primary key (tenant_id, unique_id),
  foreign key (tenant_id, subscription_id) references subscriptions (tenant_id, id)
);
create index changed_sessions_line on changed_sessions (tenant_id, subscription_id);
alter table changed_sessions enable row level security;
alter table changed_sessions force row level security;
create policy own on changed_sessions to hub_app, hub_worker using (tenant_id = (select current_tenant()));
grant select on changed_sessions to hub_app;
grant select, insert, update, delete on changed_sessions to hub_worker;
