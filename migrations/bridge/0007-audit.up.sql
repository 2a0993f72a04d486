-- Who did what, for a year at least (spec V4). Nobody who works with the hub may change or remove a row: only the owning
-- role may, when a tenant is deleted whole. tenant_id is null for what a platform owner does to the platform itself.
-- Partitions of a month each are made ahead by the scheduler; what falls into none lands in audit_logs_rest, so nothing
-- is ever lost. A partition has row-level security, no policy and no grant: rows are reached through audit_logs alone.
create table audit_logs (
  id bigint generated always as identity,
  tenant_id uuid references tenants (id),
  at timestamptz not null default clock_timestamp(),
  actor_kind text not null check (actor_kind in ('user', 'key')),
  actor_id uuid not null,
  actor_role text not null,
  address text not null,
  action text not null,
  entity_type text not null,
  entity_id text not null,
  changes jsonb not null default '{}',
  correlation_id text not null
) partition by range (at);
create unique index audit_logs_entry on audit_logs (tenant_id, at, id) nulls not distinct;
create index audit_logs_entity on audit_logs (tenant_id, entity_type, entity_id, at);
create index audit_logs_actor on audit_logs (tenant_id, actor_id, at);
alter table audit_logs enable row level security;
alter table audit_logs force row level security;
create policy own on audit_logs to hub_app, hub_worker using (tenant_id = (select current_tenant()));
create policy gate_writes on audit_logs for insert to hub_gate with check (true);
create policy gate_reads on audit_logs for select to hub_gate using (tenant_id is null or actor_role = 'platform_owner');
create policy platform_reads on audit_logs for select to hub_worker using (tenant_id is null);
grant select, insert on audit_logs to hub_app, hub_gate;
grant select on audit_logs to hub_worker;

create table audit_logs_rest partition of audit_logs default;
alter table audit_logs_rest enable row level security;
alter table audit_logs_rest force row level security;

-- What is not linked into its tenant's chain yet: the linker's work.
create table audit_pending (
  tenant_id uuid references tenants (id),
  entry_id bigint not null,
  entry_at timestamptz not null
);
create unique index audit_pending_entry on audit_pending (tenant_id, entry_id) nulls not distinct;
alter table audit_pending enable row level security;
alter table audit_pending force row level security;
create policy own on audit_pending to hub_app using (tenant_id = (select current_tenant()));
create policy gate_writes on audit_pending for insert to hub_gate with check (true);
create policy worker_claims on audit_pending to hub_worker using (true) with check (true);
grant select, insert on audit_pending to hub_app;
grant insert on audit_pending to hub_gate;
grant select, delete on audit_pending to hub_worker;

-- The hash chain of a tenant (and, without a tenant, of the platform): an entry's hash is made of the one before it.
create table audit_chain (
  tenant_id uuid references tenants (id),
  seq bigint not null check (seq > 0),
  entry_id bigint not null,
  entry_at timestamptz not null,
  prev_hash bytea not null check (octet_length(prev_hash) = 32),
  hash bytea not null check (octet_length(hash) = 32),
  linked_at timestamptz not null default clock_timestamp()
);
create unique index audit_chain_link on audit_chain (tenant_id, seq) nulls not distinct;
create unique index audit_chain_entry on audit_chain (tenant_id, entry_id) nulls not distinct;
alter table audit_chain enable row level security;
alter table audit_chain force row level security;
create policy own on audit_chain to hub_app, hub_worker using (tenant_id = (select current_tenant()));
create policy platform_links on audit_chain to hub_worker using (tenant_id is null) with check (tenant_id is null);
create policy gate_reads on audit_chain for select to hub_gate using (true);
grant select on audit_chain to hub_app, hub_gate;
grant select, insert on audit_chain to hub_worker;

create function note_unlinked() returns trigger language plpgsql as $$
begin
  insert into audit_pending (tenant_id, entry_id, entry_at) values (new.tenant_id, new.id, new.at);
  return null;
end $$;
create trigger note_unlinked after insert on audit_logs for each row execute function note_unlinked();

create function refuse_audit_change() returns trigger language plpgsql as $$
begin
  if current_user <> 'hub_owner' then
    raise exception 'the audit log is only ever added to' using errcode = 'insufficient_privilege';
  end if;
  if tg_op = 'UPDATE' then
    return new;
  end if;
  return old;
end $$;
create trigger refuse_change before update or delete on audit_logs for each row execute function refuse_audit_change();
create trigger refuse_truncate before truncate on audit_logs for each statement execute function refuse_audit_change();
create trigger refuse_truncate before truncate on audit_logs_rest for each statement execute function refuse_audit_change();
create trigger refuse_change before update or delete on audit_chain for each row execute function refuse_audit_change();
create trigger refuse_truncate before truncate on audit_chain for each statement execute function refuse_audit_change();
