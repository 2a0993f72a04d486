alter table connections drop constraint connections_system_check;
alter table connections add constraint connections_system_check
  check (system in ('erpnext', 'freeradius', 'inventree', 'smtp'));

-- What the hub writes to people (spec M1). Who it goes to and what it says are personal data, and a link in it may open
-- an account: both are sealed. What is shown is the masked recipient.
create table messages (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references tenants (id),
  event text not null,
  channel text not null check (channel in ('email')),
  language text not null,
  customer_id uuid,
  user_id uuid,
  recipient text not null,
  recipient_masked text not null,
  recipient_hash bytea not null,
  content text not null,
  state text not null default 'queued' check (state in ('queued', 'sent', 'failed', 'suppressed', 'bounced')),
  attempts integer not null default 0,
  error text,
  provider_id text,
  correlation_id text not null,
  created_at timestamptz not null default now(),
  sent_at timestamptz,
  unique (tenant_id, id),
  foreign key (tenant_id, customer_id) references customers (tenant_id, id),
  foreign key (tenant_id, user_id) references users (tenant_id, id)
);
create index messages_listed on messages (tenant_id, created_at, id);
create index messages_customer on messages (tenant_id, customer_id);
create index messages_user on messages (tenant_id, user_id);
alter table messages enable row level security;
alter table messages force row level security;
create policy own on messages to hub_app, hub_worker using (tenant_id = (select current_tenant()));
grant select, insert, update (state, attempts, error, sent_at), delete on messages to hub_app;
grant select, insert, update (state, attempts, error, provider_id, sent_at) on messages to hub_worker;

-- A tenant's own words for an event; without a row the ones in mappings/messages hold.
create table message_templates (
  tenant_id uuid not null references tenants (id),
  event text not null,
  language text not null,
  subject text not null,
  body text not null,
  is_enabled boolean not null default true,
  updated_at timestamptz not null default now(),
  primary key (tenant_id, event, language)
);
alter table message_templates enable row level security;
alter table message_templates force row level security;
create policy own on message_templates to hub_app, hub_worker using (tenant_id = (select current_tenant()));
grant select, insert, update, delete on message_templates to hub_app;
grant select on message_templates to hub_worker;

-- Who wants no more messages, told by a keyed hash: the list says nothing to whoever reads it.
create table opt_outs (
  tenant_id uuid not null references tenants (id),
  channel text not null check (channel in ('email')),
  recipient_hash bytea not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, channel, recipient_hash)
);
alter table opt_outs enable row level security;
alter table opt_outs force row level security;
create policy own on opt_outs to hub_app, hub_worker using (tenant_id = (select current_tenant()));
grant select, insert, delete on opt_outs to hub_app;
grant select on opt_outs to hub_worker;
