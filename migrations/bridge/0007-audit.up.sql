-- Who did what, for a year at least (spec V4). Nobody who works with the hub may change or delete a row: only the owning
-- role may, when a tenant is deleted whole.
create table audit_logs (
  id bigint generated always as identity,
  tenant_id uuid not null references tenants (id),
  at timestamptz not null default clock_timestamp(),
  actor_kind text not null check (actor_kind in ('user', 'key')),
  actor_id uuid not null,
  actor_role text not null,
  address text not null,
  action text not null,
  entity_type text not null,
  entity_id text not null,
  changes jsonb not null default '{}',
  correlation_id text not null,
  primary key (id)
);
create index audit_logs_listed on audit_logs (tenant_id, at, id);
alter table audit_logs enable row level security;
alter table audit_logs force row level security;
create policy own on audit_logs to hub_app, hub_worker using (tenant_id = (select current_tenant()));
create policy gate_writes on audit_logs for insert to hub_gate with check (true);
grant select, insert on audit_logs to hub_app;
grant insert on audit_logs to hub_gate;
grant select on audit_logs to hub_worker;
