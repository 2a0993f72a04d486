-- Documents of the ledger as they were when last fetched: what decisions are made from.
create table ledger_documents (
  tenant_id uuid not null references tenants (id),
  doctype text not null,
  name text not null,
  customer text,
  modified text not null,
  fact jsonb,
  gone boolean not null default false,
  changed boolean not null,
  fetched_at timestamptz not null,
  primary key (tenant_id, doctype, name)
);
create index ledger_documents_customer on ledger_documents (tenant_id, customer);
alter table ledger_documents enable row level security;
alter table ledger_documents force row level security;
create policy own on ledger_documents to hub_app, hub_worker using (tenant_id = (select current_tenant()));
grant select on ledger_documents to hub_app;
grant select, insert, update on ledger_documents to hub_worker;

-- When all that decides about a customer's debt was last read in one go (started_at; customer '' is the sweep over all of
-- them), when one of its documents was last found changed outside such a reading (changed_at: the reading before it is no
-- evidence any more), and until when a payment or credit that was taken back cuts nobody (settles_at).
create table ledger_readings (
  tenant_id uuid not null references tenants (id),
  customer text not null,
  started_at timestamptz,
  changed_at timestamptz,
  settles_at timestamptz,
  primary key (tenant_id, customer)
);
alter table ledger_readings enable row level security;
alter table ledger_readings force row level security;
create policy own on ledger_readings to hub_app, hub_worker using (tenant_id = (select current_tenant()));
grant select on ledger_readings to hub_app;
grant select, insert, update on ledger_readings to hub_worker;

-- One generation for the whole installation, never reused (law 2).
create sequence access_generation as bigint;
grant usage, select on sequence access_generation to hub_app, hub_worker;
grant update on sequence access_generation to hub_worker;

create table access (
  tenant_id uuid not null references tenants (id),
  subscription_id uuid not null,
  state text not null check (state in ('pending', 'active', 'isolated', 'suspended', 'terminated')),
  desired jsonb not null,
  reason jsonb not null,
  evidence jsonb not null,
  hash text not null,
  generation bigint not null,
  decided_at timestamptz not null,
  applied_generation bigint,
  applied_at timestamptz,
  primary key (tenant_id, subscription_id),
  foreign key (tenant_id, subscription_id) references subscriptions (tenant_id, id)
);
create index access_state on access (tenant_id, state);
alter table access enable row level security;
alter table access force row level security;
create policy own on access to hub_app, hub_worker using (tenant_id = (select current_tenant()));
grant select, insert, update on access to hub_app, hub_worker;
