-- A tenant that is being deleted (spec T4): when it was asked for, by whom, and what it waits for, in words.
alter table tenants
  add column deletion_asked_at timestamptz,
  add column deletion_asked_by uuid,
  add column deletion_waits_for text,
  add constraint tenants_deletion check (
    (deletion_asked_at is null) = (deletion_asked_by is null) and (deletion_asked_at is null or not is_active));
grant update (deletion_waits_for) on tenants to hub_worker;

-- What is left of a deleted tenant. Its subdomain is not given out again: webhooks of its old ERPNext still come to it.
create table tenant_tombstones (
  id uuid primary key,
  subdomain text not null unique,
  asked_at timestamptz not null,
  deleted_at timestamptz not null default now(),
  deleted_by uuid not null,
  -- Last link of its audit chain; null: it had none.
  last_audit_seq bigint,
  last_audit_hash bytea check (octet_length(last_audit_hash) = 32)
);
alter table tenant_tombstones enable row level security;
alter table tenant_tombstones force row level security;
create policy gate_reads on tenant_tombstones for select to hub_gate using (true);
create policy buries on tenant_tombstones to hub_owner using (true) with check (true);
grant select on tenant_tombstones to hub_gate;

-- What a platform owner bills its tenants for (spec T6), by month of the tenant's own calendar.
create table usage_months (
  tenant_id uuid not null references tenants (id),
  month text not null check (month ~ '^\d{4}-\d{2}$'),
  subscribers_peak integer not null,
  subscribers_end integer not null,
  active_end integer not null,
  events bigint not null,
  messages bigint not null,
  counted_at timestamptz not null,
  primary key (tenant_id, month)
);
alter table usage_months enable row level security;
alter table usage_months force row level security;
create policy own on usage_months to hub_app, hub_worker using (tenant_id = (select current_tenant()));
create policy gate_reads on usage_months for select to hub_gate using (true);
grant select on usage_months to hub_app, hub_gate;
grant select, insert, update on usage_months to hub_worker;

-- What is to be done by the clock (spec O8); tenant_id is null for the platform's own jobs.
create table schedules (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  tenant_id uuid references tenants (id),
  cron text not null,
  zone text not null,
  next_due_at timestamptz not null,
  -- Set while a failed run waits to be tried again.
  retry_at timestamptz,
  attempts integer not null default 0,
  locked_until timestamptz,
  last_due_at timestamptz,
  last_run_at timestamptz,
  last_error text
);
create unique index schedules_job on schedules (tenant_id, name) nulls not distinct;
create index schedules_due on schedules (coalesce(retry_at, next_due_at));
alter table schedules enable row level security;
alter table schedules force row level security;
create policy own on schedules to hub_app using (tenant_id = (select current_tenant()));
create policy worker_claims on schedules to hub_worker using (true) with check (true);
create policy gate_reads on schedules for select to hub_gate using (true);
grant select on schedules to hub_app, hub_gate;
grant select, insert, update, delete on schedules to hub_worker;

-- Cleaning: deliveries that were worked on long ago.
create index inbox_received on inbox (received_at);
grant delete on inbox to hub_worker;
