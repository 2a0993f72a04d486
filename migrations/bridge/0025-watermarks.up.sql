-- How far each ledger has been followed, a doctype at a time. The cursor is the connector's own text; what it was asked
-- from overlaps with the time before, so an older one here costs looks and loses nothing.
create table ledger_cursors (
  tenant_id uuid not null references tenants (id),
  doctype text not null,
  cursor text not null,
  asked_at timestamptz not null,
  primary key (tenant_id, doctype)
);
alter table ledger_cursors enable row level security;
alter table ledger_cursors force row level security;
create policy own on ledger_cursors to hub_app, hub_worker using (tenant_id = (select current_tenant()));
grant select on ledger_cursors to hub_app;
grant select, insert, update, delete on ledger_cursors to hub_worker;

-- A ledger that could not be read for minutes: its tenant was told, and is told again when it is back. One row while it
-- lasts.
create table ledger_outages (
  tenant_id uuid primary key references tenants (id),
  since timestamptz not null,
  told_at timestamptz not null,
  detail text not null
);
alter table ledger_outages enable row level security;
alter table ledger_outages force row level security;
create policy own on ledger_outages to hub_app, hub_worker using (tenant_id = (select current_tenant()));
create policy gate_counts on ledger_outages for select to hub_gate using (true);
grant select on ledger_outages to hub_app;
grant select, insert, update, delete on ledger_outages to hub_worker;
grant select (told_at) on ledger_outages to hub_gate;

-- A sweep goes through the lines in the order in which RADIUS holds them.
create index subscriptions_by_name on subscriptions (tenant_id, canonical_username collate "C");

-- What RADIUS held of a line when it was last compared row by row and found right: as long as it holds just that, under the
-- same generation, nothing needs to be compared again. The digest is made under a secret of the tenant, since it speaks of
-- a password.
create table verified_lines (
  tenant_id uuid not null references tenants (id),
  subscription_id uuid not null,
  generation bigint not null,
  digest text not null,
  -- It is believed for a day; then the line is compared row by row once more.
  verified_at timestamptz not null,
  primary key (tenant_id, subscription_id),
  foreign key (tenant_id, subscription_id) references subscriptions (tenant_id, id)
);
alter table verified_lines enable row level security;
alter table verified_lines force row level security;
create policy own on verified_lines to hub_app, hub_worker using (tenant_id = (select current_tenant()));
grant select on verified_lines to hub_app;
grant select, insert, update, delete on verified_lines to hub_worker;
