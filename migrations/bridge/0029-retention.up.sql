-- Where a tenant's chain (without a tenant: the platform's) begins since old months of the audit log were dropped: the
-- last link that went, with its hash, and the time before which entries are gone by rule. Only the owner writes it.
create table audit_bases (
  tenant_id uuid references tenants (id),
  seq bigint not null check (seq >= 0),
  hash bytea not null check (octet_length(hash) = 32),
  entries_before timestamptz not null,
  dropped_at timestamptz not null default now()
);
create unique index audit_bases_chain on audit_bases (tenant_id) nulls not distinct;
alter table audit_bases enable row level security;
alter table audit_bases force row level security;
create policy own on audit_bases to hub_app, hub_worker using (tenant_id = (select current_tenant()));
create policy platform_looks on audit_bases for select to hub_worker using (tenant_id is null);
create policy platform_drops on audit_bases to hub_owner using (tenant_id is null) with check (tenant_id is null);
grant select on audit_bases to hub_app, hub_worker;

-- The owner reaches a tenant's rows through its policy `erase`; the platform's own need one too.
create policy platform_drops on audit_chain to hub_owner using (tenant_id is null);
create policy platform_drops on audit_logs to hub_owner using (tenant_id is null);

-- Cleaning: what was told to others long ago.
grant delete on messages, announcements, webhook_deliveries, outbox to hub_worker;

-- Erasing a person: from deliveries as they came, from what the ledger calls the person, from intents and announcements.
grant update (raw, name) on inbox to hub_app;
grant update (name, customer) on ledger_documents to hub_app;
grant delete on ledger_readings, dirty_documents, drift to hub_app;
grant update (intent) on outbox to hub_app;
grant update (body) on announcements to hub_app;

-- When a session began (one from before this migration: now), and where its newest token was asked for: what its user
-- knows it by.
alter table refresh_tokens
  add column began_at timestamptz not null default now(),
  add column address text,
  add column device text;
